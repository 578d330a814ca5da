"""发票库存: what lies on the shelf and at each terminal, what is on its way, what was counted and differs.

Whatever moves paper is a slip: one officer writes it here, another confirms it at their own page (双人), and the engine
does it then. Everything that can be done with a shelf, a unit, a hand-over or a difference is on its page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from bureau.analytics.scope import Scope
from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link, table
from bureau.console.worklists.pattern import LISTED, OWN_NUMBER, Deed, Input, Sheet, Values, Worklist
from bureau.engine import stockkeeping
from bureau.engine.repaying.cases import MOST_NOTE
from bureau.engine.stock_counts import compared, tidy
from bureau.engine.stockkeeping import COUNT, MOST_CAUSE, WRITTEN_OFF
from bureau.errors import OfficerUnknown, StockRefused
from bureau.officers.roles import Act, may
from bureau.ports.cases import Case, Ending
from bureau.ports.stock import (
    DIFFERS,
    SHELF,
    Errand,
    Held,
    Lots,
    Moved,
    OnTheWay,
    Slip,
    SlipState,
    SlotView,
    Wanted,
)
from bureau.ports.system import Work
from bureau.texts import ids, named
from kiosk.domain.invoices import InvoiceRange, Ranges

TABS: Final = ("waiting", "shelf", "terminals", "way", "differences", "past")
PAST: Final[tuple[SlipState, ...]] = ("done", "refused", "withdrawn")
TONES: Final[Mapping[SlipState, Tone]] = {"proposed": "warn", "done": "good"}
CODE: Final = "[0-9]{10}|[0-9]{12}"
NUMBER: Final = "[0-9]{8}"
TERMINAL: Final = "[A-Za-z0-9][A-Za-z0-9._-]*"
UNIT: Final = f"{TERMINAL}@(unit[1-9]|1)"
NOTE: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
UNITS: Final = 9
"""As many has a dispenser."""
BESIDE: Final = ("count", "arrive")
"""Slips of what was found, which is shown beside what the books had."""
SHOWN: Final = 8
"""Ranges of a slot that its row in a list names."""
MOVEMENTS: Final = 6
LATE_AFTER: Final = timedelta(days=1)
"""Two people stand beside the paper: a slip of yesterday was forgotten."""
LOW_DAYS: Final = 7
DAYS_BACK: Final = 28
CLOSED: Final[Mapping[str, str]] = {
    DIFFERS: "count",
    "disputed ": "disputed",
    "differs at hand-over ": "differs",
    "waits for hand-over ": "waits",
    "not for here: hand-over ": "not-for-here",
}
"""How the reasons begin for which the engine closes a unit."""
OUTCOMES: Final = ("no-difference", WRITTEN_OFF, "settled")
COUNTED_LENGTH: Final = 8000


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A code on the shelf: what of it is free, and how many sheets lie apart in quarantine."""

    code: str
    kind: str
    free: Ranges
    apart: int


@dataclass(frozen=True, slots=True)
class AtTerminal:
    """A unit of a terminal; ``lasts``: the day on which it is used up at the last weeks' rate, where that is known."""

    slot: SlotView
    kinds: tuple[str, ...]
    lasts: date | None
    urgent: bool


Row = Slip | OnShelf | AtTerminal | OnTheWay | Case


@dataclass(frozen=True, slots=True)
class OfSlip:
    """A slip that was opened; of a count also its case."""

    slip: Slip


@dataclass(frozen=True, slots=True)
class OfSlot:
    """A shelf or a unit, with its last movements and the slips that wait for it."""

    slot: SlotView
    kinds: Mapping[str, str]
    movements: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class OfWay:
    """A hand-over that is not finished."""

    way: OnTheWay


@dataclass(frozen=True, slots=True)
class OfCase:
    """A difference, with its unit as the books have it now."""

    case: Case
    slot: SlotView | None


Opened = OfSlip | OfSlot | OfWay | OfCase


# --- the list ---------------------------------------------------------------------------------------------


def _rows(desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    stock = work.core.stock
    if tab == "shelf":
        return _on_shelf(stock.slot(*SHELF), stock.codes())
    if tab == "terminals":
        return _at_terminals(desk, stock.slots(), stock.codes())
    if tab == "way":
        return stock.on_the_way()
    if tab == "differences":
        return stockkeeping.differences(work.core, LISTED)
    return stock.slips(["proposed"] if tab == "waiting" else PAST, LISTED)


def _on_shelf(shelf: SlotView | None, kinds: Mapping[str, str]) -> list[OnShelf]:
    inside = () if shelf is None else shelf.contents
    rows = []
    for code in sorted({code for code, _ in inside}, key=lambda code: (kinds.get(code, ""), code)):
        held = [one for other, one in inside if other == code]
        free = tidy((code, one.numbers) for one in held if one.where.state == "onHand")
        apart = _apart((code, one) for one in held)
        rows.append(OnShelf(code, kinds.get(code, ""), tuple(n for _, n in free), apart))
    return rows


def _apart(contents: Iterable[tuple[str, Held]]) -> int:
    """How many sheets lie in quarantine."""
    return sum(one.numbers.count for _, one in contents if one.where.state == "quarantined")


def _at_terminals(desk: Desk, slots: Iterable[SlotView], kinds: Mapping[str, str]) -> list[AtTerminal]:
    today = desk.today()
    scope = Scope(today - timedelta(days=DAYS_BACK), today - timedelta(days=1))
    lasts = {
        (one.terminal, one.name): one.forecast
        for one in desk.parts.analytics.supplies.left(scope)
        if one.code and one.forecast is not None
    }
    rows = []
    for slot in slots:
        if slot.place == SHELF[0]:
            continue
        forecast = lasts.get((slot.place, slot.unit))
        empty = forecast.empty if forecast else None
        by = forecast.fill_by if forecast else None
        codes = sorted({code for code, _ in slot.contents})
        urgent = by is not None and by <= today + timedelta(days=1)
        rows.append(AtTerminal(slot, tuple(kinds.get(code, "") for code in codes), empty, urgent))
    return sorted(rows, key=lambda row: (row.lasts or date.max, row.slot.place, row.slot.unit))


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    if isinstance(row, Slip):
        return _slip_cells(desk, row)
    if isinstance(row, OnShelf):
        return (
            link(_kind(desk, row.kind), _address(*SHELF)),
            row.code,
            _ranges(desk, row.free),
            _sheets(row.free),
            f"{row.apart:,}" if row.apart else "—",
        )
    if isinstance(row, AtTerminal):
        slot = row.slot
        free = [held.numbers for _, held in slot.contents if held.where.state != "quarantined"]
        return (
            link(_place(desk, slot.place, slot.unit), _address(slot.place, slot.unit)),
            desk.say("list").join(_kind(desk, kind) for kind in dict.fromkeys(row.kinds)) or "—",
            _lots(desk, stockkeeping.book_of(slot)),
            _sheets(free),
            _lasts(desk, row),
            _locked(desk, slot),
        )
    if isinstance(row, OnTheWay):
        return (
            link(desk.moment(row.made_at), f"/stock/{row.note}"),
            row.terminal,
            _target(desk, row),
            _lots(desk, row.numbers),
            _sheets(n for _, n in row.numbers),
        )
    place, unit = _where_of(row)
    return (
        link(row.case, f"/stock/{row.case}"),
        desk.say(f"stock.case-{row.kind}"),
        _place(desk, place, unit) if place else "—",
        _lots(desk, stockkeeping.missing(row)),
        desk.moment(row.opened_at),
    )


def _slip_cells(desk: Desk, slip: Slip) -> Sequence[object]:
    wanted = slip.wanted
    return (
        link(desk.say(f"stock.does-{wanted.errand}"), f"/stock/{slip.slip}"),
        _way(desk, wanted),
        _lots(desk, wanted.lots),
        _sheets(n for _, n in wanted.lots),
        slip.proposed_by,
        _state(desk, slip),
    )


def _state(desk: Desk, slip: Slip) -> Markup:
    if slip.done.result:
        tone: Tone = "bad" if slip.done.result == "DIFFERENCE" else "good"
        return badge(desk.say(f"stock.result-{slip.done.result}"), tone)
    return badge(desk.say(f"stock.is-{slip.state}"), TONES.get(slip.state, "plain"))


def _way(desk: Desk, wanted: Wanted) -> str:
    """From where to where, or of which unit."""
    unit = _place(desk, wanted.place, wanted.unit) if wanted.place else ""
    said = desk.say(f"stock.way-{wanted.errand}", unit=unit, taxpayer=wanted.taxpayer)
    return said.strip()


def _place(desk: Desk, place: str, unit: str) -> str:
    if (place, unit) == SHELF:
        return desk.say("stock.the-shelf")
    return desk.say("stock.unit-of", place=place, unit=unit.removeprefix("unit"))


def _target(desk: Desk, way: OnTheWay) -> str:
    """What came to the shelf in part is on its way there still."""
    return desk.say("stock.the-shelf") if way.to == SHELF[0] else way.to or desk.say(f"stock.fate-{way.fate}")


def _kind(desk: Desk, kind: str) -> str:
    return desk.told(named("invoice-kind", kind)) if kind in ids("invoice-kind") else kind or "—"


def _range(numbers: InvoiceRange) -> str:
    return numbers.first if numbers.count == 1 else f"{numbers.first}–{numbers.last}"


def _ranges(desk: Desk, ranges: Sequence[InvoiceRange]) -> Markup:
    return _cut(desk, [_range(numbers) for numbers in ranges])


def _lots(desk: Desk, lots: Lots) -> Markup:
    return _cut(desk, [f"{code} {_range(numbers)}" for code, numbers in lots])


def _cut(desk: Desk, told: Sequence[str]) -> Markup:
    more = [desk.say("stock.more", count=len(told) - SHOWN)] if len(told) > SHOWN else []
    return lines([*told[:SHOWN], *more] or ["—"])


def _sheets(several: Iterable[InvoiceRange]) -> str:
    return f"{sum(numbers.count for numbers in several):,}"


def _lasts(desk: Desk, row: AtTerminal) -> Markup | str:
    if row.lasts is None:
        return "—"
    days = max(0, (row.lasts - desk.today()).days)
    tone: Tone = "bad" if row.urgent else "warn" if days <= LOW_DAYS else "plain"
    return badge(desk.say("stock.days", days=days), tone)


def _locked(desk: Desk, slot: SlotView) -> Markup:
    return badge(desk.say("stock.closed"), "bad") if slot.locked else badge(desk.say("stock.gives"), "good")


def _address(place: str, unit: str) -> str:
    return f"/stock/{place}@{unit}"


def _where_of(case: Case) -> tuple[str, str]:
    return stockkeeping.slot_of(case) if case.kind == COUNT else (str(case.details.get("terminal", "")), "")


def _mark(work: Work) -> Hashable:
    stock = work.core.stock
    slots = tuple(
        (one.place, one.unit, one.locked, stockkeeping.book_of(one), _apart(one.contents))
        for one in stock.slots()
    )
    slips = tuple(one.slip for one in stock.slips(["proposed"], LISTED))  # one that is decided leaves them
    way = tuple((one.note, one.numbers) for one in stock.on_the_way())
    return slots, slips, way, tuple(one.case for one in stockkeeping.differences(work.core, LISTED))


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    """Slips and differences; late is a slip of yesterday."""
    slips = work.core.stock.slips(["proposed"], LISTED)
    late = sum(work.core.now - one.proposed_at > LATE_AFTER for one in slips)
    return len(slips) + len(stockkeeping.differences(work.core, LISTED)), late


# --- one entry --------------------------------------------------------------------------------------------


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    stock = work.core.stock
    if "@" in number:
        slot = stock.slot(*_slot_named(number))
        if slot is None:
            raise StockRefused("unit", f"nothing was ever loaded at {number}", place=number)
        return OfSlot(slot, stock.codes(), tuple(stock.movements(slot.place, slot.unit, MOVEMENTS)))
    if "-" in number:
        return OfWay(_on_the_way(work, number))
    if number and stock.slip(number) is None:
        case = stockkeeping.difference(work.core, number)
        return OfCase(case, stock.slot(*_where_of(case)) if case.kind == COUNT else None)
    return OfSlip(stockkeeping.there(work.core, number))


def _slot_named(number: str) -> tuple[str, str]:
    place, _, unit = number.rpartition("@")
    return place, unit


def _on_the_way(work: Work, note: str) -> OnTheWay:
    found = next((one for one in work.core.stock.on_the_way() if one.note == note), None)
    if found is None:
        raise StockRefused("note", f"hand-over {note} is not known here, or is finished")
    return found


def _shown(one: Opened) -> object:
    if isinstance(one, OfSlot):
        return one.slot
    return one


def _current(work: Work, one: Opened) -> object:
    """What stands there now, held: slips and what they are about change under the lock of the slips alone."""
    stock = work.core.stock
    stock.lock()
    if isinstance(one, OfSlip):
        found = stock.slip(one.slip.slip)
        return None if found is None else OfSlip(found)
    if isinstance(one, OfSlot):
        return stock.slot(one.slot.place, one.slot.unit)
    if isinstance(one, OfWay):
        return next((OfWay(way) for way in stock.on_the_way() if way.note == one.way.note), None)
    case = stockkeeping.difference(work.core, one.case.case, lock=True)
    return OfCase(case, stock.slot(*_where_of(case)) if case.kind == COUNT else None)


def _sheet(desk: Desk, one: Opened) -> Sheet:
    if isinstance(one, OfSlip):
        return _slip_sheet(desk, one.slip)
    if isinstance(one, OfSlot):
        return _slot_sheet(desk, one)
    if isinstance(one, OfWay):
        return _way_sheet(desk, one.way)
    return _case_sheet(desk, one)


def _slip_sheet(desk: Desk, slip: Slip) -> Sheet:
    wanted = slip.wanted
    told: list[tuple[str, object]] = [
        (desk.say("stock.slip-number"), slip.slip),
        (desk.say("stock.where"), _way(desk, wanted)),
        *([(desk.say("stock.kind"), _kind(desk, wanted.kind))] if wanted.kind else []),
        *([(desk.say("stock.taxpayer"), wanted.taxpayer)] if wanted.taxpayer else []),
        *([(desk.say("stock.cause"), wanted.cause)] if wanted.cause else []),
        (desk.say("stock.numbers"), _lots(desk, wanted.lots)),
        (desk.say("stock.sheets"), _sheets(n for _, n in wanted.lots)),
        (desk.say("stock.state"), _state(desk, slip)),
        *([(desk.say("stock.movement"), slip.done.movement)] if slip.done.movement else []),
        *([(desk.say("stock.difference"), link(slip.done.case, f"/stock/{slip.done.case}"))] if slip.done.case else []),
        *([(desk.say("stock.reason"), slip.reason)] if slip.reason else []),
    ]  # fmt: skip
    sections = [(desk.say("stock.slip-is"), facts(told))]
    if wanted.errand in BESIDE:
        sections.append((desk.say("stock.beside"), _beside(desk, wanted.found, slip.book)))
    history = [(desk.moment(slip.proposed_at), desk.say("stock.log.proposed", officer=slip.proposed_by))]
    if slip.decided_at is not None:
        did = desk.say(f"stock.log.{slip.state}", officer=slip.decided_by)
        history.append((desk.moment(slip.decided_at), did))
    lead = ""
    if slip.state == "proposed":
        lead = desk.say("stock.yours" if slip.proposed_by == desk.officer.login else "stock.anothers")
    return Sheet(desk.say(f"stock.does-{wanted.errand}"), sections, history, lead)


def _beside(desk: Desk, found: Lots, book: Lots) -> Markup:
    """What was counted beside what the book says."""
    return table(
        desk.say("stock.beside"),
        [desk.say(f"stock.{name}") for name in ("code", "counted", "by-book", "missing", "extra")],
        [
            (row.code, *(_ranges(desk, side) for side in (row.counted, row.book, row.missing, row.extra)))
            for row in compared(found, book)
        ],
        desk.say("stock.both-empty"),
    )


def _slot_sheet(desk: Desk, one: OfSlot) -> Sheet:
    slot = one.slot
    inside = table(
        desk.say("stock.inside"),
        [desk.say(f"stock.{name}") for name in ("kind", "numbers", "sheets", "state")],
        [
            (
                lines([_kind(desk, one.kinds.get(code, "")), code]),
                _range(held.numbers),
                f"{held.numbers.count:,}",
                badge(
                    desk.say(f"stock.lies-{held.where.state}"),
                    "plain" if held.where.state == "onHand" else "warn",
                ),
            )
            for code, held in slot.contents[:LISTED]
        ],
        desk.say("stock.empty"),
    )
    history = [
        (
            desk.moment(moved.at),
            desk.say(
                f"stock.moved-{moved.type}",
                numbers=f"{moved.code} {_range(moved.numbers)}",
                sheets=f"{moved.numbers.count:,}",
                people=desk.say("list").join(filter(None, (moved.operator, moved.witness))) or "—",
            ),
        )
        for moved in one.movements
    ]
    lead = desk.say("stock.why-closed", why=_why_closed(desk, slot.reason)) if slot.locked else ""
    return Sheet(
        _place(desk, slot.place, slot.unit),
        [(desk.say("stock.inside"), inside)],
        history,
        lead or desk.say("stock.sheets-here", sheets=_sheets(n for _, n in stockkeeping.book_of(slot))),
    )


def _why_closed(desk: Desk, reason: str) -> str:
    """In the officer's words; a reason that none of the books gave is the terminal's own."""
    for begins, words in CLOSED.items():
        if reason.startswith(begins):
            return desk.say(f"stock.closed-{words}", number=reason.removeprefix(begins))
    return desk.say("stock.closed-terminal", why=reason)


def _way_sheet(desk: Desk, way: OnTheWay) -> Sheet:
    told: list[tuple[str, object]] = [
        (desk.say("stock.note"), way.note),
        (desk.say("stock.from"), way.terminal),
        (desk.say("stock.to"), _target(desk, way)),
        (desk.say("stock.numbers"), _lots(desk, way.numbers)),
        (desk.say("stock.sheets"), _sheets(n for _, n in way.numbers)),
        (desk.say("stock.people"), desk.say("list").join((way.operator, way.witness))),
    ]
    if way.waits:
        told.append((desk.say("stock.to-settle"), _lots(desk, way.waits)))
    return Sheet(
        desk.say("stock.the-way"),
        [(desk.say("stock.the-way"), facts(told))],
        [(desk.moment(way.made_at), desk.say("stock.log.left", officer=way.operator))],
        desk.say("stock.way-lead"),
    )


def _case_sheet(desk: Desk, one: OfCase) -> Sheet:
    case = one.case
    place, unit = _where_of(case)
    people = desk.say("list").join(stockkeeping.counted_by(case))
    told: list[tuple[str, object]] = [
        (desk.say("stock.case"), case.case),
        (desk.say("stock.where"), _place(desk, place, unit) if unit else place or "—"),
        *([(desk.say("stock.counters"), people)] if people else []),
    ]
    if case.kind == COUNT:
        told += [
            (desk.say("stock.missing"), _lots(desk, stockkeeping.missing(case))),
            (desk.say("stock.extra"), _cut(desk, _named(case, "extra"))),
        ]
    else:
        told.append((desk.say("stock.found"), _cut(desk, [*_trouble(desk, case), *_named(case, "numbers")])))
    if not case.open:
        told.append((desk.say("stock.outcome"), _outcome(desk, case, case.outcome)))
        told.append((desk.say("stock.reason"), case.note))
    sections = [(desk.say("stock.difference"), facts(told))]
    if one.slot is not None:
        state = facts([(desk.say("stock.state"), _locked(desk, one.slot))])
        sections.append((desk.say("stock.unit-now"), state + _unit_link(desk, one.slot)))
    history = [(desk.moment(case.opened_at), desk.say("stock.log.opened"))]
    if case.closed_at is not None:
        history.append((desk.moment(case.closed_at), desk.say("stock.log.closed", officer=case.closed_by)))
    mine = desk.officer.login.casefold() in {one.casefold() for one in stockkeeping.counted_by(case)}
    lead = desk.say("stock.you-counted") if case.open and mine else ""
    return Sheet(desk.say(f"stock.case-{case.kind}"), sections, history, lead)


def _unit_link(desk: Desk, slot: SlotView) -> Markup:
    named_so = _place(desk, slot.place, slot.unit)
    return Markup("<p>{}</p>").format(
        link(desk.say("stock.see-unit", unit=named_so), _address(slot.place, slot.unit))
    )


def _named(case: Case, key: str) -> list[str]:
    said = case.details.get(key, ())
    return [str(one) for one in said] if isinstance(said, list | tuple) else []


def _trouble(desk: Desk, case: Case) -> list[str]:
    """What did not add up at a hand-over, a line a unit."""
    said = case.details.get("found", ())
    told = []
    for one in said if isinstance(said, list | tuple) else ():
        if isinstance(one, Mapping):
            why = desk.said(f"stock.trouble-{one.get('why')}") or str(one.get("why"))
            numbers = one.get("numbers", ())
            listed = [str(lot) for lot in numbers] if isinstance(numbers, list | tuple) else []
            unit = desk.say("stock.the-shelf") if one.get("unit") == SHELF[0] else str(one.get("unit"))
            told.append(f"{unit} {one.get('code')} {', '.join(map(_as_read, listed))} {why}")
    return told


def _as_read(lot: str) -> str:
    """A range of one number is one number."""
    first, _, last = lot.partition("-")
    return first if last in ("", first) else f"{first}–{last}"


# --- what can be done -------------------------------------------------------------------------------------


def _first_last() -> tuple[Input, Input]:
    return Input("first", most=8, like=NUMBER), Input("last", most=8, like=NUMBER)


def _codes_of(desk: Desk, one: Opened, states: Sequence[str] = ("onHand",)) -> dict[str, str]:
    """Codes that lie in the slot in one of these states, as they are chosen."""
    if not isinstance(one, OfSlot):
        return {}
    found = {code for code, held in one.slot.contents if held.where.state in states}
    return {code: f"{code} {_kind(desk, one.kinds.get(code, ''))}" for code in sorted(found)}


def _code_choice(desk: Desk, one: Opened, *states: str) -> Input:
    codes = _codes_of(desk, one, states)
    return Input("code", "choice", options=codes, value=next(iter(codes)) if len(codes) == 1 else "")


def _receive_inputs(desk: Desk, _known: object) -> Sequence[Input]:
    kinds = {kind: _kind(desk, kind) for kind in sorted(ids("invoice-kind"))}
    return (
        Input("code", most=12, like=CODE),
        *_first_last(),
        Input("kind", "choice", options={"": desk.say("stock.by-code"), **kinds}, optional=True),
    )


def _hand_out_inputs(desk: Desk, one: Opened) -> Sequence[Input]:
    return (
        Input("terminal", most=40, like=TERMINAL),
        Input("unit", "number", most=UNITS),
        _code_choice(desk, one, "onHand"),
        *_first_last(),
    )


def _range_inputs(*states: str, cause: bool = False) -> Callable[[Desk, Opened], Sequence[Input]]:
    def inputs(desk: Desk, one: Opened) -> Sequence[Input]:
        why = (Input("cause", most=MOST_CAUSE),) if cause else ()
        return (_code_choice(desk, one, *states), *_first_last(), *why)

    return inputs


def _return_inputs(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("taxpayer", most=20), Input("code", most=12, like=CODE), *_first_last())


def _found_inputs(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("found", "lines", COUNTED_LENGTH),)


def _proposed(work: Work, officer: str, wanted: Wanted) -> None:
    stockkeeping.propose(work, officer, wanted)


def _receive(_desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    numbers = stockkeeping.span(values["first"], values["last"])
    code = stockkeeping.code_of(values["code"])
    _proposed(work, officer, Wanted("receive", *SHELF, code, values["kind"], numbers))


def _hand_out(_desk: Desk, work: Work, officer: str, _one: Opened, values: Values) -> None:
    numbers = stockkeeping.span(values["first"], values["last"])
    unit = f"unit{int(values['unit'])}"
    wanted = Wanted("hand-out", values["terminal"], unit, values["code"], numbers=numbers)
    _proposed(work, officer, wanted)


def _return(_desk: Desk, work: Work, officer: str, _one: Opened, values: Values) -> None:
    numbers = stockkeeping.span(values["first"], values["last"])
    code, taxpayer = stockkeeping.code_of(values["code"]), values["taxpayer"].upper()
    _proposed(work, officer, Wanted("return", code=code, numbers=numbers, taxpayer=taxpayer))


def _with_numbers(errand: Errand) -> Callable[[Desk, Work, str, Opened, Values], None]:
    """What is done with numbers that lie in the slot of the page."""

    def do(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
        assert isinstance(one, OfSlot), "it is offered for a slot alone"
        numbers = stockkeeping.span(values["first"], values["last"])
        wanted = Wanted(
            errand,
            one.slot.place,
            one.slot.unit,
            values["code"],
            numbers=numbers,
            cause=values.get("cause", ""),
        )
        _proposed(work, officer, wanted)

    return do


def _count(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    assert isinstance(one, OfSlot), "it is offered for a slot alone"
    found = stockkeeping.counted(values["found"].splitlines())
    _proposed(work, officer, Wanted("count", one.slot.place, one.slot.unit, found=found))


def _arrive(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    assert isinstance(one, OfWay), "it is offered for a hand-over alone"
    found = stockkeeping.counted(values["found"].splitlines())
    _proposed(work, officer, Wanted("arrive", note=one.way.note, found=found))


def _confirm(desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    assert isinstance(one, OfSlip), "it is offered for a slip alone"
    if not _still_keeps(desk, one.slip.proposed_by):
        raise StockRefused("writerGone", f"{one.slip.proposed_by} keeps no blank invoices any more")
    stockkeeping.confirm(work.core, one.slip.slip, officer)


def _still_keeps(desk: Desk, login: str) -> bool:
    """Whether who wrote a slip may write one to this day: two people are beside the paper when it is confirmed."""
    try:
        return may(desk.parts.accounts.officer(login).roles, Act.STOCK_CONFIRM)
    except OfficerUnknown:
        return False


def _refuse(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    assert isinstance(one, OfSlip), "it is offered for a slip alone"
    stockkeeping.refuse(work.core, one.slip.slip, officer, values["reason"])


def _withdraw(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    assert isinstance(one, OfSlip), "it is offered for a slip alone"
    stockkeeping.withdraw(work.core, one.slip.slip, officer)


def _close(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    assert isinstance(one, OfCase), "it is offered for a difference alone"
    stockkeeping.close(work.core, one.case.case, Ending(values["outcome"], officer, note=values["note"]))


def _close_inputs(desk: Desk, one: Opened) -> Sequence[Input]:
    counted = isinstance(one, OfCase) and one.case.kind == COUNT
    lacks = isinstance(one, OfCase) and counted and stockkeeping.missing(one.case)
    outcomes = [outcome for outcome in OUTCOMES if outcome != WRITTEN_OFF or lacks or not counted]
    case = one.case if isinstance(one, OfCase) else None
    options = {outcome: _outcome(desk, case, outcome) for outcome in outcomes}
    return Input("outcome", "choice", options=options), Input("note", most=MOST_NOTE)


def _outcome(desk: Desk, case: Case | None, outcome: str) -> str:
    """What it means of a count, or of a hand-over."""
    of_count = (
        {WRITTEN_OFF: "lost"} if case is not None and case.kind == COUNT else {"no-difference": "there"}
    )
    return desk.say(f"stock.outcome-{of_count.get(outcome, outcome)}")


def _close_lead(desk: Desk, one: Opened) -> str:
    counted = isinstance(one, OfCase) and one.case.kind == COUNT
    return desk.say("stock.close-count" if counted else "stock.close-way")


def _closable(desk: Desk, one: Opened) -> bool:
    if not isinstance(one, OfCase) or not one.case.open:
        return False
    return desk.officer.login.casefold() not in {by.casefold() for by in stockkeeping.counted_by(one.case)}


def _waiting(mine: bool) -> Callable[[Desk, Opened], bool]:
    def offered(desk: Desk, one: Opened) -> bool:
        if not isinstance(one, OfSlip) or one.slip.state != "proposed":
            return False
        return (one.slip.proposed_by == desk.officer.login) is mine

    return offered


def _has(*states: str, shelf: bool | None = None) -> Callable[[Desk, Opened], bool]:
    """A slot, on the shelf or in a terminal, with something in one of these states in it."""

    def offered(desk: Desk, one: Opened) -> bool:
        if not isinstance(one, OfSlot):
            return False
        on_shelf = (one.slot.place, one.slot.unit) == SHELF
        return (shelf is None or on_shelf is shelf) and bool(_codes_of(desk, one, states))

    return offered


def _on_the_shelf(_desk: Desk, one: Opened) -> bool:
    return isinstance(one, OfSlot) and (one.slot.place, one.slot.unit) == SHELF


def _kept(*keys: str) -> Callable[[Values], Mapping[str, str]]:
    """What of it the trail keeps: codes, numbers, places. No person is named by them."""
    return lambda values: {key: values[key][:200] for key in keys if values.get(key)}


_NUMBERS: Final = ("code", "first", "last")


STOCK: Final[Worklist[Row, Opened]] = Worklist(
    key="stock",
    see=Act.STOCK_SEE,
    tabs=TABS,
    columns=("what", "where", "numbers", "sheets", "by", "state"),
    columns_of={
        "shelf": ("kind", "code", "numbers", "sheets", "apart"),
        "terminals": ("unit", "kind", "numbers", "sheets", "lasts", "state"),
        "way": ("since", "from", "to", "numbers", "sheets"),
        "differences": ("case", "what", "where", "missing", "since"),
    },
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=_shown,
    current=_current,
    mark=_mark,
    waits=_waits,
    number=f"{OWN_NUMBER}|{UNIT}|{NOTE}",
    deeds=(
        Deed(Act.STOCK_CONFIRM, "stock.confirm", _confirm, offered=_waiting(mine=False)),
        Deed(
            Act.STOCK_REFUSE,
            "stock.refuse",
            _refuse,
            lambda _desk, _one: (Input("reason", most=MOST_CAUSE),),
            _waiting(mine=False),
            kind="danger",
        ),
        Deed(Act.STOCK_WITHDRAW, "stock.withdraw", _withdraw, offered=_waiting(mine=True), kind="quiet"),
        Deed(
            Act.STOCK_HAND_OUT,
            "stock.hand-out",
            _hand_out,
            _hand_out_inputs,
            _has("onHand", shelf=True),
            details=_kept("terminal", "unit", "code", "first", "last"),
        ),
        Deed(
            Act.STOCK_TAKE_BACK,
            "stock.fetch",
            _with_numbers("fetch"),
            _range_inputs("onHand"),
            _has("onHand", shelf=False),
            details=_kept(*_NUMBERS),
        ),
        Deed(
            Act.STOCK_COUNT,
            "stock.count",
            _count,
            _found_inputs,
            lambda _desk, one: isinstance(one, OfSlot),
            details=lambda values: {"lines": str(len(values["found"].splitlines()))},
        ),
        Deed(
            Act.STOCK_TAKE_BACK,
            "stock.return",
            _return,
            _return_inputs,
            _on_the_shelf,
            details=_kept(*_NUMBERS),
        ),
        Deed(
            Act.STOCK_TAKE_BACK,
            "stock.arrive",
            _arrive,
            _found_inputs,
            lambda _desk, one: isinstance(one, OfWay) and bool(one.way.numbers),
            details=lambda values: {"lines": str(len(values["found"].splitlines()))},
        ),
        Deed(
            Act.STOCK_RELEASE,
            "stock.release",
            _with_numbers("release"),
            _range_inputs("quarantined"),
            _has("quarantined"),
            details=_kept(*_NUMBERS),
        ),
        Deed(
            Act.STOCK_WRITE_OFF,
            "stock.unload",
            _with_numbers("unload"),
            _range_inputs("onHand", "quarantined", cause=True),
            _has("onHand", "quarantined", shelf=True),
            details=_kept(*_NUMBERS),
            kind="danger",
        ),
        Deed(
            Act.STOCK_WRITE_OFF,
            "stock.spoil",
            _with_numbers("spoil"),
            _range_inputs("onHand", "quarantined", cause=True),
            _has("onHand", "quarantined"),
            details=_kept(*_NUMBERS),
            kind="danger",
        ),
        Deed(
            Act.STOCK_CLOSE,
            "stock.close",
            _close,
            _close_inputs,
            _closable,
            _close_lead,
            details=_kept("outcome"),
            kind="danger",
        ),
    ),
    begin=(
        Deed(
            Act.STOCK_RECEIVE,
            "stock.receive",
            _receive,
            _receive_inputs,
            details=_kept("code", "first", "last", "kind"),
        ),
    ),
)
"""``current`` locks the slips; numbers themselves move under the lock of their code, and each is looked at there."""
