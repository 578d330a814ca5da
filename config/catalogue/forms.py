"""Forms: rows of every kind of input, prefilled from what is known, with their limits."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from config.catalogue.basics import Ask, BaseStep, Format, Model, Path, Texts
from config.catalogue.rows import RowsModel

ROW_ID = r"^[a-z][a-z0-9_-]*$"


class Input(enum.StrEnum):
    """What a person gives in a row; each has its keys, its check and what it leaves (``kiosk/steps/form``)."""

    MONEY = "money"  # yuan with two places -> fen
    COUNT = "count"  # -> a whole number
    DIGITS = "digits"
    ACCOUNT = "account"  # number of a bank account
    PHONE = "phone"  # mainland mobile number
    ID = "id"  # resident ID number
    USCC = "uscc"  # unified social credit code
    NOTICE_CODE = "notice-code"  # 20-digit payment code of a notice of non-tax revenue
    PLATE = "plate"  # number plate of a vehicle
    VIN = "vin"  # vehicle identification number
    EMAIL = "email"  # address of a mailbox
    LETTERS = "letters"  # capital letters and digits, such as the number of a contract
    DATE = "date"  # -> 2026-10-12
    MONTH = "month"  # -> 2026-10
    YES_NO = "yes-no"  # -> true or false
    OPTION = "option"  # -> the id of one of ``options`` or ``options_of``
    TEXT = "text"


class OptionModel(Model):
    """One of the options that the file itself names; ``unless``: of whom it is not, by the enterprise acted for."""

    id: Annotated[str, Field(pattern=ROW_ID)]
    title: Texts
    note: Texts = Field(default_factory=dict)
    icon: str = ""
    unless: Literal["", "company"] = ""


Day = Annotated[str, BeforeValidator(str)]
"""``today``, a day such as 2020-01-31, or the place of a day in the visit's data; YAML reads days itself."""


Ending = Annotated[str, Field(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$", max_length=40)]
"""What stands behind the ``@`` in the mailboxes of a provider that many people have."""


class FormRowModel(Model):
    """A row; ``editable`` always, never, or only when there is nothing to prefill from (offline).

    ``value`` is where it is prefilled from, ``source`` says that to the person; what a code said (``scanned``) comes
    before it. ``question``: the title of the page on which one of its options is touched. Limits: ``min`` and ``max``
    (whole yuan, or a number), or ``min_of`` and ``max_of`` where they stand in the visit's data (fen, or a number);
    lengths in characters; ``earliest`` and ``latest`` days. ``forms``: of which forms the row is one, where the step is
    for several (``form_of``); none: of each. ``seldom``: a row that nobody types, left out where there is nothing to
    say. ``endings``: what one touch puts behind the ``@`` of an address (``qq.com``).
    ``conceals``: in what the row leaves, personal data are put out of sight (``kiosk.domain.concealing``).
    """

    id: Annotated[str, Field(pattern=ROW_ID)]
    label: Texts
    question: Texts = Field(default_factory=dict)
    note: Texts = Field(default_factory=dict)
    value: Path | None = None
    scanned: Path | None = None
    until: Path | None = None
    format: Format = Format.TEXT
    source: Texts = Field(default_factory=dict)
    editable: Literal["yes", "no", "offline"] = "no"
    input: Input | None = None
    optional: bool = False
    min: int | None = None
    max: int | None = None
    min_of: Path | None = None
    max_of: Path | None = None
    min_length: Annotated[int, Field(ge=1)] | None = None
    max_length: Annotated[int, Field(ge=1, le=100)] | None = None
    earliest: Day | None = None
    latest: Day | None = None
    options: list[OptionModel] = Field(default_factory=list)
    options_of: RowsModel | None = None
    endings: Annotated[list[Ending], Field(max_length=8)] = Field(default_factory=list)
    strong: bool = False
    seldom: bool = False
    hidden: Literal["", "offline", "online"] = ""
    forms: list[WorkedForm] = Field(default_factory=list)
    conceals: bool = False


ReturnKind = Literal[
    "zero",
    "fixed-quota",
    "stamp",
    "deed",
    "vehicle-purchase",
    "vehicle-vessel",
    "rental",
    "iit-annual",
    "social-insurance",
]
"""The kinds of return that are facts and one calculation (``kiosk.domain.tax.returns.KINDS``)."""
FiledForm = Literal["vat-small", ReturnKind]
"""The forms of all returns."""
Enquiry = Literal["tax-calendar", "worked"]
"""What is worked out at the terminal itself for who only asks; nothing of it is filed."""
WorkedForm = Literal[FiledForm, "iit-wages", "iit-bonus", "late-fee"]
"""What ``worked`` has a form for (``kiosk.domain.tax.worked.Sum``), and the returns."""


class FormStep(BaseStep):
    """Prefilled rows. What they leave is their values by row id, or the figures of a calculator.

    ``form_of``: where it stands which of several forms it is now; two rows of different forms may have one id.
    """

    kind: Literal["form"]
    ask: Ask | None = None
    form_of: Path | None = None
    rows: Annotated[list[FormRowModel], Field(min_length=1, max_length=60)]
    calculator: Literal["", "correction", FiledForm, Enquiry] = ""
