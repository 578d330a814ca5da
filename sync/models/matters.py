"""Matters with a case: what is asked for, what was opened, how all cases stand, and what is registered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    model_validator,
)

from sync.models.base import Sha256Hex, Texts, Wire
from sync.models.enrolment import CompactInk, Language, SignedByHand, SignedText
from sync.models.materials import Pages

Given = StrictBool | StrictInt | Annotated[StrictStr, StringConstraints(max_length=200)] | None
"""What one row of a form leaves: a truth, fen or a count, a text, or nothing."""


class MatterSubmit(Wire):
    """``matter.submit``: the rows of the form by name, which the service's file names; and its scanned pages.

    What is signed by hand comes with the five parts of ``SignedByHand``, all of them or none.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    __pydantic_extra__: dict[str, Given] = Field(init=False)

    pages: Pages = Field(default_factory=list)
    text: SignedText | None = Field(default=None, repr=False)
    sha256: Sha256Hex | None = None
    signature: CompactInk | None = Field(default=None, repr=False)
    lang: Language | None = None
    signed_on: date | None = None

    @model_validator(mode="after")
    def _signed_whole(self) -> Self:
        parts = {getattr(self, name) is None for name in SignedByHand.model_fields}
        if len(parts) > 1:
            raise ValueError("a signature comes with its text, digest, language and day, or not at all")
        return self

    @property
    def signed(self) -> SignedByHand | None:
        """What was signed by hand."""
        if self.text is None:
            return None
        return SignedByHand.model_validate({name: getattr(self, name) for name in SignedByHand.model_fields})

    @property
    def given(self) -> dict[str, Given]:
        """The rows that were sent."""
        return self.__pydantic_extra__


class MatterOpened(Wire):
    """The answer: the case's number, whether it is done already, else until when it will be decided."""

    case: str
    state: Literal["open", "approved"]
    state_text: Texts
    basis: Texts
    due_on: date | None = None
    effective_on: date | None = None
    taxpayer: str | None = None
    """The number of a registration that it made for a time, and its last day."""
    valid_until: date | None = None


class CaseRow(Wire):
    """One case as its owner sees it."""

    case: str
    title: Texts
    owner: str
    state: Literal["open", "approved", "refused"]
    accepted_on: date
    due_on: date | None
    next_step: Texts


class Progress(Wire):
    """``progress.list``: the cases of the person and of the enterprises they act for."""

    rows: list[CaseRow]
    as_of: AwareDatetime


class OfficerRow(Wire):
    """Who acts for the enterprise, and since when; ``why_not`` says why the post cannot be released here."""

    id: str
    role: Texts
    name: str
    since: date
    releasable: bool = True
    why_not: Texts | None = None


class IssuingPhoneRow(Wire):
    """A phone that issues invoices for the enterprise, its number with most of it hidden, and in whose hand it is."""

    id: str
    mobile_masked: str
    name: str
    since: date


class IssuingPhones(Wire):
    """``invoice.phones``: those of the enterprise that are bound today; ``most`` that may be."""

    rows: list[IssuingPhoneRow]
    most: int
    as_of: AwareDatetime


class RegistrationDetails(Wire):
    """``registration.details``: what is registered of the enterprise today; what nobody registered is None."""

    taxpayer: str
    name: str
    state: Texts
    taxation: Texts
    industry: str
    registered_on: date
    valid_until: date | None = None
    """The last day of a temporary registration."""
    address: str | None
    phone: str | None
    bank: str | None
    bank_name: Texts | None
    account: str | None
    accounting: str | None
    accounting_name: Texts | None
    confirmed_on: date | None
    officers: list[OfficerRow]
    as_of: AwareDatetime
    facts: dict[str, StrictBool | StrictInt | StrictStr] = Field(default_factory=dict)
    preferences: Texts = Field(default_factory=dict)  # 优惠备案 in force, or that there is none
    """Everything that matters have entered and that is in force, by fact."""


class TemporaryPrefill(Wire):
    """``registration.temporary``: what is known of who registers for a time, mostly of an earlier such registration.

    ``earliest`` and ``latest``: between which days the business may have begun, and the registration ends.
    """

    phone: str
    earliest: date
    latest: date
    name: str | None = None
    address: str | None = None
    bank: str | None = None
    account: str | None = None


class CandidateParams(Wire):
    """Params of ``identity.candidate``: the number of the card of who is to get a role."""

    number: Annotated[str, StringConstraints(min_length=18, max_length=18)]


class Candidate(Wire):
    """``identity.candidate``: who that is, by name."""

    name: str


class Attorney(Wire):
    """``mandate.attorney``: who that is, by the part of the name that is shown."""

    attorney: str


class WardParams(CandidateParams):
    """Params of ``guardian.ward``: number and name of the card of who is to be a ward, and the kind of guardianship."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    kind: Literal["parent", "minor", "adult"]


class Ward(Wire):
    """``guardian.ward``: for how long a guardian acts whose papers are approved now."""

    lasts: Texts


class MandateRow(Wire):
    """A mandate of the person: ``side`` says whether they gave it or act by it; name and number are the other one's.

    ``endable``: whether the person may end it here; ``why_not`` where they may not: a ward is not rid of a guardian so.
    """

    id: str
    side: Texts
    name: str
    number: str
    scope: Texts
    since: date
    until: date
    endable: bool = True
    why_not: Texts | None = None


class MandatesHeld(Wire):
    """``mandates.list``: those that hold today."""

    rows: list[MandateRow]
    as_of: AwareDatetime


class EnterpriseParams(Wire):
    """Params of ``registration.verify``."""

    taxpayer: Annotated[str, StringConstraints(min_length=15, max_length=20)]


class Verified(Wire):
    """``registration.verify``: what anybody may know of an enterprise's registration."""

    taxpayer: str
    name: str
    state: Texts
    taxation: Texts
    registered_on: date
    valid_until: date | None = None
    as_of: AwareDatetime
