"""Who acts at the terminal, and for whom."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kiosk.domain.people import DocumentKind, Role
from sync.models.base import Wire


class FaceEvidence(Wire):
    """How the live face compared with the document's picture; never the picture itself."""

    matcher: str
    score: float = Field(ge=0, le=1)
    live: bool


class PersonClaim(Wire):
    """The person at the terminal, as the document reader saw them."""

    kind: DocumentKind
    number: str = Field(max_length=20)
    name: str = Field(max_length=128)
    evidence: Literal["document", "document+face", "document+staff"]
    face: FaceEvidence | None = None


class Subject(Wire):
    """Who acts, and for whom. ``taxpayer`` without a checked role is a claim (offline acceptance)."""

    person: PersonClaim | None = None
    taxpayer: str | None = Field(default=None, max_length=20)
    role: Role | None = None
