"""What the screen shows, as plain data: one frozen dataclass a page kind, one QML file beside it.

Every text is already in the visitor's language and every amount, number and date is formatted, so that QML
decides nothing. The bridge hands each page to QML as a map with lowerCamel keys; ``kind`` names the QML
file (``choose`` -> ``ui/qml/pages/ChoosePage.qml``). A page is drawn again whenever it differs from the last.
What a person does comes back as an ``Intent`` (``kiosk/flow/events.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to touch. A choice that cannot be taken now says why (``reason``) and what else (``other``)."""

    id: str
    title: str
    note: str = ""
    icon: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = True
    reason: str = ""
    tag_tones: tuple[
        str, ...
    ] = ()  # one a tag: plain (blue), due (amber), done (green); short of tags: plain


@dataclass(frozen=True, slots=True)
class Mark:
    """One word of "this machine now": what works (tick) and what does not (triangle)."""

    text: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What all pages have. ``action`` is the words of the one main button; empty: there is none."""

    kind: ClassVar[str] = ""
    title: str = ""
    lead: str = ""
    action: str = ""
    action_enabled: bool = True
    second: Choice | None = None  # the other button beside or below the main one
    quiet: tuple[Choice, ...] = ()  # links in bold blue
    note: str = ""  # a small line above the main button
    owner: str = ""  # the enterprise acted for, over the title
    owner_tag: str = ""  # the role acted in
    errors: tuple[str, ...] = ()  # summary on top; the same words stand at the field
    confirmed: str = ""  # a green line with a tick over the title: what has just been achieved
    action_icon: str = ""  # icon before the words of the main button; empty: an arrow after them


@dataclass(frozen=True, slots=True)
class AttractPage(Page):
    """Nobody is here."""

    kind: ClassVar[str] = "attract"
    marks: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """What would you like to do? Two large tiles, the rest small; ``banner`` when something does not work."""

    kind: ClassVar[str] = "home"
    marks: tuple[Mark, ...] = ()
    large: tuple[Choice, ...] = ()
    tiles: tuple[Choice, ...] = ()
    banner: str = ""
    banner_text: str = ""
    wide: Choice | None = None  # one more service over the whole width, below the tiles
    elsewhere: Choice | None = None  # where else, when something does not work here; not to be touched


@dataclass(frozen=True, slots=True)
class ServicesPage(Page):
    """The services behind one tile of the home page."""

    kind: ClassVar[str] = "services"
    services: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoosePage(Page):
    """One of a few, or any of them.

    ``shape``: ``list``, ``many``, ``months`` (first and last), ``count`` (stepper), ``grid`` (short words in
    ``columns``; a touch is the answer; ``page`` of ``pages`` when there are more, named by ``page_text``).
    """

    kind: ClassVar[str] = "choose"
    shape: str = "list"
    options: tuple[Choice, ...] = ()
    selected: tuple[str, ...] = ()
    count: int = 0
    count_max: int = 0
    count_unit: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # label, value: limits, what binds, what is held
    columns: int = 3
    page: int = 1
    pages: int = 1
    page_text: str = ""


@dataclass(frozen=True, slots=True)
class ReaderPage(Page):
    """Hold or lay something where a reader sees it. ``state`` also: away (the reader), again, failed."""

    state: str = "waiting"
    message: str = ""
    where: str = ""  # words under the picture of the whole machine
    illustration: str = ""
    tips: tuple[str, ...] = ()
    others_title: str = ""  # over the other ways
    others: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentifyPage(ReaderPage):
    """Put the document on the reader. ``state``: waiting, away, reading, again, done, failed."""

    kind: ClassVar[str] = "identify"
    illustration: str = "idReader"


@dataclass(frozen=True, slots=True)
class ScanPage(ReaderPage):
    """Hold a code before the reader. ``state``: waiting, away, again, failed."""

    kind: ClassVar[str] = "scan"
    illustration: str = "barcodeReader"


@dataclass(frozen=True, slots=True)
class CapturePage(Page):
    """Look into the camera. ``state``: consent, looking, comparing, again, done, refused."""

    kind: ClassVar[str] = "capture"
    state: str = "looking"
    message: str = ""
    preview: bool = False  # draw image://camera/preview
    consent: tuple[str, ...] = ()
    others: tuple[Choice, ...] = ()


UNDRAWN = {"drawn": False}
"""Metadata of a field that QML never gets: the bridge takes pictures out of it and draws them by name."""


@dataclass(frozen=True, slots=True)
class PagesPage(Page):
    """Scanned pages. ``state``: ready, reading, shown, again, list.

    ``picture`` names the page that is looked at, ``choices`` those kept (their ``icon`` is the name of the picture);
    ``papers`` holds the pictures by name (base64 of a JPEG).
    """

    kind: ClassVar[str] = "pages"
    state: str = "ready"
    message: str = ""
    preview: bool = False  # draw image://camera/preview
    illustration: str = "documentCamera"
    where: str = ""
    tips: tuple[str, ...] = ()
    picture: str = ""
    choices: tuple[Choice, ...] = ()
    papers: Mapping[str, str] = field(default_factory=dict, repr=False, metadata=UNDRAWN)


@dataclass(frozen=True, slots=True)
class SignPage(Page):
    """A statement that is signed on the pad. ``state``: ready, opening, writing, away, shown, again.

    What is shown of ``heading``, ``paragraphs``, ``facts`` and ``day`` is what is signed, letter by letter; ``picture``
    names the ink that is looked at, ``papers`` holds it (base64 of a PNG).
    """

    kind: ClassVar[str] = "sign"
    state: str = "ready"
    message: str = ""
    illustration: str = "signaturePad"
    where: str = ""
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    day: str = ""
    picture: str = ""
    papers: Mapping[str, str] = field(default_factory=dict, repr=False, metadata=UNDRAWN)


@dataclass(frozen=True, slots=True)
class ConsentPage(Page):
    """What will happen with whose data, for what, and the other way."""

    kind: ClassVar[str] = "consent"
    points: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of a form. ``editable`` rows have a box, and a ``keypad`` named as in ``ui/bridge/keys.py``.

    One without a keypad opens a page of its own, or has its ``choices`` beside it with one ``chosen``.
    """

    id: str
    label: str
    value: str
    note: str = ""
    source: str = ""
    editable: bool = False
    keypad: str = ""
    error: str = ""
    strong: bool = False
    input: str = ""  # what is given (``config.catalogue.models.Input``)
    most: int = 0  # characters that may be typed; 0: as many as the keypad lets
    choices: tuple[Choice, ...] = ()
    chosen: str = ""
    doubtful: bool = False  # read by a machine that was not sure: its source warns
    endings: tuple[str, ...] = ()  # keys of its keypad that end an address: ``@qq.com``


@dataclass(frozen=True, slots=True)
class FormPage(Page):
    """Prefilled; at most five rows; ``focused`` is the row whose keypad is open, or empty."""

    kind: ClassVar[str] = "form"
    rows: tuple[FormRow, ...] = ()
    focused: str = ""


@dataclass(frozen=True, slots=True)
class WorkingPage(Page):
    """Something takes time; said in words. ``steps`` are done, now or later as in ``StepMark``."""

    kind: ClassVar[str] = "working"
    steps: tuple[StepMark, ...] = ()
    slow: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One fact. ``change`` is the step to jump to, or empty with ``fixed`` saying that it cannot be changed."""

    label: str
    value: str
    note: str = ""
    change: str = ""
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """Facts under one heading; ``figures`` when each is one, so that they stand below each other like a sum."""

    title: str
    rows: tuple[ReviewRow, ...]
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its label, its share of the highest (0..1), and its value in words."""

    label: str
    share: float
    value: str
    highest: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A certificate before it is printed: heading, facts, sentences, bars, table, totals, page k of n.

    ``widths`` are the columns' shares of the line and ``figures`` which of them stand to the right; without them
    the first two are words and the others figures.
    """

    title: str
    subtitle: str
    corner: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[tuple[str, str], ...]
    note: str
    page: int = 1
    pages: int = 1
    page_text: str = ""
    axis: tuple[tuple[float, str], ...] = ()  # lines behind the bars: share of the highest bar, label
    more: str = ""  # what the other pages hold, left of the total
    statements: tuple[str, ...] = ()
    told_first: bool = False  # the statements stand above the facts
    widths: tuple[int, ...] = ()
    figures: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewPage(Page):
    """Check before it happens: the total first, then how it came about, then the rows with Change."""

    kind: ClassVar[str] = "review"
    total_label: str = ""
    total: str = ""
    total_words: str = ""  # in capitals: 人民币肆仟零玖拾伍元捌角肆分
    sections: tuple[ReviewSection, ...] = ()
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class PayPage(Page):
    """Scan this code, show yours, use your card, or have it debited by agreement.

    ``state``: waiting, charging, confirming (on the phone), asking, paid, expired, doubt, declined, closed, refused.
    At the card terminal (``way`` card): insert, again, other, several, confirm, pin, processing, remove, ended.
    By agreement (``way`` debit): agree, debiting, ended.
    """

    kind: ClassVar[str] = "pay"
    state: str = "waiting"
    way: str = "qr"  # or card, debit
    amount: str = ""
    amount_note: str = ""
    qr: str = ""  # drawn by image://qr/<text>
    code_note: str = ""  # that the payer's own code is taken too; ``code_wrong``: why the last one was not
    code_wrong: bool = False
    seconds_left: int = 0
    seconds_total: int = 120
    message: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ContinuePage(Page):
    """Scan this with your own phone and go on there. ``state``: shown, over (its time has run out)."""

    kind: ClassVar[str] = "continue"
    state: str = "shown"
    qr: str = ""
    seconds_left: int = 0
    seconds_total: int = 1
    points: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectPage(ContinuePage):
    """Scan this with your own phone and fetch the file there; drawn as the page that goes on on a phone."""

    kind: ClassVar[str] = "collect"


@dataclass(frozen=True, slots=True)
class PrintPage(Page):
    """Paper is coming. ``state``: printing, take, problem."""

    kind: ClassVar[str] = "print"
    state: str = "printing"
    illustration: str = "documentPrinter"  # or receiptPrinter
    where: str = ""
    message: str = ""
    progress: float = 0.0  # 0..1


@dataclass(frozen=True, slots=True)
class DispensedSheet:
    """One sheet on the track. ``state``: done, reading, waiting, rejected; ``label`` last four digits."""

    label: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class DispensePage(Page):
    """Invoices are coming out one by one. ``state``: moving, take, problem."""

    kind: ClassVar[str] = "dispense"
    state: str = "moving"
    sheets: tuple[DispensedSheet, ...] = ()
    where: str = ""
    progress: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True)
class DonePage(Page):
    """It is done: reference, what happens next, what to take along. ``stamp`` is the word on the red seal."""

    kind: ClassVar[str] = "done"
    stamp: str = ""
    moment: str = ""
    reference_label: str = ""
    reference: str = ""
    reference_notes: tuple[str, ...] = ()
    qr: str = ""
    next_title: str = ""
    next_steps: tuple[Choice, ...] = ()
    take_title: str = ""
    take: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class RatePage(Page):
    """好差评: five faces, none chosen beforehand, reasons when the level is low, may be skipped."""

    kind: ClassVar[str] = "rate"
    levels: tuple[Choice, ...] = ()
    selected: str = ""
    reasons: tuple[Choice, ...] = ()
    chosen_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessagePage(Page):
    """Not possible, not eligible, or a problem: what, why, what to do next. ``tone``: info, refused, problem."""

    kind: ClassVar[str] = "message"
    tone: str = "info"
    body: tuple[str, ...] = ()
    incident: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FarewellPage(Page):
    """Take your things; your data has been wiped."""

    kind: ClassVar[str] = "farewell"
    take: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOfServicePage(Page):
    """The terminal cannot serve: why, until when, where else."""

    kind: ClassVar[str] = "outOfService"
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepMark:
    """One station of the progress line. ``state``: done, now, later."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Screen:
    """The whole screen: the page, and what stands around it the same on every page."""

    page: Page
    service: str = ""  # title of the service under way, in the header
    steps: tuple[StepMark, ...] = ()
    can_back: bool = False
    can_leave: bool = False
    online: bool = True
    network_text: str = ""
    status_note: str = ""
    terminal: str = ""
    hall: str = ""
    bureau: str = ""
    lang: str = "zh-CN"
    mode: str = "standard"  # standard, elder
    idle_after_s: int = 120  # without a touch, then the warning; 0: never
    idle_warning_s: int = 30
    card_taken: bool = False
    serial: int = 0  # grows with every page change; a touch carries the serial it was made on
    ready: bool = False  # the terminal has looked at its devices and its network once
    notice_title: str = ""  # over the page until it is read: the power has failed
    notice_text: str = ""  # what becomes of what was begun
    talk_text: str = field(
        default="", repr=False
    )  # over every page while an officer is talked to: what they said last
    talk_tone: str = ""  # shared: the officer sees the screen; asked: they would like to
    talk_keys: tuple[Choice, ...] = ()
