"""A service is data: what one YAML file in ``config/services/`` may say.

Each step kind has one model here, one class in ``kiosk/steps/``, one QML page and one journal rule. What a
step kind cannot say becomes a better step kind or a handler at the bureau, never an expression language.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from config.settings import Role

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
    MOMENT = "moment"


class Value(Model):
    """One value to show: where it stands (``value``, or ``values`` for a pair) and how it is written."""

    value: Path
    until: Path | None = None
    format: Format = Format.TEXT


class LabelledValue(Value):
    """A value with its label and a small note; ``change`` names the step that may change it."""

    label: Texts
    note: Texts = Field(default_factory=dict)
    change: str = ""


class ReviewedValue(LabelledValue):
    """A row of a review. One with words for ``missing`` shows them while nobody knows the value, and no row for zero.

    ``basis`` is where the centre's own words for the note stand, in each language.
    """

    missing: Texts = Field(default_factory=dict)
    basis: Path | None = None


class Ask(Model):
    """A query whose answer is kept under the step's id before the page is shown.

    ``tolerant``: without an answer (and offline, where nobody is asked) the page is shown all the same.
    """

    query: str
    params: dict[str, Path] = Field(default_factory=dict)
    tolerant: bool = False


class BaseStep(Model):
    """What every step has. ``mark`` begins a new station of the progress line; without it the last goes on."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    mark: Texts = Field(default_factory=dict)
    title: Texts = Field(default_factory=dict)
    lead: Texts = Field(default_factory=dict)
    action: Texts = Field(default_factory=dict)
    unless: list[Literal["offline", "online", "nothing-due"]] = Field(default_factory=list)


class IdentifyStep(BaseStep):
    """Document on the reader, consent, live face against the document's picture (or staff), then profile."""

    kind: Literal["identify"]
    face: bool = True
    fresh: bool = False
    """Asked again although the person signed in for another service of this visit (domain note, 8: step-up)."""


class ChooseStep(BaseStep):
    """One of a few, offered by a named source."""

    kind: Literal["choose"]
    source: Literal["roles", "months", "entitlement", "count", "dues"]
    ask: Ask | None = None
    of: Path | None = None


class FormRowModel(LabelledValue):
    """A row; ``editable`` always, never, or only when there is nothing to prefill from (offline)."""

    id: str
    source: Texts = Field(default_factory=dict)
    editable: Literal["yes", "no", "offline"] = "no"
    keypad: Literal["", "digits", "money", "id", "uscc"] = ""
    strong: bool = False
    hidden: Literal["", "offline", "online"] = ""


class FormStep(BaseStep):
    """Prefilled figures, one calculator."""

    kind: Literal["form"]
    ask: Ask | None = None
    rows: Annotated[list[FormRowModel], Field(min_length=1, max_length=8)]
    calculator: Literal["", "vat-small"] = ""


class SectionModel(Model):
    """Facts under one heading."""

    title: Texts
    rows: list[ReviewedValue]


class ColumnModel(Model):
    """One column of a sheet's table; ``field`` is the name within a row."""

    label: Texts
    field: str
    format: Format = Format.TEXT


class SheetModel(Model):
    """A certificate before it is printed."""

    title: Texts
    subtitle: Texts
    facts: list[LabelledValue]
    rows: Path
    columns: list[ColumnModel]
    bars: str = ""  # the column drawn as bars, or none
    bars_by: str = ""
    total: list[LabelledValue]
    note: Texts
    rows_per_page: int = 9


class ReviewStep(BaseStep):
    """Check before it happens. ``total_asked`` takes the place of ``total`` once the centre has answered."""

    kind: Literal["review"]
    ask: Ask | None = None
    total: LabelledValue | None = None
    total_asked: LabelledValue | None = None
    sections: list[SectionModel] = Field(default_factory=list)
    sheet: SheetModel | None = None
    declares: Texts = Field(default_factory=dict)


class SubmitStep(BaseStep):
    """One effect at the bureau. ``offline: queue`` takes it now and delivers it later."""

    kind: Literal["submit"]
    effect: str
    data: dict[str, Path | dict[Literal["const"], str]]
    offline: Literal["refuse", "queue"] = "refuse"


class PayStep(BaseStep):
    """Pay dues by scanning the code on the screen, or by bank card where a card terminal is there and can."""

    kind: Literal["pay"]
    dues: Path
    channels: Annotated[list[Literal["qr", "card"]], Field(min_length=1)] = ["qr"]


class ScanStep(BaseStep):
    """A code held before the reader. ``typed``: who cannot goes on without, and types at a later step."""

    kind: Literal["scan"]
    reads: Literal["invoice", "certificate", "slip", "number", "voucher"]
    typed: bool = True


class PrintStep(BaseStep):
    """Fetch a finished document and print it."""

    kind: Literal["print"]
    document: Path
    pages: Path


class DispenseStep(BaseStep):
    """Dispense the numbers reserved, read each, present, wait until taken, then settle the ledger."""

    kind: Literal["dispense"]
    reservation: Path
    unit: Path


class SlipStep(BaseStep):
    """A receipt slip; when there is no paper the code on the last page takes its place."""

    kind: Literal["slip"]
    heading: Texts
    rows: list[LabelledValue]
    total: LabelledValue | None = None
    reference: Path | None = None
    footer: Texts = Field(default_factory=dict)
    footer_offline: Texts = Field(default_factory=dict)


class NextModel(Model):
    """One thing that happens next."""

    icon: str
    title: Texts
    note: Texts = Field(default_factory=dict)
    unless: list[Literal["offline", "online", "nothing-due", "in-doubt"]] = Field(default_factory=list)


class EndingModel(Model):
    """What the end page says instead when it did not end as the service promises."""

    when: Literal["unpaid", "in-doubt", "not-printed", "none-delivered"]
    title: Texts
    stamp: Texts = Field(default_factory=dict)


class DoneStep(BaseStep):
    """The end page: reference, next steps, what to take along."""

    kind: Literal["done"]
    stamp: Texts
    stamp_offline: Texts = Field(default_factory=dict)
    title_offline: Texts = Field(default_factory=dict)
    title_unpaid: Texts = Field(default_factory=dict)
    endings: list[EndingModel] = Field(default_factory=list)
    reference: Path | None = None
    next: list[NextModel] = Field(default_factory=list)
    take: list[Literal["id", "paper", "phone", "invoices", "certificate", "bank-card"]] = Field(
        default_factory=list
    )


class RateStep(BaseStep):
    """好差评."""

    kind: Literal["rate"]


Step = Annotated[
    IdentifyStep
    | ChooseStep
    | FormStep
    | ReviewStep
    | SubmitStep
    | PayStep
    | ScanStep
    | PrintStep
    | DispenseStep
    | SlipStep
    | DoneStep
    | RateStep,
    Field(discriminator="kind"),
]


class DeviceNeeds(Model):
    """Roles of devices the service cannot do without, and those it is better with."""

    required: list[Role] = Field(default_factory=list)
    helpful: list[Role] = Field(default_factory=list)


class Group(Model):
    """Services behind one tile of the home screen. One with a single service opens it at once, under its own words."""

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    title: Texts
    summary: Texts
    icon: str
    place: Literal["large", "tile", "wide"] = "tile"
    order: int = 100


class Service(Model):
    """One service of the catalogue. ``tile`` is its short name on the home screen; without it the title.

    ``group``: the tile of the home screen that leads to it; empty: none does.
    """

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z-]+\.[a-z-]+$")]
    action: Annotated[int, Field(ge=1, le=20)]
    title: Texts
    tile: Texts = Field(default_factory=dict)
    summary: Texts
    icon: str
    group: str = ""
    order: int = 100
    audience: Literal["anyone", "person", "enterprise"]
    sign_in: Literal["0", "1", "2", "3", "R"]
    roles: list[str] = Field(default_factory=list)
    offline: Literal["online", "queue", "cached"]
    devices: DeviceNeeds = Field(default_factory=DeviceNeeds)
    brings: list[Texts] = Field(default_factory=list)
    steps: Annotated[list[Step], Field(min_length=1)]
