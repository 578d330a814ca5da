"""Real-name enrolment (实名信息采集): what a person signed by hand, and what is on file of them then."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Sha256Hex, Texts, Wire

MOST_TEXT = 4_000
MOST_SIGNATURE = 90_000
"""Characters of base64: a signature of ``kiosk.domain.signing.MOST_INK`` bytes."""


SignedText = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT)]
CompactInk = Annotated[str, StringConstraints(max_length=MOST_SIGNATURE)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[A-Z]{2}$")]


class SignedByHand(Wire):
    """A text, its SHA-256, and the signature in its compact form (``docs/signature-pad.md``) in base64.

    ``lang`` is the text's language, ``signed_on`` the day that stands at its end.
    """

    text: SignedText = Field(repr=False)
    sha256: Sha256Hex
    signature: CompactInk = Field(repr=False)
    lang: Language
    signed_on: date


class IdentityEnrol(SignedByHand):
    """``identity.enrol``: who it is stands in the subject, document, face and phone."""


class IdentityEnrolled(Wire):
    """The answer: the number of the enrolment, and what it was made of. ``first``: they were not on file before."""

    enrolment: str
    first: bool
    accepted_at: AwareDatetime
    evidence_text: Texts
    signed_text: Texts
    state_text: Texts
    basis: Texts


class EnrolmentState(Wire):
    """``identity.enrolment``: whether the person is on file, and under which phone; None: they are not."""

    known: bool
    mobile_masked: str | None
    state_text: Texts
