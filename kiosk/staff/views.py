"""What the staff's screen shows, as plain data: one frozen dataclass a page, one QML file beside it.

Every text is already in the language of the screen and every figure formatted, as on the public pages. ``kind`` names
the QML file: ``board`` is ``ui/qml/staff/StaffBoard.qml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Key:
    """Something to touch: what it does (``action``, ``value``), its words and its picture."""

    action: str
    title: str
    value: str = ""
    icon: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Tile:
    """One device. ``tone``: ``ok``, ``low`` (serves, not for long), ``bad`` (does not serve), ``unknown``."""

    role: str
    name: str
    icon: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Supply:
    """Paper, toner or a unit of invoices. ``share`` is 0 to 1, negative when only a word is known."""

    id: str
    name: str
    icon: str
    tone: str
    share: float
    amount: str = ""  # "312 / 500", empty when nobody counts
    text: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something counted: network, what waits, what was done today."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """The one thing to do first."""

    title: str
    text: str
    tone: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the terminal is not green: what, since when, which services are out, what to bring, and what to do."""

    title: str
    since: str
    tone: str
    services: str
    bring: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """One device under test. ``state``: ``idle``, ``running``, ``ok``, ``failed``, ``untried`` (only connected).

    ``lines`` say what was tried.
    """

    role: str
    name: str
    icon: str
    state: str
    lines: tuple[str, ...] = ()
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the loading form. ``value`` is what was typed so far."""

    id: str
    label: str
    value: str
    focused: bool = False
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StaffView:
    """What all pages have. ``keys`` stand along the foot; ``message`` is what the last touch came to."""

    kind: ClassVar[str] = ""
    title: str = ""
    lead: str = ""
    staff: str = ""
    where: str = ""  # hall, terminal, version
    lang: str = "zh-CN"
    keys: tuple[Key, ...] = ()
    message: str = ""
    message_tone: str = "ok"
    busy: bool = False


@dataclass(frozen=True, slots=True)
class SignInView(StaffView):
    """Who is it? ``digits`` is how many were typed, of ``length``."""

    kind: ClassVar[str] = "signIn"
    digits: int = 0
    length: int = 6
    locked: bool = False


@dataclass(frozen=True, slots=True)
class BoardView(StaffView):
    """Everything at a glance (mock-up 16)."""

    kind: ClassVar[str] = "board"
    todo: Todo | None = None
    tiles: tuple[Tile, ...] = ()
    supplies: tuple[Supply, ...] = ()
    figures: tuple[Figure, ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True)
class WhyView(StaffView):
    """Why the terminal is red, and what to bring."""

    kind: ClassVar[str] = "why"
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideView(StaffView):
    """One picture and one sentence a step; ``state`` is the device's, seen while the hands work."""

    kind: ClassVar[str] = "guide"
    picture: str = ""
    text: str = ""
    at: int = 0
    of: int = 0
    state: Tile | None = None


@dataclass(frozen=True, slots=True)
class TrialsView(StaffView):
    """Every device, tried one by one."""

    kind: ClassVar[str] = "trials"
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class CareRow:
    """A wearing part or a task of the cleaning plan; ``share`` is how much of its measure is used up, 0 to 1."""

    id: str
    device: str
    icon: str
    what: str
    tone: str
    state: str
    measure: str
    share: float
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class CareView(StaffView):
    """What is to be changed or cleaned, what is due first."""

    kind: ClassVar[str] = "care"
    rows: tuple[CareRow, ...] = ()


@dataclass(frozen=True, slots=True)
class SumRow:
    """One kind of card payment in a batch, as the terminal and as our book has counted it."""

    label: str
    terminal: str
    book: str
    tone: str


@dataclass(frozen=True, slots=True)
class BatchCard:
    """One batch of the card terminal. ``facts`` name it; ``note`` says what to do; ``keys`` stand from the right."""

    title: str
    tone: str
    state: str
    note: str = ""
    facts: str = ""
    rows: tuple[SumRow, ...] = ()
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class SettlementView(StaffView):
    """The card terminal's settlements: those of which nobody knows, the last one, and the batch that is open."""

    kind: ClassVar[str] = "settlement"
    columns: tuple[str, str, str] = ("", "", "")
    batches: tuple[BatchCard, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadView(StaffView):
    """Paper invoices put into a unit: which, and from which number to which."""

    kind: ClassVar[str] = "load"
    units: tuple[Key, ...] = ()
    unit: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoverView(StaffView):
    """What the next person must know; printed as a slip."""

    kind: ClassVar[str] = "handover"
    lines: tuple[tuple[str, str], ...] = ()
