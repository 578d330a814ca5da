"""The bureau's own blanks: a range moves whole or not at all, what differs closes its unit, a slip stays as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bureau.conformance.bench import Bench, NotAsked, numbered, promise, refused, same, there
from bureau.conformance.promises.handovers import PAPER, note_of
from bureau.conformance.promises.invoices import front, wanted
from bureau.errors import StockRefused
from bureau.ports.invoices import Settlement, Slot
from bureau.ports.stock import DIFFERS, SHELF, Done, Hands, Held, Lots, Slip, SlipState, SlotView, Wanted
from bureau.ports.system import Work
from kiosk.domain.invoices import InvoiceRange

HANDS = Hands("check", "check two")
LIVE = ("onHand", "reserved", "quarantined")
"""What may be said of a number that lies in a slot."""
Lies = tuple[str, str | None, str | None]
"""State, place and unit of one number."""
AWAY: dict[str, Callable[[Work, str, InvoiceRange], str]] = {
    "unload": lambda work, code, numbers: work.core.stock.unload(code, numbers, HANDS, "check"),
    "spoil": lambda work, code, numbers: work.core.stock.spoil(code, numbers, HANDS, "check"),
    "lose": lambda work, code, numbers: work.core.stock.lose(code, numbers, HANDS, "check"),
}
"""How numbers leave the books."""


def _where(work: Work, code: str, numbers: InvoiceRange) -> list[Lies]:
    """Of each number that the books have, ascending, however a core cuts its ranges."""
    return [
        (held.where.state, held.where.place, held.where.unit)
        for held in work.core.stock.lies(code, numbers)
        for _ in range(held.numbers.count)
    ]


def _each(contents: tuple[tuple[str, Held], ...], code: str, *states: str) -> list[str]:
    """Every number of the code that is in one of these states there."""
    return [
        number
        for other, held in contents
        if other == code and held.where.state in states
        for number in held.numbers
    ]


def _slot(work: Work, place: str, unit: str) -> SlotView:
    return there(f"stock/slot of {place} {unit}", work.core.stock.slot(place, unit))


def _all(slot: Slot) -> InvoiceRange:
    """Everything in front of the unit."""
    return InvoiceRange.starting(slot.next_number or "", slot.on_hand)


def _on_shelf(bench: Bench, work: Work) -> tuple[str, InvoiceRange]:
    """The two sheets of the manifest; raises ``NotAsked`` when they do not lie on the shelf."""
    shelf = bench.manifest.shelf
    assert shelf is not None, "the promise says that it needs it"
    numbers = InvoiceRange.starting(shelf.first, 2)
    if _where(work, shelf.code, numbers) != [("onHand", *SHELF)] * 2:
        raise NotAsked(f"{shelf.code} {numbers.first}-{numbers.last} on the shelf, not in quarantine")
    return shelf.code, numbers


@promise(
    "stock.lies",
    "`lies`, `slot` and `slots` tell of one number the same state, place and unit; `codes` has the kind of its code.",
    "Make all three of the same books, with everything that lies in a unit, and nothing for a unit that is not there.",
    "sheets",
)
def lies(bench: Bench) -> None:
    """What lies in front of the unit."""
    with bench.reading() as work:
        slot, stock = front(bench, work), work.core.stock
        code, place, unit, numbers = slot.code or "", slot.place, slot.unit, _all(slot)
        same("stock/codes: the kind of what lies in front", stock.codes().get(code), slot.kind)
        same("stock/lies of that", _where(work, code, numbers), [("onHand", place, unit)] * numbers.count)
        seen = _slot(work, place, unit)
        missing = sorted(set(numbers) - set(_each(seen.contents, code, "onHand")))
        same("stock/slot: what of it is not there", missing, [])
        same("stock/slots of the place", [one for one in stock.slots(place) if one.unit == unit], [seen])
        every = [one for one in stock.slots() if (one.place, one.unit) == (place, unit)]
        same("stock/slots of all places", every, [seen])
        same("stock/slot of a unit that is not there", stock.slot(place, bench.key("unit")), None)


@promise(
    "stock.place",
    "`check_place` lets the shelf and enrolled terminals pass.",
    "Refuse with StockRefused whatever else is named.",
)
def place(bench: Bench) -> None:
    """The shelf, the terminal, and a name that nobody has."""
    with bench.undone() as work:
        work.core.stock.check_place(SHELF[0])
        work.core.stock.check_place(bench.manifest.terminal)
        other = bench.key("terminal")
        refused(work, StockRefused, "stock/check_place", lambda: work.core.stock.check_place(other))


@promise(
    "stock.whole",
    "A range moves whole, and from where its method says, or not at all; its last movement is told first.",
    "Look at every number before the first one moves, and refuse with StockRefused.",
    "sheets",
    "shelf",
)
def whole(bench: Bench) -> None:
    """A unit is emptied onto the shelf; two sheets of the shelf go into it, and one and a half of them back."""
    with bench.undone() as work:
        (code, two), slot, stock = _on_shelf(bench, work), front(bench, work), work.core.stock
        here, numbers = (slot.place, slot.unit), _all(slot)
        own = slot.code or ""
        movement = stock.fetch(*here, own, numbers, HANDS)
        same("stock/lies after stock/fetch", _where(work, own, numbers), [("onHand", *SHELF)] * numbers.count)
        told = [
            (one.movement, one.type, one.code, one.numbers, one.operator, one.witness)
            for one in stock.movements(*SHELF, 1)
        ]
        wrote = (movement, "TRANSFER_IN", own, numbers, HANDS.operator, HANDS.witness)
        same("stock/movements of the shelf: the last one", told, [wrote])
        asked = "stock/fetch of what is on the shelf by now"
        refused(work, StockRefused, asked, lambda: stock.fetch(*here, own, numbers, HANDS))
        stock.load(*here, code, two, HANDS)
        same("stock/lies after stock/load from the shelf", _where(work, code, two), [("onHand", *here)] * 2)
        first, last = InvoiceRange(two.first, two.first), InvoiceRange(two.last, two.last)
        stock.fetch(*here, code, last, HANDS)
        asked = "stock/fetch of two sheets of which one is not there"
        refused(work, StockRefused, asked, lambda: stock.fetch(*here, code, two, HANDS))
        same("stock/lies of the other after that", _where(work, code, first), [("onHand", *here)])


@promise(
    "stock.known",
    "A number comes into the books once: what is there, or ever was, is not new.",
    "Keep numbers that have left the books, and refuse with StockRefused.",
    "shelf",
)
def known(bench: Bench) -> None:
    """What lies on the shelf is received once more; then it is sent back, and received again."""
    with bench.undone() as work:
        (code, two), stock = _on_shelf(bench, work), work.core.stock
        asked = "stock/load of what lies on the shelf"
        refused(work, StockRefused, asked, lambda: stock.load(*SHELF, code, two, HANDS))
        stock.unload(code, two, HANDS, "check")
        asked = "stock/load of what was sent back"
        refused(work, StockRefused, asked, lambda: stock.load(*SHELF, code, two, HANDS))


@promise(
    "stock.gone",
    "What was sent back, spoilt or lost lies nowhere, and no method brings it back.",
    "Keep the number as what became of it; nothing counts it, gives it out or releases it again.",
    "shelf",
)
def gone(bench: Bench) -> None:
    """One of the two sheets goes each way."""
    for way in AWAY:
        with bench.undone() as work:
            _gone(bench, work, way)


def _gone(bench: Bench, work: Work, way: str) -> None:
    assert bench.manifest.shelf is not None, "the promise says that it needs it"
    (code, two), stock, kind = _on_shelf(bench, work), work.core.stock, bench.manifest.shelf.kind
    one, before = InvoiceRange(two.first, two.first), work.core.deliveries.in_stock(kind)
    AWAY[way](work, code, one)
    left = [number for number in _each(_slot(work, *SHELF).contents, code, *LIVE) if number in two]
    same(f"stock/slot of the shelf after stock/{way}", left, [two.last])
    states = [state for state, *_ in _where(work, code, one) if state in LIVE]
    same(f"stock/lies after stock/{way}: as if it lay in a slot", states, [])
    same(f"deliveries/in_stock after stock/{way}", work.core.deliveries.in_stock(kind), max(0, before - 1))
    asked = f"stock/release after stock/{way}"
    refused(work, StockRefused, asked, lambda: stock.release(code, one, HANDS))
    refused(work, StockRefused, f"stock/{way} once more", lambda: AWAY[way](work, code, one))


@promise(
    "stock.apart",
    "What an enterprise hands in lies on the shelf in quarantine, and is given to nobody before it is released.",
    "Take back what this enterprise was issued and has not accounted for; `release` makes it free, once.",
    "sheets",
)
def apart(bench: Bench) -> None:
    """One sheet is issued, handed in by another, handed in, handed out, released."""
    with bench.undone() as work:
        slot, stock, firm = front(bench, work), work.core.stock, bench.sheets.taxpayer
        made = work.core.invoices.reserve(wanted(bench, slot, "apart", 1))
        work.core.invoices.settle(made, Settlement((made.numbers,), (), (), None))
        code, one = made.code, made.numbers
        asked = "stock/take_back from an enterprise that does not have it"
        refused(work, StockRefused, asked, lambda: stock.take_back(bench.key("firm"), code, one, HANDS))
        stock.take_back(firm, code, one, HANDS)
        same("stock/lies after stock/take_back", _where(work, code, one), [("quarantined", *SHELF)])
        asked = "stock/take_back once more"
        refused(work, StockRefused, asked, lambda: stock.take_back(firm, code, one, HANDS))
        asked = "stock/load into a unit of what lies in quarantine"
        refused(work, StockRefused, asked, lambda: stock.load(slot.place, slot.unit, code, one, HANDS))
        stock.release(code, one, HANDS)
        same("stock/lies after stock/release", _where(work, code, one), [("onHand", *SHELF)])
        refused(work, StockRefused, "stock/release once more", lambda: stock.release(code, one, HANDS))


@promise(
    "stock.counted",
    "A count that differs closes its unit and opens a case of what is missing; one that balances opens the unit.",
    f"Write the unit's reason as `{DIFFERS}NUMBER`, and the details as the reference engine does.",
    "sheets",
)
def counted(bench: Bench) -> None:
    """All of it, all but the last sheet, all of it again."""
    with bench.undone() as work:
        slot, stock = front(bench, work), work.core.stock
        here, everything = (slot.place, slot.unit), _book(work, slot)
        same("stock/count of all", stock.count(*here, everything, HANDS).result, "BALANCED")
        code, numbers = everything[-1]
        rest = numbers.subtract(InvoiceRange(numbers.last, numbers.last))
        short = (*everything[:-1], *((code, one) for one in rest))
        done = stock.count(*here, short, HANDS)
        same("stock/count of one sheet fewer", (done.result, bool(done.case)), ("DIFFERENCE", True))
        seen = _slot(work, *here)
        same(
            "stock/slot after that: closed, and why", (seen.locked, seen.reason), (True, DIFFERS + done.case)
        )
        closed = there("invoices/slot", work.core.invoices.slot(*here)).locked
        same("invoices/slot after that: closed", closed, True)
        case = there("cases/case of it", work.core.cases.case(done.case))
        said = {key: case.details.get(key) for key in ("place", "unit", "missing", "extra", "counted_by")}
        wrote = {
            "place": slot.place, "unit": slot.unit, "missing": [f"{code} {numbers.last}-{numbers.last}"],
            "extra": [], "counted_by": [HANDS.operator, HANDS.witness],
        }  # fmt: skip
        same("cases/case: kind and details", (case.kind, said), ("count-differs", wrote))
        same("stock/count of all, again", stock.count(*here, everything, HANDS).result, "BALANCED")
        same("stock/slot after that: closed", _slot(work, *here).locked, False)


def _book(work: Work, slot: Slot) -> Lots:
    """What is counted there."""
    seen = _slot(work, slot.place, slot.unit)
    return tuple((code, held.numbers) for code, held in seen.contents if held.where.state != "quarantined")


@promise(
    "stock.as-counted",
    "`count` with `book` counts nothing where the unit has changed since, and closes nothing.",
    "Compare what lies there with `book` first, in the same lock, and refuse with StockRefused.",
    "sheets",
)
def as_counted(bench: Bench) -> None:
    """Counted, and then the last sheet is brought to the shelf."""
    with bench.undone() as work:
        slot, stock = front(bench, work), work.core.stock
        here, before = (slot.place, slot.unit), _book(work, slot)
        same("stock/count with its book", stock.count(*here, before, HANDS, before).result, "BALANCED")
        last = _all(slot).last
        stock.fetch(*here, slot.code or "", InvoiceRange(last, last), HANDS)
        asked = "stock/count with the book of before"
        refused(work, StockRefused, asked, lambda: stock.count(*here, before, HANDS, before))
        same("stock/slot after that: closed", _slot(work, *here).locked, False)


@promise(
    "stock.timing",
    "What is reserved may be on its way to somebody: a count without it is no difference.",
    "Answer `TIMING`, open no case, and leave the unit as it is.",
    "sheets",
)
def timing(bench: Bench) -> None:
    """The sheet in front is reserved and not found."""
    with bench.undone() as work:
        slot, stock = front(bench, work), work.core.stock
        made = work.core.invoices.reserve(wanted(bench, slot, "timing", 1))
        found = tuple(
            (code, left)
            for code, numbers in _book(work, slot)
            for left in (numbers.subtract(made.numbers) if code == made.code else (numbers,))
        )
        done = stock.count(slot.place, slot.unit, found, HANDS)
        same("stock/count without what is reserved", (done.result, done.case), ("TIMING", ""))
        same("stock/slot after that: closed", _slot(work, slot.place, slot.unit).locked, False)


@promise(
    "stock.on-the-way",
    "A hand-over is on its way until all of it lies somewhere; what `receive` does not find becomes a case, and stays.",
    "Move what was found to the shelf, and list the hand-over while numbers of it are on the way.",
    "sheets",
    "handover",
)
def on_the_way(bench: Bench) -> None:
    """Handed out; one sheet fewer comes to the shelf, and then that one too."""
    with bench.undone() as work:
        slot, stock = front(bench, work), work.core.stock
        note, code, numbers = note_of(bench, slot), slot.code or "", _all(slot)
        work.core.handovers.out(note, PAPER)
        same("stock/on_the_way: numbers of it", _way(work, note.id, code), list(numbers))
        came = InvoiceRange(numbers.first, f"{int(numbers.last) - 1:08}")
        movement, case = stock.receive(note.id, ((code, came),), HANDS)
        same(
            "stock/receive of one sheet fewer: moved, and a case", (bool(movement), bool(case)), (True, True)
        )
        same("stock/lies of what came", _where(work, code, came), [("onHand", *SHELF)] * came.count)
        same("stock/on_the_way after that", _way(work, note.id, code), [numbers.last])
        asked = "stock/receive of what lies on the shelf"
        refused(work, StockRefused, asked, lambda: stock.receive(note.id, ((code, came),), HANDS))
        last = InvoiceRange(numbers.last, numbers.last)
        same("stock/receive of the rest: its case", stock.receive(note.id, ((code, last),), HANDS)[1], "")
        same("stock/on_the_way once all of it came", _way(work, note.id, code), [])
        other = bench.key("note")
        asked = "stock/receive of a hand-over that nobody knows"
        refused(work, StockRefused, asked, lambda: stock.receive(other, ((code, last),), HANDS))


def _way(work: Work, note: str, code: str) -> list[str]:
    """The numbers that are on their way with it."""
    found = [one for one in work.core.stock.on_the_way() if one.note == note]
    return [number for one in found for other, lot in one.numbers if other == code for number in lot]


@promise(
    "stock.slips",
    "A slip is kept for ever, with what it wants as it was written; the newest is told first, by its state.",
    "Change of a slip its state, who decided it, when and why, and what came of it. Number slips like other papers.",
)
def slips(bench: Bench) -> None:
    """Two are written; one is done, with something else in what it wants."""
    with bench.undone() as work:
        stock = work.core.stock
        stock.lock()
        lot = InvoiceRange("00000001", "00000002")
        asked = Wanted("count", bench.manifest.terminal, "unit1", found=(("0" * 12, lot),))
        made, other = (
            stock.write(asked, "check", book=(("0" * 12, lot),)),
            stock.write(replace(asked, found=()), "check", book=()),
        )
        numbered("stock/write: the number of a slip", made.slip)
        came = (made.wanted, made.state, made.proposed_by, made.book)
        same("stock/write", came, (asked, "proposed", "check", (("0" * 12, lot),)))
        same("stock/slip", stock.slip(made.slip), made)
        same("stock/slips that wait, the newest", list(stock.slips(["proposed"], 1)), [other])
        done = Done(bench.key("movement"), "DIFFERENCE", bench.key("case"))
        decided = replace(
            made, state="done", decided_by="check two", decided_at=bench.now, reason="", done=done
        )
        stock.decide(replace(decided, wanted=replace(asked, place=bench.key("place"))))
        same("stock/slip after stock/decide", stock.slip(made.slip), decided)
        same("stock/slips that wait after that", _of(work, "proposed", made, other), [other.slip])
        same("stock/slips that are done", _of(work, "done", made, other), [made.slip])
        same("stock/slip that nobody wrote", stock.slip(bench.key("slip")), None)


def _of(work: Work, state: SlipState, *mine: Slip) -> list[str]:
    known = {one.slip for one in mine}
    return [one.slip for one in work.core.stock.slips([state], 10_000) if one.slip in known]
