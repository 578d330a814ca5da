"""Stock that changes cabinets: told by two terminals in either order, and moved once."""

from __future__ import annotations

from typing import Any

from bureau.conformance.bench import Bench, promise, same, there, true
from bureau.conformance.promises.invoices import front
from bureau.ports.invoices import Slot
from bureau.ports.system import Work
from kiosk.domain.ids import uuid7
from sync.models import StockIn, TakenRange
from sync.stock_note import Fate, NoteItem, StockNote

BOOKS = ("sheets", "handover")
HANDS = ("check", "check two")
PAPER = "KSN1:CHECK"
"""The text of the paper, which the centre has read and believed; the core keeps it as it came."""


def note_of(bench: Bench, slot: Slot, **changed: Any) -> StockNote:
    """The paper of everything in front of the unit, counted as the ledger has it."""
    assert bench.manifest.handover is not None, "the promise says that it needs it"
    first = int(slot.next_number or 0)
    span = (first, first + slot.on_hand - 1)
    item = NoteItem(slot.unit, slot.code or "", slot.kind or "", span, changed.pop("found", span))
    given: dict[str, Any] = {
        "id": uuid7(), "terminal": slot.place, "epoch": "check", "hall": bench.manifest.handover.hall, "to": "",
        "fate": Fate.MOVE, "made_at": bench.now, "operator": HANDS[0], "witness": HANDS[1], "sheets": 0,
        "items": (item,),
    }  # fmt: skip
    return StockNote(**{**given, **changed})


def taken(slot: Slot, count: int = 0) -> StockIn:
    """So many of the unit's sheets, or all of them, were found where they are taken up."""
    first = int(slot.next_number or 0)
    last = first + (count or slot.on_hand) - 1
    numbers = TakenRange(unit=slot.unit, code=slot.code or "", first=f"{first:08}", last=f"{last:08}")
    return StockIn(note=PAPER, taken=[numbers], operator=HANDS[0], witness=HANDS[1])


def _lies(work: Work, slot: Slot) -> tuple[str | None, int]:
    """What lies in front now, and how many."""
    now = there("invoices/slot", work.core.invoices.slot(slot.place, slot.unit))
    return now.next_number, now.on_hand


@promise(
    "handovers.out",
    "`out` takes what was counted out of the terminal's units; the same paper again changes nothing.",
    "Keep the number of the paper, and answer a second one with what the first one did.",
    *BOOKS,
)
def out(bench: Bench) -> None:
    """Handed out, told once more."""
    with bench.undone() as work:
        slot, handovers = front(bench, work), work.core.handovers
        note = note_of(bench, slot)
        moved = handovers.out(note, PAPER)
        came = (moved.note, moved.case, bool(moved.movement))
        same("handovers/out: paper, case, and whether anything moved", came, (note.id, "", True))
        same("invoices/slot after handovers/out", _lies(work, slot), (None, 0))
        same("handovers/out of the same paper", handovers.out(note, PAPER), moved)


@promise(
    "handovers.either-order",
    "`out` and `take_up` are told by two terminals in either order.",
    "Do the paper's own side first when nobody brought it before.",
    *BOOKS,
)
def either_order(bench: Bench) -> None:
    """Taken up before it was handed out; then the old terminal tells it too."""
    with bench.undone() as work:
        slot, handovers = front(bench, work), work.core.handovers
        before = (slot.next_number, slot.on_hand)
        note = note_of(bench, slot)
        moved, why = handovers.take_up(note, taken(slot), slot.place)
        same("handovers/take_up: case and refusal", (moved.case, why), ("", ""))
        true("handovers/take_up: its movement", bool(moved.movement), moved)
        same("invoices/slot after handovers/take_up", _lies(work, slot), before)
        handovers.out(note, PAPER)
        same("invoices/slot after handovers/out of the same paper", _lies(work, slot), before)


@promise(
    "handovers.differs",
    "What was not counted stays where it is, becomes a case, and closes its unit.",
    "Move what both the paper and the ledger have, and lock the unit until people have counted it.",
    *BOOKS,
)
def differs(bench: Bench) -> None:
    """One sheet fewer than the ledger has."""
    with bench.undone() as work:
        slot = front(bench, work)
        first = int(slot.next_number or 0)
        note = note_of(bench, slot, found=(first, first + slot.on_hand - 2))
        moved = work.core.handovers.out(note, PAPER)
        true("handovers/out of one sheet fewer: its case", bool(moved.case), moved)
        now = there("invoices/slot", work.core.invoices.slot(slot.place, slot.unit))
        last = f"{first + slot.on_hand - 1:08}"
        same("invoices/slot after that", (now.next_number, now.on_hand, now.locked), (last, 1, True))


@promise(
    "handovers.not-for-here",
    "What the paper does not give to this terminal does not move: a refusal, a case, and a closed unit.",
    "Answer `stockNotForHere` for another hall, another terminal, or what goes to the safe.",
    *BOOKS,
)
def not_for_here(bench: Bench) -> None:
    """For the hall's safe, for another terminal, for another hall."""
    others: tuple[dict[str, Any], ...] = (
        {"fate": Fate.HALL}, {"to": bench.key("terminal")}, {"hall": bench.key("hall")},
    )  # fmt: skip
    for changed in others:
        with bench.undone() as work:
            slot = front(bench, work)
            note = note_of(bench, slot, **changed)
            moved, why = work.core.handovers.take_up(note, taken(slot), slot.place)
            asked = f"handovers/take_up of a paper with another {next(iter(changed))}"
            same(asked, (why, bool(moved.case)), ("stockNotForHere", True))
            now = there("invoices/slot", work.core.invoices.slot(slot.place, slot.unit))
            same("invoices/slot after that: how many, and closed", (now.on_hand, now.locked), (0, True))


@promise(
    "handovers.not-there",
    "Numbers that are not on the way with the paper do not move: `stockNotThere` when that is all of them.",
    "Move a number only from where the ledger has it.",
    *BOOKS,
)
def not_there(bench: Bench) -> None:
    """The unit is handed out by one paper and taken up by another, which counts nothing."""
    with bench.undone() as work:
        slot, handovers = front(bench, work), work.core.handovers
        handovers.out(note_of(bench, slot), PAPER)
        moved, why = handovers.take_up(note_of(bench, slot, found=None), taken(slot), slot.place)
        same("handovers/take_up by another paper", (why, bool(moved.case)), ("stockNotThere", True))
        same("invoices/slot after that", _lies(work, slot), (None, 0))
