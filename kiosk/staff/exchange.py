"""What two people counted when stock changes cabinets: typed blind, then compared with book and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kiosk.staff.loading import NUMBER_DIGITS, NotLoadable
from kiosk.staff.views import Entry
from sync.models import TakenRange
from sync.stock_note import NoteItem, Span, StockNote

A4: Final = "a4"
"""The tab on which loose A4 sheets are counted; it is no unit."""
FIELDS: Final = ("first", "count")
LENGTHS: Final = {"first": 8, "count": 4}
Units = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Count:
    """What was typed so far, by unit; the book's figures are shown to nobody before both have counted."""

    tabs: tuple[str, ...] = ()
    tab: str = ""
    typed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    focused: str = "first"
    wrong: tuple[str, str] = ("", "")
    problem: str = ""

    @classmethod
    def of(cls, units: Iterable[str]) -> Count:
        """An empty form for these units and A4."""
        tabs = (*sorted(units), A4)
        return cls(tabs, tabs[0], focused="count" if tabs[0] == A4 else "first")

    def turn(self, tab: str) -> Count:
        """Go on with that unit."""
        if tab not in self.tabs:
            return self
        return replace(self, tab=tab, focused="count" if tab == A4 else "first")

    def focus(self, name: str) -> Count:
        """Go on typing in that row."""
        return replace(self, focused=name) if name in self._fields() else self

    def press(self, key: str) -> Count:
        """A key of the keypad: a digit, ``back`` or ``clear``."""
        values, at = [*self.values(self.tab)], FIELDS.index(self.focused)
        if key == "back":
            values[at] = values[at][:-1]
        elif key == "clear":
            values[at] = ""
        elif key.isdigit() and len(values[at]) < LENGTHS[self.focused]:
            values[at] += key
        typed = {**self.typed, self.tab: (values[0], values[1])}
        return replace(self, typed=typed, wrong=("", ""), problem="")

    def refused(self, error: NotLoadable, tab: str) -> Count:
        """The same with the row that is wrong."""
        return replace(self, tab=tab, focused=error.field, wrong=(tab, error.field), problem=error.text_id)

    def values(self, tab: str) -> tuple[str, str]:
        """First number and count as typed."""
        return self.typed.get(tab, ("", ""))

    def sheets(self) -> int:
        """A4 sheets; nothing typed is none."""
        return int(self.values(A4)[1] or 0)

    def span(self, tab: str) -> Span | None:
        """What was counted in a unit, None for nothing (count 0). Raises ``NotLoadable``."""
        first, count = self.values(tab)
        if not count:
            raise NotLoadable("count", "bench.exchange.badCount")
        if int(count) == 0:
            return None
        if len(first) != NUMBER_DIGITS or not int(first):
            raise NotLoadable("first", "bench.exchange.badFirst")
        last = int(first) + int(count) - 1
        if last >= 10**NUMBER_DIGITS:
            raise NotLoadable("count", "bench.load.tooMany")
        return int(first), last

    def rows(self, t: Callable[..., str]) -> tuple[Entry, ...]:
        """The rows of the unit that is open."""
        values = dict(zip(FIELDS, self.values(self.tab), strict=True))
        labels = {
            "first": "bench.load.first",
            "count": "bench.exchange.sheets" if self.tab == A4 else "bench.load.count",
        }
        return tuple(
            Entry(
                name,
                t(labels[name]),
                values[name],
                name == self.focused,
                t(self.problem) if self.wrong == (self.tab, name) else "",
                t("bench.exchange.zero") if name == "count" and self.tab != A4 else "",
            )
            for name in self._fields()
        )

    def _fields(self) -> tuple[str, ...]:
        return ("count",) if self.tab == A4 else FIELDS


def loaded(units: Units) -> tuple[str, ...]:
    """The units that a hand-over is of: those the book knows a code for."""
    return tuple(sorted(name for name, unit in units.items() if unit.get("code")))


def held(unit: Mapping[str, Any]) -> Span | None:
    """What the book says is left in a unit."""
    return (int(unit["next"]), int(unit["last"])) if unit.get("next") and unit.get("count") else None


def handed_out(count: Count, units: Units) -> tuple[NoteItem, ...]:
    """Each unit with the book's numbers and the counted ones.

    Raises ``Wrong``, also for numbers below the book's next: they were given out and cannot lie in the unit.
    """
    found = []
    for name in loaded(units):
        unit = units[name]
        if name in count.tabs:
            code, kind = str(unit["code"]), str(unit.get("kind") or "")
            expected, counted = held(unit), _span(count, name)
            if expected and counted and counted[0] < expected[0]:
                raise Wrong(name, NotLoadable("first", "bench.exchange.issued"))
            found.append(NoteItem(name, code, kind, expected, counted))
    return tuple(found)


class Wrong(NotLoadable):
    """As ``NotLoadable``, in the unit ``tab``."""

    def __init__(self, tab: str, error: NotLoadable) -> None:
        super().__init__(error.field, error.text_id)
        self.tab = tab


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found of a paper's stock, and what of it is missing."""

    taken: tuple[TakenRange, ...]
    short: tuple[TakenRange, ...]
    kinds: Mapping[str, str]


def taken_up(count: Count, note: StockNote) -> Taken:
    """What was counted against the paper; raises ``Wrong`` for numbers that are not on it."""
    taken, short = [], []
    for item in note.items:
        if item.found is None or item.unit not in count.tabs:
            continue
        (first, last), found = item.found, _span(count, item.unit)
        if found is None:
            short.append(_range(item, first, last))
            continue
        if found[0] < first or found[1] > last:
            name = "first" if not first <= found[0] <= last else "count"
            raise Wrong(item.unit, NotLoadable(name, "bench.exchange.notOnPaper"))
        taken.append(_range(item, *found))
        if found[0] > first:
            short.append(_range(item, first, found[0] - 1))
        if found[1] < last:
            short.append(_range(item, found[1] + 1, last))
    return Taken(tuple(taken), tuple(short), {item.unit: item.kind for item in note.items})


def _span(count: Count, tab: str) -> Span | None:
    try:
        return count.span(tab)
    except NotLoadable as error:
        raise Wrong(tab, error) from error


def _range(item: NoteItem, first: int, last: int) -> TakenRange:
    return TakenRange(unit=item.unit, code=item.code, first=f"{first:08d}", last=f"{last:08d}")
