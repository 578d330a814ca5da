"""Real-name enrolments (实名信息采集): who is on file, since when, on what evidence, and signed with what hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import Person, PersonKey


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One enrolment. ``sealed``: the signed text and the signature in the vault's seal, under the effect's key.

    ``evidence`` is that of the sign-in, with the face matcher and its score in thousandths where a face was compared.
    """

    __pydantic_config__ = IN_JSON

    enrolment: str
    key: str
    person: PersonKey
    name: str
    mobile: str
    evidence: str
    matcher: str
    score: int | None
    terminal: str
    lang: str
    text_sha256: str
    enrolled_at: datetime
    sealed: bytes = field(repr=False)


class Enrolments(Protocol):
    """Enrolments of people, the last of which says who somebody is."""

    def number_for(self, key: str) -> str:
        """The number of the enrolment that the effect with this key makes."""
        ...

    def holder(self, mobile: str) -> Person | None:
        """Who is on file with this phone; of several the one enrolled last."""
        ...

    def enter(self, new: Enrolment) -> None:
        """Put the person on file, or their name and phone in place of the earlier; the enrolment stays as history."""
        ...

    def of(self, person: PersonKey) -> Sequence[Enrolment]:
        """The person's enrolments, the first of them first."""
        ...
