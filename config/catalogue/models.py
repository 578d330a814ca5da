"""A service is data: what one YAML file in ``config/services/`` may say.

Each step kind has one model here, one class in ``kiosk/steps/``, one QML page and one journal rule. What a
step kind cannot say becomes a better step kind or a handler at the bureau, never an expression language.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.catalogue.basics import (
    PATH,
    REQUIRED_LANGUAGES,
    Ask,
    BaseStep,
    Format,
    LabelledValue,
    Model,
    Path,
    ReviewedValue,
    SeldomValue,
    Texts,
    Value,
)
from config.catalogue.consulting import ConsultStep, MutualStep, OfficerStep
from config.catalogue.forms import FormRowModel, FormStep, Input, OptionModel
from config.catalogue.gathering import GatherStep
from config.catalogue.navigating import NavigateStep
from config.catalogue.paying import PayStep
from config.catalogue.phone import CollectStep, ContinueStep, OnPhone
from config.catalogue.rows import Column, Empty, ListStep, RowsModel, Shown, StateWords, Total
from config.catalogue.scanning import ScanStep
from config.catalogue.surveys import SurveyStep
from config.settings import Role


class IdentifyStep(BaseStep):
    """Document on the reader, consent, live face against the document's picture (or staff), then profile.

    ``reads``: the chip of an identity card, or the machine readable zone of a passport, of which there is no picture
    to compare a face with.
    """

    kind: Literal["identify"]
    reads: Literal["card", "passport"] = "card"
    face: bool = True
    fresh: bool = False
    """Asked again although the person signed in for another service of this visit (domain note, 8: step-up)."""


class PhoneStep(BaseStep):
    """The number of a phone, and the code that the centre sends there (手机验证码): sign-in level 1.

    ``card``: whoever would rather lays a document on the reader, and who did so already is asked for nothing.
    ``why``: what the number is for, where it is for more than to know who it is.
    """

    kind: Literal["phone"]
    card: bool = False
    why: Texts | None = None


class ChooseStep(BaseStep):
    """One of a few, offered by a named source.

    ``rows``: those of an answer, told by ``offer``; what is chosen is the row itself. ``options``: those of the file;
    what is chosen is ``choice`` and its ``title``. ``share``: how much of the one due at ``of``; nothing to choose
    where there are several. ``alone``: one row alone is taken without a question.
    """

    kind: Literal["choose"]
    source: Literal["roles", "months", "entitlement", "count", "dues", "share", "rows", "options"]
    ask: Ask | None = None
    of: Path | None = None
    offer: RowsModel | None = None
    alone: bool = False
    options: list[OptionModel] = Field(default_factory=list)
    empty: Empty | None = None


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


class PaperModel(Model):
    """A sheet in the centre's own words, which stands at ``of`` as a whole; ``preview``: it is still to be printed."""

    of: Path
    note: Texts
    preview: bool = True
    rows_per_page: int = 6


class ReviewStep(BaseStep):
    """Check before it happens. ``total_asked`` takes the place of ``total`` once the centre has answered.

    ``title_of`` is where the centre's own words for the title stand, in place of the file's; ``opens`` is where the
    id of a service stands that the second button leads to.
    """

    kind: Literal["review"]
    ask: Ask | None = None
    total: LabelledValue | None = None
    total_asked: LabelledValue | None = None
    sections: list[SectionModel] = Field(default_factory=list)
    sheet: SheetModel | None = None
    paper: PaperModel | None = None
    title_of: Path | None = None
    opens: Path | None = None
    declares: Texts = Field(default_factory=dict)


class PagesStep(BaseStep):
    """Paper documents page by page, straightened and checked for being readable; at most ``most`` pages."""

    kind: Literal["pages"]
    most: Annotated[int, Field(ge=1, le=20)] = 10


class SignStep(BaseStep):
    """A statement and facts that are signed by hand, on the signature pad.

    ``statement``: one paragraph a line. What is signed is heading, statement, facts and day in the person's language,
    letter by letter (``kiosk.domain.signing``). It leaves ``text``, ``sha256``, ``signature``, ``lang``, ``signed_on``.
    """

    kind: Literal["sign"]
    heading: Texts
    statement: Texts
    facts: Annotated[list[LabelledValue], Field(min_length=1, max_length=6)]


class SubmitStep(BaseStep):
    """One effect at the bureau. ``offline: queue`` takes it now and delivers it later.

    ``pages``: the scanned pages that go ahead of it, each as an effect of its own; it names them. ``once``: where the
    name of what may be done once a visit stands; while somebody stays it is remembered that they did it.
    """

    kind: Literal["submit"]
    effect: str
    data: dict[str, Path | dict[Literal["const"], str]]
    offline: Literal["refuse", "queue"] = "refuse"
    pages: Path | None = None
    once: Path | None = None


class UkeyStep(BaseStep):
    """A tax UKey in the card reader.

    ``read`` waits for one and leaves what it says with its reports; ``write`` writes the order that stands at ``order``
    (the answer to ``device.unlock``); ``take`` waits until it was taken out.
    """

    kind: Literal["ukey"]
    does: Literal["read", "write", "take"]
    order: Path | None = None


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


class NextModel(Model):
    """One thing that happens next; with ``note_of`` in the centre's own words, and only where it said any.

    ``no-refund``: what step ``file`` filed gives nothing back. ``delivered``, ``none-delivered``: whether somebody
    left with at least one of the sheets that the dispenser was to give.
    """

    icon: str
    title: Texts
    note: Texts = Field(default_factory=dict)
    note_of: Path | None = None
    unless: list[
        Literal[
            "offline",
            "online",
            "nothing-due",
            "in-doubt",
            "paid",
            "whole",
            "no-unlock",
            "written",
            "not-written",
            "behind",
            "up-to-date",
            "month-runs",
            "month-over",
            "no-refund",
            "no-mailbox",
            "to-mailbox",
            "not-taken-back",
            "delivered",
            "none-delivered",
            "anonymous",
            "named",
            "objected",
            "not-objected",
            "talked",
            "not-talked",
            "not-won",
        ]
    ] = Field(default_factory=list)


class SlipStep(BaseStep):
    """A receipt slip; when there is no paper the code on the last page takes its place.

    ``pages``: the scanned pages that are listed one by one, each with the beginning of its digest. ``code``: where the
    text of its QR code stands, in place of the address that follows the matter. ``next``: what the person has to do
    themselves, which they take home with it. ``sheet``: where a sheet in finished words stands (as of a ``paper``)
    that is printed behind the rows; nothing follows it, so it has no code, and no record holds what it says.
    ``reference_or``: where the number stands when there is none at ``reference``. ``heading_offline``: where the centre
    has not taken it up yet, and the slip is no notice of anything.
    """

    kind: Literal["slip"]
    heading: Texts
    heading_offline: Texts = Field(default_factory=dict)
    rows: list[SeldomValue]
    sheet: Path | None = None
    pages: Path | None = None
    total: LabelledValue | None = None
    reference: Path | None = None
    reference_or: Path | None = None
    code: Path | None = None
    next: list[NextModel] = Field(default_factory=list)
    footer: Texts = Field(default_factory=dict)
    footer_offline: Texts = Field(default_factory=dict)


class EndingModel(Model):
    """What the end page says instead when it did not end as the service promises."""

    when: Literal[
        "unpaid",
        "in-doubt",
        "in-part",
        "not-printed",
        "none-delivered",
        "looked",
        "reported",
        "not-written",
        "sent",
        "printed",
        "mailed",
        "taken-back",
        "not-rated",
        "objected",
        "talked",
        "settled",
        "not-won",
    ]
    title: Texts
    stamp: Texts = Field(default_factory=dict)


class DoneStep(BaseStep):
    """The end page: what it was about, reference, next steps, what to take along; ``code`` as of a slip.

    ``follow`` false: nothing of it is to be followed, so no code stands there; ``reference_or`` as of a slip.
    """

    kind: Literal["done"]
    stamp: Texts
    stamp_offline: Texts = Field(default_factory=dict)
    title_offline: Texts = Field(default_factory=dict)
    title_unpaid: Texts = Field(default_factory=dict)
    endings: list[EndingModel] = Field(default_factory=list)
    reference: Path | None = None
    reference_or: Path | None = None
    reference_label: Texts = Field(default_factory=dict)
    about: LabelledValue | None = None
    code: Path | None = None
    follow: bool = True
    next: list[NextModel] = Field(default_factory=list)
    take: list[
        Literal[
            "id", "passport", "paper", "phone", "invoices", "certificate", "document", "bank-card", "ukey"
        ]
    ] = Field(default_factory=list)


class RateStep(BaseStep):
    """好差评."""

    kind: Literal["rate"]


Step = Annotated[
    IdentifyStep
    | PhoneStep
    | ChooseStep
    | FormStep
    | ListStep
    | ReviewStep
    | PagesStep
    | SignStep
    | SubmitStep
    | PayStep
    | ScanStep
    | GatherStep
    | UkeyStep
    | PrintStep
    | DispenseStep
    | CollectStep
    | ContinueStep
    | ConsultStep
    | MutualStep
    | OfficerStep
    | NavigateStep
    | SurveyStep
    | SlipStep
    | DoneStep
    | RateStep,
    Field(discriminator="kind"),
]


class DeviceNeeds(Model):
    """Roles of devices the service cannot do without, those of which one is enough, and those it is better with.

    ``fitted``: those it cannot do without either, and that a terminal may have been built without: there it says that
    the service is not here, and not that something is broken.
    """

    required: list[Role] = Field(default_factory=list)
    fitted: list[Role] = Field(default_factory=list)
    one_of: list[Role] = Field(default_factory=list)
    helpful: list[Role] = Field(default_factory=list)


class Group(Model):
    """Services behind one tile. One with a single service opens it at once, under its own words.

    The tile stands on the home screen, or on the page of that group of the home screen that it is ``within``.
    """

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    within: str = ""
    title: Texts
    summary: Texts
    icon: str
    place: Literal["large", "tile", "wide"] = "tile"
    order: int = 100


class Service(Model):
    """One service of the catalogue. ``tile`` is its short name on the home screen; without it the title.

    ``group``: the group whose page leads to it; empty: none does. ``behalf``: the part of a mandate
    (授权委托) by which somebody may use it for another person; empty: everybody for themselves alone.
    ``unnamed``: nobody is to learn who used it, so it is a visit of its own, in which nobody is signed in.
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
    behalf: Literal["", "papers", "taxes"] = ""
    unnamed: bool = False
    offline: Literal["online", "queue", "cached"]
    devices: DeviceNeeds = Field(default_factory=DeviceNeeds)
    brings: list[Texts] = Field(default_factory=list)
    phone: OnPhone | None = None
    steps: Annotated[list[Step], Field(min_length=1)]


__all__ = [
    "Ask",
    "BaseStep",
    "ChooseStep",
    "Column",
    "CollectStep",
    "ColumnModel",
    "ConsultStep",
    "ContinueStep",
    "DeviceNeeds",
    "DispenseStep",
    "DoneStep",
    "Empty",
    "EndingModel",
    "FormRowModel",
    "FormStep",
    "Format",
    "GatherStep",
    "Group",
    "IdentifyStep",
    "Input",
    "LabelledValue",
    "ListStep",
    "Model",
    "MutualStep",
    "OfficerStep",
    "NavigateStep",
    "NextModel",
    "OnPhone",
    "OptionModel",
    "PATH",
    "PagesStep",
    "PaperModel",
    "Path",
    "PayStep",
    "PhoneStep",
    "PrintStep",
    "REQUIRED_LANGUAGES",
    "RateStep",
    "ReviewStep",
    "ReviewedValue",
    "RowsModel",
    "ScanStep",
    "SectionModel",
    "SeldomValue",
    "Service",
    "SheetModel",
    "Shown",
    "SignStep",
    "SlipStep",
    "StateWords",
    "Step",
    "SubmitStep",
    "SurveyStep",
    "Texts",
    "Total",
    "UkeyStep",
    "Value",
]
