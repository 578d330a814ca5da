"""Who acts at the terminal, and for whom."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kiosk.domain.people import DocumentKind, Role
from sync.models.base import Wire
from sync.models.profile import Notice


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
    nationality: str | None = Field(default=None, pattern=r"^[A-Z]{1,3}$")
    """Of who showed a passport: the code in its machine readable zone (ICAO Doc 9303-3, section 5)."""
    evidence: Literal["document", "document+face", "document+staff"]
    face: FaceEvidence | None = None


Mobile = Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$")]
"""A mobile number of mainland China."""
ChallengeId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class PhoneClaim(Wire):
    """A phone that proved itself to the centre by the code of this challenge (手机验证码)."""

    mobile: Mobile
    challenge: ChallengeId


class PhoneWish(Wire):
    """Params of ``phone.code``: send a code there."""

    mobile: Mobile


class PhoneCode(Wire):
    """``phone.code``: a code of so many digits is on its way."""

    challenge: ChallengeId
    mobile_masked: str
    digits: int


class PhoneAnswer(Wire):
    """Params of ``phone.check``: what the person read on their phone."""

    challenge: ChallengeId
    code: Annotated[str, Field(pattern=r"^[0-9]{4,8}$")]


class PhoneProven(Wire):
    """``phone.check``: it was the right code. ``notices``: what its holder follows and has not seen yet."""

    mobile_masked: str
    notices: list[Notice] = []


class Subject(Wire):
    """Who acts, and for whom. ``taxpayer`` without a checked role is a claim (offline acceptance).

    ``mandate``: the person acts for another one, who gave them this mandate (授权委托).
    """

    person: PersonClaim | None = None
    phone: PhoneClaim | None = None
    taxpayer: str | None = Field(default=None, max_length=20)
    role: Role | None = None
    mandate: str | None = Field(default=None, max_length=24)
