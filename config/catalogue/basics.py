"""What the models of all step kinds are made of: texts, paths, formats, values to show, a query to ask."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

REQUIRED_LANGUAGES = ("zh-CN", "en-US")


def _in_every_language(texts: dict[str, str]) -> dict[str, str]:
    missing = [lang for lang in REQUIRED_LANGUAGES if not texts.get(lang, "").strip()]
    if missing:
        raise ValueError(f"has no text in {', '.join(missing)}")
    return texts


Texts = Annotated[dict[str, str], AfterValidator(_in_every_language)]
"""One text by language tag, in every required language."""
PATH = r"^[a-z][a-z0-9-]*(\.[A-Za-z0-9_-]+)*$"
Path = Annotated[str, Field(pattern=PATH)]
"""Where a value stands in the visit's data: the step's id, then names of its answer (``months.first``)."""


class Model(BaseModel):
    """Base: immutable, nothing unknown taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Format(enum.StrEnum):
    """How a value is written for the person."""

    TEXT = "text"
    TEXTS = "texts"  # a map of languages
    MONEY = "money"  # fen -> 4,095.84
    MONTH = "month"
    DATE = "date"
    PERIOD = "period"  # a pair of dates or months
    COUNT = "count"
    PERCENT = "percent"  # "0.01" -> 1%
    NAME = "name"  # masked
    NUMBER = "number"  # document number, masked
    PHONE = "phone"  # mobile number, masked
    EMAIL = "email"  # address of a mailbox, masked
    CARD = "card"  # bank card or account, its last four digits
    CERTIFICATE = "certificate"  # number of a sealed sheet, in groups
    MOMENT = "moment"
    YES_NO = "yes-no"
    STATE = "state"  # one of a few words, each with a tone; a column's ``states`` say which


class Value(Model):
    """One value to show: where it stands (``value``, or ``values`` for a pair) and how it is written."""

    value: Path
    until: Path | None = None
    format: Format = Format.TEXT


class LabelledValue(Value):
    """A value with its label and a small note; ``change`` names the step that may change it, or its row.

    ``return`` leads to the step, ``return.uninvoiced`` to that row of the form.
    """

    label: Texts
    note: Texts = Field(default_factory=dict)
    change: str = ""


class SeldomValue(LabelledValue):
    """A row that may be left out. ``seldom``: where there is nothing to say, neither an amount nor a word."""

    seldom: bool = False


class ReviewedValue(SeldomValue):
    """A row of a review. One with words for ``missing`` shows them while nobody knows the value, and no row for zero.

    ``basis`` is where the centre's own words for the note stand, in each language. ``note_concealed`` is the note where
    something of the value was put out of sight (``kiosk.domain.concealing``).
    """

    missing: Texts = Field(default_factory=dict)
    note_concealed: Texts = Field(default_factory=dict)
    basis: Path | None = None


class Ask(Model):
    """A query whose answer is kept under the step's id before the page is shown.

    ``tolerant``: without an answer (and offline, where nobody is asked) the page is shown all the same. ``kept``: in a
    service that takes things without the network, this one answer is the last that the centre signed.
    """

    query: str
    params: dict[str, Path] = Field(default_factory=dict)
    tolerant: bool = False
    kept: bool = False


class BaseStep(Model):
    """What every step has. ``mark`` begins a new station of the progress line; without it the last goes on."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    mark: Texts = Field(default_factory=dict)
    title: Texts = Field(default_factory=dict)
    lead: Texts = Field(default_factory=dict)
    action: Texts = Field(default_factory=dict)
    unless: list[
        Literal[
            "offline",
            "online",
            "nothing-due",
            "not-paid",
            "not-part",
            "served",
            "for-oneself",
            "no-report",
            "no-form",
            "no-paper",
            "no-phone",
            "no-mailbox",
            "to-mailbox",
            "none-picked",
            "taken-back",
            "not-taken-back",
            "no-unlock",
            "anonymous",
            "scanned",
            "unanswered",
            "talking",
            "talked",
            "not-talked",
            "content",
        ]
    ] = Field(default_factory=list)
