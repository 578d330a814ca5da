"""What officers do with the bureau's blank invoices: one writes a slip, another confirms it, and then it is done.

Rules: domain note, section 7.4; two people for whatever moves paper, counts it or takes it off the books (双人). What
is wrong with a slip is found when it is written: it is tried, and undone. When it is confirmed the books of that moment
count. ``carry_out`` is the one way to the books, also of ``bureau stock``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from bureau.engine import proposals
from bureau.engine.repaying import cases
from bureau.engine.stock_counts import Compared, compared, tidy
from bureau.errors import CaseUnknown, StockRefused
from bureau.ports.cases import Case, Ending
from bureau.ports.core import Core
from bureau.ports.stock import DIFFERS, SHELF, Done, Hands, Lots, Slip, SlotView, Wanted
from bureau.ports.system import Work
from kiosk.domain.errors import FieldError, RangeError
from kiosk.domain.invoices import InvoiceRange, check_code, intersect

COUNT: Final = "count-differs"
DIFFERENCES: Final = (COUNT, "handover-differs", "handover-lost")
"""Kinds of cases about blanks that do not add up."""
WRITTEN_OFF: Final = "corrected"
"""The outcome with which missing numbers of a count leave the books."""
MOST_CAUSE: Final = 60
MOST_LINES: Final = 200
"""Ranges that one count names at most."""
WAITING_AT_MOST: Final = 500
"""Slips that wait at once: more are a program that writes them."""
NOTHING: Final = ("空", "empty")
"""How it is written that a unit is empty."""
_LINE: Final = re.compile(r"([0-9]+)[\s:]+([0-9]{8})(?:\s*[-~–—]\s*([0-9]{8}))?")
_TRIED: Final = "…"
"""Who watches while it is only tried."""


class _Undo(Exception):
    """Leaves nothing of what was tried."""


# --- reading what people write ----------------------------------------------------------------------------


def span(first: str, last: str) -> InvoiceRange:
    """Both ends as they were typed; raises ``StockRefused``."""
    try:
        return InvoiceRange(first, last)
    except RangeError as error:
        raise StockRefused("span", f"{error}; give the first and the last number as printed") from error


def code_of(text: str) -> str:
    """A code of 10 or 12 digits; raises ``StockRefused``."""
    try:
        return check_code(text).code
    except FieldError as error:
        raise StockRefused(
            "code", f"{text!r} is no invoice code: give its 10 or 12 digits as printed"
        ) from error


def counted(lines: Iterable[str]) -> Lots:
    """What people found, a range a line: ``CODE FIRST-LAST``, or the one word ``空``. Raises ``StockRefused``.

    Figures and signs of a Chinese keyboard are read too. No number is named twice.
    """
    said = [text for line in lines if (text := unicodedata.normalize("NFKC", line).strip())]
    if len(said) == 1 and said[0].casefold() in NOTHING:
        return ()
    if not 1 <= len(said) <= MOST_LINES:
        raise StockRefused("lines", f"write 1 to {MOST_LINES} lines, or `empty`", most=MOST_LINES)
    found = [_counted(text, at) for at, text in enumerate(said, 1)]
    try:
        return tidy(found, disjoint=True)
    except RangeError as error:
        raise StockRefused("twice", f"{error}: name each number once") from error


def _counted(text: str, at: int) -> tuple[str, InvoiceRange]:
    match = _LINE.fullmatch(text)
    try:
        if match is None:
            raise StockRefused("line", f"line {at} is none", most=at)
        return code_of(match[1]), span(match[2], match[3] or match[2])
    except StockRefused as error:
        raise StockRefused(
            "line", f"{text[:60]!r}: {error}; write CODE:FIRST-LAST, or `empty`", most=at
        ) from error


# --- the one way to the books -----------------------------------------------------------------------------


def carry_out(core: Core, wanted: Wanted, hands: Hands, book: Lots | None = None) -> Done:
    """Do it; raises ``StockRefused``, and then nothing was moved.

    ``book``: what the books had when it was counted, of a count or a hand-over that others counted before.
    """
    core.stock.lock()
    if wanted.errand == "count":
        return core.stock.count(wanted.place, wanted.unit, wanted.found, hands, book)
    if book is not None and wanted.errand == "arrive" and _book(core, wanted) != book:
        raise StockRefused("countedBefore", f"something else is on its way by now with {wanted.note}")
    if wanted.errand in _OUT_OF_A_SLOT:
        none_missing(core, wanted.code, _numbers(wanted))
    return _ERRANDS[wanted.errand](core, wanted, hands)


def _numbers(wanted: Wanted) -> InvoiceRange:
    if wanted.numbers is None:
        raise StockRefused("span", "give the first and the last number as printed")
    return wanted.numbers


def _receive(core: Core, wanted: Wanted, hands: Hands) -> Done:
    """New numbers come onto the shelf, or straight into a terminal (``bureau stock load``)."""
    place, unit = (wanted.place, wanted.unit) if wanted.place else SHELF
    core.stock.check_place(place)
    return Done(core.stock.load(place, unit, wanted.code, _numbers(wanted), hands, wanted.kind))


def _hand_out(core: Core, wanted: Wanted, hands: Hands) -> Done:
    core.stock.check_place(wanted.place)
    if wanted.place == SHELF[0]:
        raise StockRefused("place", "a terminal takes what is handed out, not the shelf", place=wanted.place)
    _lies_at(core, SHELF, wanted, {"onHand"})
    return Done(core.stock.load(wanted.place, wanted.unit, wanted.code, _numbers(wanted), hands))


def _fetch(core: Core, wanted: Wanted, hands: Hands) -> Done:
    return Done(core.stock.fetch(wanted.place, wanted.unit, wanted.code, _numbers(wanted), hands))


def _return(core: Core, wanted: Wanted, hands: Hands) -> Done:
    if core.registration.taxpayer(wanted.taxpayer) is None:
        raise StockRefused("taxpayer", f"no enterprise {wanted.taxpayer!r} is registered here")
    return Done(core.stock.take_back(wanted.taxpayer, wanted.code, _numbers(wanted), hands))


def _arrive(core: Core, wanted: Wanted, hands: Hands) -> Done:
    movement, case = core.stock.receive(wanted.note, wanted.found, hands)
    return Done(movement, case=case)


def _release(core: Core, wanted: Wanted, hands: Hands) -> Done:
    _where_it_was_seen(core, wanted, {"quarantined"})
    return Done(core.stock.release(wanted.code, _numbers(wanted), hands))


def _spoil(core: Core, wanted: Wanted, hands: Hands) -> Done:
    _where_it_was_seen(core, wanted, {"onHand", "quarantined"})
    return Done(core.stock.spoil(wanted.code, _numbers(wanted), hands, wanted.cause))


def _unload(core: Core, wanted: Wanted, hands: Hands) -> Done:
    _where_it_was_seen(core, wanted, {"onHand", "quarantined"})
    return Done(core.stock.unload(wanted.code, _numbers(wanted), hands, wanted.cause))


_ERRANDS: Final[Mapping[str, Callable[[Core, Wanted, Hands], Done]]] = {
    "receive": _receive,
    "hand-out": _hand_out,
    "fetch": _fetch,
    "return": _return,
    "arrive": _arrive,
    "release": _release,
    "spoil": _spoil,
    "unload": _unload,
}
_OUT_OF_A_SLOT: Final = ("receive", "hand-out", "fetch", "spoil", "unload")
"""What takes paper from where it lies free; ``receive`` straight into a terminal takes what is on the shelf."""


def none_missing(core: Core, code: str, numbers: InvoiceRange) -> None:
    """Raises ``StockRefused`` for numbers that the last count of their unit did not find.

    They lie there by the books alone; moved on, the difference would be out of sight before anybody looked into it.
    """
    slots = {(held.where.place, held.where.unit) for held in core.stock.lies(code, numbers)}
    for place, unit in sorted((place, unit) for place, unit in slots if place and unit):
        slot = core.stock.slot(place, unit)
        case = None if slot is None else _differs_by(core, slot)
        for other, gone in () if case is None else missing(case):
            if other == code and gone.overlaps(numbers):
                said = f"{code} {gone.first}-{gone.last}"
                raise StockRefused("notFound", f"{said} was not found by the last count", numbers=said)


def _differs_by(core: Core, slot: SlotView) -> Case | None:
    """The case of the last count of a unit, while the unit is closed by it."""
    if not slot.locked or not slot.reason.startswith(DIFFERS):
        return None
    return core.cases.case(slot.reason.removeprefix(DIFFERS))


def _where_it_was_seen(core: Core, wanted: Wanted, states: set[str]) -> None:
    if wanted.place:
        _lies_at(core, (wanted.place, wanted.unit), wanted, states)


def _lies_at(core: Core, slot: tuple[str, str], wanted: Wanted, states: set[str]) -> None:
    """Raises ``StockRefused`` unless every number lies there in one of these states."""
    numbers = _numbers(wanted)
    here = [
        held
        for held in core.stock.lies(wanted.code, numbers)
        if (held.where.place, held.where.unit) == slot and held.where.state in states
    ]
    if sum(held.numbers.count for held in here) != numbers.count:
        said = f"{wanted.code} {numbers.first}-{numbers.last}"
        raise StockRefused("moved", f"{said} does not all lie in {' '.join(slot)}", numbers=said)


# --- slips ------------------------------------------------------------------------------------------------


def propose(work: Work, officer: str, wanted: Wanted) -> Slip:
    """Write a slip; the same one of the same officer that waits already is the same slip.

    Raises ``StockRefused`` for what could not be done now, and while another slip about these numbers or this unit
    waits.
    """
    core = work.core
    core.stock.lock()
    waiting = core.stock.slips(["proposed"], WAITING_AT_MOST)
    book = _book(core, wanted) if wanted.errand in ("count", "arrive") else ()
    for other in waiting:
        if (other.wanted, other.proposed_by, other.book) == (wanted, officer, book):
            return other
    if len(waiting) >= WAITING_AT_MOST:
        raise StockRefused("tooMany", f"{WAITING_AT_MOST} slips wait; decide some", most=WAITING_AT_MOST)
    touched = _touched(core, wanted)
    for other in waiting:
        if _in_the_way(core, wanted, touched, other.wanted):
            raise StockRefused("waits", f"slip {other.slip} is about the same", numbers=other.slip)
    if wanted.cause and not _sayable(wanted.cause, MOST_CAUSE):
        raise StockRefused("words", f"say why in 1 to {MOST_CAUSE} characters on one line", most=MOST_CAUSE)
    if wanted.errand != "count":  # which moves nothing, and would open a case
        _tried(work, wanted, officer)
    return core.stock.write(wanted, officer, book)


def confirm(core: Core, number: str, officer: str) -> Slip:
    """Do what another officer's slip asks for; raises ``StockRefused``, ``DecisionRefused``."""
    slip = proposals.held(core.stock, lambda: there(core, number), number, "proposed")
    proposals.by_another(officer, slip.proposed_by, "wrote it")
    done = carry_out(core, slip.wanted, Hands(slip.proposed_by, officer), slip.book)
    return _decided(core, replace(slip, state="done", decided_by=officer, decided_at=core.now, done=done))


def refuse(core: Core, number: str, officer: str, reason: str) -> Slip:
    """Say that it is not done, with a reason; raises ``StockRefused``, ``DecisionRefused``."""
    slip = proposals.held(core.stock, lambda: there(core, number), number, "proposed")
    proposals.by_another(officer, slip.proposed_by, "wrote it")
    if not _sayable(reason, MOST_CAUSE):
        raise StockRefused("words", f"say why in 1 to {MOST_CAUSE} characters on one line", most=MOST_CAUSE)
    return _decided(
        core, replace(slip, state="refused", decided_by=officer, decided_at=core.now, reason=reason)
    )


def withdraw(core: Core, number: str, officer: str) -> Slip:
    """Take one's own slip back; raises ``StockRefused``, ``DecisionRefused``."""
    slip = proposals.held(core.stock, lambda: there(core, number), number, "proposed")
    if slip.proposed_by != officer:
        raise StockRefused("notYours", f"{slip.proposed_by} wrote slip {number}, and may take it back")
    return _decided(core, replace(slip, state="withdrawn", decided_by=officer, decided_at=core.now))


def there(core: Core, number: str) -> Slip:
    """A slip by its number; raises ``StockRefused``."""
    slip = core.stock.slip(number)
    if slip is None:
        raise StockRefused("unknown", f"there is no slip {number}")
    return slip


def _decided(core: Core, slip: Slip) -> Slip:
    core.stock.decide(slip)
    return slip


def _tried(work: Work, wanted: Wanted, officer: str) -> None:
    """Raises what would be refused; nothing of it stays."""
    try:
        with work.attempt():
            carry_out(work.core, wanted, Hands(officer, _TRIED))
            raise _Undo
    except _Undo:
        pass


def _touched(core: Core, wanted: Wanted) -> set[tuple[str, str]]:
    """Places and units of which something changes."""
    found = {(wanted.place, wanted.unit)} if wanted.place else set()
    if wanted.errand != "count":
        found |= {
            (held.where.place or "", held.where.unit or "")
            for code, numbers in wanted.lots
            for held in core.stock.lies(code, numbers)
        }
        if wanted.errand not in ("spoil", "unload"):
            found.add(SHELF)
    return found


def _in_the_way(core: Core, wanted: Wanted, touched: set[tuple[str, str]], other: Wanted) -> bool:
    """Whether both are about one number, or one of them counts what the other moves."""
    if "count" in (wanted.errand, other.errand):
        return bool(touched & _touched(core, other))
    if wanted.note and wanted.note == other.note:
        return True
    return any(
        code == also and numbers.overlaps(others)
        for code, numbers in wanted.lots
        for also, others in other.lots
    )


def _book(core: Core, wanted: Wanted) -> Lots:
    """What should be found: in a unit, or of a hand-over what nobody has taken up."""
    if wanted.errand == "arrive":
        way = next((one for one in core.stock.on_the_way() if one.note == wanted.note), None)
        if way is None:
            raise StockRefused("note", f"hand-over {wanted.note!r} is not known here, or is finished")
        return tidy(way.numbers)
    slot = core.stock.slot(wanted.place, wanted.unit)
    if slot is None:
        raise StockRefused("unit", f"there is no unit {wanted.unit} at {wanted.place}", place=wanted.place)
    return book_of(slot)


def book_of(slot: SlotView) -> Lots:
    """What a slot should hold: all but what lies apart in quarantine."""
    return tidy((code, held.numbers) for code, held in slot.contents if held.where.state != "quarantined")


def beside(slip: Slip) -> list[Compared]:
    """Of a count, or of what a hand-over brought, what was found beside what the books had."""
    return compared(slip.wanted.found, slip.book)


def _sayable(text: str, most: int) -> bool:
    return 1 <= len(text.strip()) <= most and text.isprintable()


# --- differences ------------------------------------------------------------------------------------------


def differences(core: Core, limit: int) -> list[Case]:
    """Open ones, the oldest first."""
    found = [case for kind in DIFFERENCES for case in core.cases.listed(kind, limit)]
    return sorted(found, key=lambda case: (case.opened_at, case.case))[:limit]


def difference(core: Core, number: str, *, lock: bool = False) -> Case:
    """A case about blanks that do not add up; raises ``CaseUnknown``."""
    case = core.cases.case(number, lock=lock)
    if case is None or case.kind not in DIFFERENCES:
        raise CaseUnknown(number)
    return case


def counted_by(case: Case) -> tuple[str, ...]:
    """Who counted."""
    named = case.details.get("counted_by", ())
    return tuple(str(one) for one in named) if isinstance(named, list | tuple) else ()


def missing(case: Case) -> Lots:
    """Numbers of a count that were not found; a case of an earlier release names each by itself."""
    named = case.details.get("missing", ())
    return tidy(_kept(str(one)) for one in (named if isinstance(named, list | tuple) else ()))


def _kept(text: str) -> tuple[str, InvoiceRange]:
    code, _, numbers = text.partition(" ")
    first, _, last = numbers.partition("-")
    return code, InvoiceRange(first, last or first)


def slot_of(case: Case) -> tuple[str, str]:
    """Place and unit of a count; a case of an earlier release has them in its reference."""
    place, unit, *_ = case.reference.split("/")
    return str(case.details.get("place", place)), str(case.details.get("unit", unit))


def close(core: Core, number: str, ending: Ending) -> Case:
    """Close one by an officer who did not count; ``corrected`` writes a count's missing numbers off as lost.

    Otherwise the unit must have been counted again since and found right: nothing else opens it. Written off is what
    its last count did not find. Raises ``CaseUnknown``, ``StockRefused``, and ``CaseRefused`` for an outcome or a note
    that is none.
    """
    core.stock.lock()
    case = difference(core, number, lock=True)
    if not case.open:
        raise StockRefused("closed", f"case {number} was closed by {case.closed_by}: {case.outcome}")
    if ending.by.strip().casefold() in {one.strip().casefold() for one in counted_by(case)}:
        raise StockRefused("countedIt", f"{ending.by} counted; another officer closes case {number}")
    if not _sayable(ending.note, cases.MOST_NOTE):
        raise StockRefused(
            "words",
            f"say what was found in 1 to {cases.MOST_NOTE} characters on one line",
            most=cases.MOST_NOTE,
        )
    if case.kind == COUNT and ending.outcome == WRITTEN_OFF:
        _write_off(core, case, ending)
    elif case.kind == COUNT:
        slot = core.stock.slot(*slot_of(case))
        if slot is not None and slot.locked:
            raise StockRefused("recount", "count the unit again first: by its last count it still differs")
    return cases.close(core, number, ending)


def _write_off(core: Core, case: Case, ending: Ending) -> None:
    """What of the missing numbers lies there by the books to this day; the rest was accounted for meanwhile."""
    slot = core.stock.slot(*slot_of(case))
    if slot is None or not slot.locked or slot.reason != DIFFERS + case.case:
        raise StockRefused(
            "countedSince", f"the unit of case {case.case} was counted since, or closed for another"
        )
    if not counted_by(case):
        raise StockRefused("hands", f"case {case.case} does not say who counted: count the unit again")
    free = [(code, held.numbers) for code, held in slot.contents if held.where.state == "onHand"]
    lost = [
        (code, part)
        for code, numbers in missing(case)
        for part in intersect([numbers], [n for c, n in free if c == code])
    ]
    if not lost:
        raise StockRefused("nothingLost", f"no missing number of case {case.case} lies there by the books")
    hands = Hands(ending.by, counted_by(case)[0])
    for code, numbers in lost:
        core.stock.lose(code, numbers, hands, case.case)
