"""A cabinet exchanged with stock inside: out of one, in transit, into another or the safe.

What a signed paper (``sync/stock_note.py``) says is believed once, whoever brings it first: the old terminal, the new
one, or a person with the paper. Each number moves only from where the ledger has it; whatever does not add up stays
where it is, closes its unit, and becomes a case. Numbers below the old terminal's own next one were issued by it: they
wait for its settlements, which may come days later. What is told before its stock has come by the ledger is kept, and
done when it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.handover_cases import HandoverCases, Trouble, trouble
from bureau.engine.reference.handover_rows import NOTHING_LEAVES, HandoverRows, Waiting, unmoved
from bureau.engine.reference.handover_views import HandoverView, HandoverViews
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.engine.reference.stock import Ledger, Movement
from bureau.engine.reference.stockroom import Stockroom
from bureau.engine.reference.transit import TRANSIT, Slot, Transit, below, pairs, ranges_of, spans
from bureau.errors import StockRefused
from bureau.ports.stock import SHELF, Hands
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, Ranges, intersect, subtract
from sync.models import StockIn, StockMoved, TakenRange
from sync.stock_note import Fate, NoteItem, StockNote, plain


class Handovers:
    """Moves stock by its paper, inside one transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger, self._transit, self._room = Ledger(context), Transit(context), Stockroom(context)
        self._rows, self._cases, self._views = (
            HandoverRows(context), HandoverCases(context), HandoverViews(context),
        )  # fmt: skip

    # --- out of the old cabinet ------------------------------------------------------------------------

    def out(self, note: StockNote, paper: str) -> StockMoved:
        """Take what was counted out of the terminal's units; ``paper`` is the text that ``note`` was read from.

        The same paper again changes nothing, but that numbers go that had not come to the terminal the first time.
        """
        if (known := self._rows.find(note.id)) is not None:
            self._rows.keep_paper(note.id, plain(paper))
            self._go_on(note.id)
            return StockMoved(note=note.id, movement=known.movement, case=known.case_no or "")
        ReferenceInvoices(self._context).expire(datetime.max.replace(tzinfo=self._context.now.tzinfo),
                                                place=note.terminal)  # fmt: skip
        lines: list[Movement] = []
        found: list[Trouble] = []
        stays: list[Ranges] = []
        for item in note.items:
            troubles, rest = self._out_of(note, item, lines)
            found += troubles
            stays.append(rest)
        movement = self._transit.write(lines)
        case = self._cases.counted(f"{note.id}/out", note.terminal, found, note)
        self._rows.insert(note, plain(paper), stays, movement, case)
        return StockMoved(note=note.id, movement=movement, case=case)

    def _out_of(self, note: StockNote, item: NoteItem, lines: list[Movement]) -> tuple[list[Trouble], Ranges]:
        """One unit: what does not add up, and what of it may still come to the terminal and leave."""
        if not self._transit.knows(item.code):
            return [trouble(item.unit, item.code, "unknownCode", spans(item.found))], ()
        self._ledger.lock_code(item.code)
        counted, expected = spans(item.found), spans(item.expected)
        here = self._transit.on_hand(note.terminal, item.unit, item.code)
        first = expected[0].first if expected else NOTHING_LEAVES
        # what lies below the book's next number was issued here: its settlement is under way, the paper is elsewhere
        issued = below(intersect(counted, here), first)
        leaving = subtract(intersect(counted, here), issued)
        lines += self._transit.leave(note.id, (note.terminal, item.unit), item.code, leaving, note)
        foreign, left = subtract(subtract(counted, leaving), issued), subtract(here, leaving)
        missing = tuple(numbers for numbers in left if numbers.last >= first)
        found = [
            trouble(item.unit, item.code, "issued", issued),
            trouble(item.unit, item.code, "missing", missing),
            trouble(item.unit, item.code, "notHere", foreign, self._transit.wheres(item.code, foreign)),
        ]
        if missing:
            self._close(note.terminal, item.unit, note.id)
        return [one for one in found if one["numbers"]], subtract(foreign, below(foreign, first))

    # --- what comes later than its word ----------------------------------------------------------------

    def _go_on(self, number: str) -> None:
        """Put on its way what had been handed out before the centre heard that it had ever come there.

        Whoever took it up meanwhile gets it.
        """
        row = self._rows.find(number)
        assert row is not None
        lines: list[Movement] = []
        items = [dict(item) for item in row.items]
        for item in items:
            stays = ranges_of(item.get("unmoved", ()))
            if not stays:
                continue
            slot = row.terminal, item["unit"]
            self._ledger.lock_code(item["code"])
            leaving = intersect(stays, self._transit.on_hand(*slot, item["code"]))
            lines += self._transit.leave(number, slot, item["code"], leaving, row)
            item["unmoved"] = pairs(subtract(stays, leaving))
        if movement := self._transit.write(lines):
            self._rows.left(row, items, movement)
            self._give_to_waiting(number)

    def _give_to_waiting(self, number: str) -> None:
        """Take up, in the order in which it was told, what has come onto its way."""
        row = self._rows.find(number)
        assert row is not None
        lines: list[Movement] = []
        left: list[Waiting] = []
        for one in self._rows.waiting(number):
            self._ledger.lock_code(one.code)
            slot, hands = (one.terminal, one.unit), Hands(one.operator, one.witness)
            coming = intersect([one.numbers], self._transit.on_hand(TRANSIT, number, one.code))
            found = self._arrive(number, slot, one.code, coming, hands, lines)
            self._cases.counted(f"{number}/{one.terminal}", row.terminal, found, hands)
            missing = subtract([one.numbers], coming)
            still = intersect(missing, unmoved(row, one.code))
            if subtract(missing, still):  # it came, and to somebody else
                self._close(*slot, number)
            left += [replace(one, numbers=numbers) for numbers in still]
        self._rows.let_wait(number, left)
        self._transit.write(lines)
        reached = dict.fromkeys((line.place, line.unit) for line in lines if line.place != TRANSIT)
        for terminal, unit in reached:
            self._rows.arrived(number, terminal)
            if not any((one.terminal, one.unit) == (terminal, unit) for one in left):
                self._open(terminal, unit, number)
        for terminal in dict.fromkeys(terminal for terminal, _unit in reached):
            self._go_on_from(terminal, number, row.made_at)

    def _go_on_from(self, terminal: str, number: str, made_at: datetime) -> None:
        """What came with that hand-over may have left by a later paper that was told first."""
        for later in self._rows.later_from(terminal, made_at, but=number):
            self._go_on(later)

    # --- into the new one, or the safe -----------------------------------------------------------------

    def take_up(self, note: StockNote, data: StockIn, terminal: str) -> tuple[StockMoved, str]:
        """Put what was found into the terminal's units; and why nothing was, as the code of a refusal.

        The paper's own side is done first when nobody brought it before. Numbers that are not on the way with this
        paper do not move; unless they lie in this very unit already, the unit is closed and a case is opened. Those
        that the paper names and that have not come to the old terminal by the ledger follow when they come.
        Raises ``StockRefused`` when those who took it up are not two people.
        """
        self.out(note, data.note)
        if (why := self._not_for(note, terminal)) is not None:
            return self._stays(note, data, terminal, why), why
        lines: list[Movement] = []
        hands = Hands(data.operator, data.witness)
        found = [trouble(s.unit, s.code, "short", [InvoiceRange(s.first, s.last)]) for s in data.short]
        for taken in data.taken:
            found += self._into(note, taken, terminal, hands, lines)
        movement = self._transit.write(lines)
        case = self._cases.counted(f"{note.id}/{terminal}", note.terminal, found, hands)
        if lines:
            self._rows.arrived(note.id, terminal)
            self._go_on_from(terminal, note.id, note.made_at)
        nothing = not lines and any(one["why"] == "notOnTheWay" for one in found)
        return StockMoved(note=note.id, movement=movement, case=case), "stockNotThere" if nothing else ""

    def _into(
        self, note: StockNote, taken: TakenRange, terminal: str, hands: Hands, lines: list[Movement]
    ) -> list[Trouble]:
        numbers, slot = InvoiceRange(taken.first, taken.last), (terminal, taken.unit)
        if not self._transit.knows(taken.code):
            return [trouble(taken.unit, taken.code, "unknownCode", [numbers])]
        self._ledger.lock_code(taken.code)
        coming = intersect([numbers], self._transit.on_hand(TRANSIT, note.id, taken.code))
        already = self._transit.on_hand(*slot, taken.code)
        foreign = subtract(subtract([numbers], coming), already)
        if found := self._arrive(note.id, slot, taken.code, coming, hands, lines):
            return found
        later = self._let_wait(note.id, taken, terminal, foreign, hands)
        strange = subtract(foreign, later)
        if strange:
            self._close(*slot, note.id)
        elif later:
            self._close_until_it_comes(*slot, note.id)
        found = [
            trouble(taken.unit, taken.code, why, ranges, self._transit.wheres(taken.code, ranges))
            for why, ranges in (("notOnTheWay", strange), ("notYetCome", later))
        ]
        return [one for one in found if one["numbers"]]

    def _arrive(
        self, number: str, slot: Slot, code: str, coming: Ranges, hands: Hands, lines: list[Movement]
    ) -> list[Trouble]:
        """Put what is on its way into the unit, all of it or, when other paper lies there, nothing."""
        self._room.ensure_slot(*slot)
        try:
            for part in coming:
                self._room.check_stackable(*slot, code, part)
        except StockRefused as error:
            self._close(*slot, number)
            return [trouble(slot[1], code, "notStackable", coming, str(error))]
        lines += self._transit.arrive(number, slot, code, coming, hands)
        return []

    def _let_wait(
        self, number: str, taken: TakenRange, terminal: str, foreign: Ranges, hands: Hands
    ) -> Ranges:
        """What of ``foreign`` may still come: it waits from now on, in place of what was told of this unit before."""
        row = self._rows.find(number)
        assert row is not None
        later = intersect(foreign, unmoved(row, taken.code))
        before = self._rows.waiting(number)
        mine = [one for one in before if (one.terminal, one.unit) == (terminal, taken.unit)]
        since = min((one.told_at for one in mine), default=self._context.now)
        new = [
            Waiting(terminal, taken.unit, taken.code, numbers, hands.operator, hands.witness, since)
            for numbers in later
        ]
        self._rows.let_wait(number, [*(one for one in before if one not in mine), *new])
        return later

    def _not_for(self, note: StockNote, terminal: str) -> str | None:
        """Why the paper does not let this terminal have the stock."""
        if note.fate is Fate.HALL or (note.to and note.to != terminal):
            return "stockNotForHere"
        t = tables.terminal
        hall = self._context.connection.execute(select(t.c.hall).where(t.c.terminal == terminal)).scalar()
        return None if hall == note.hall else "stockNotForHere"

    def _stays(self, note: StockNote, data: StockIn, terminal: str, why: str) -> StockMoved:
        """It lies where it must not: on the way by the books, and nothing leaves those units."""
        found = []
        for taken in data.taken:
            self._room.ensure_slot(terminal, taken.unit)
            self._ledger.lock_slot(terminal, taken.unit, f"not for here: hand-over {note.id}")
            found.append(trouble(taken.unit, taken.code, why, [InvoiceRange(taken.first, taken.last)]))
        hands = Hands(data.operator, data.witness)
        case = self._cases.counted(f"{note.id}/{terminal}", note.terminal, found, hands)
        return StockMoved(note=note.id, case=case)

    def receive(
        self, number: str, found: Sequence[tuple[str, InvoiceRange]], hands: Hands
    ) -> tuple[str, str]:
        """Put what came back on the shelf; movement and case (empty when it was all there).

        Raises ``StockRefused`` for an unknown hand-over, or for numbers that are not on the way with it.
        """
        row = self._rows.find(number)
        if row is None:
            raise StockRefused(
                "note",
                f"no hand-over {number!r} is known here: bring its paper to `bureau stock take-note`",
            )
        self._room.ensure_slot(*SHELF)
        lines: list[Movement] = []
        for code, numbers in found:
            self._ledger.lock_code(code)
            if intersect([numbers], self._transit.on_hand(TRANSIT, number, code)) != (numbers,):
                raise StockRefused(
                    "moved",
                    f"{code} {numbers.first}-{numbers.last} is not all on the way with {number}: "
                    "see `bureau stock hand-overs`",
                    numbers=f"{code} {numbers.first}-{numbers.last}",
                )
            lines += self._transit.arrive(number, SHELF, code, (numbers,), hands)
        missing = [
            trouble(SHELF[0], code, "missing", [numbers]) for code, numbers in self._transit.coming(number)
        ]
        case = self._cases.counted(f"{number}/{SHELF[0]}", row.terminal, missing, hands)
        movement = self._transit.write(lines)
        if lines:
            self._rows.arrived(number, SHELF[0])
        return movement, case

    # --- units -----------------------------------------------------------------------------------------

    def _close(self, place: str, unit: str, number: str) -> None:
        """Nothing leaves the unit until somebody has counted it."""
        self._ledger.lock_slot(place, unit, f"differs at hand-over {number}")

    def _close_until_it_comes(self, place: str, unit: str, number: str) -> None:
        """Nothing leaves the unit until its stock has come; one that is closed already stays so."""
        if not self._reason(place, unit):
            self._ledger.lock_slot(place, unit, _waits(number))

    def _open(self, place: str, unit: str, number: str) -> None:
        """Its stock has come: two people counted it when they took it up. Another reason to be closed stays."""
        if self._reason(place, unit) == _waits(number):
            self._ledger.lock_slot(place, unit, "")

    def _reason(self, place: str, unit: str) -> str:
        t = tables.stock_slot
        query = select(t.c.reason).where(t.c.place == place, t.c.unit == unit)
        return str(self._context.connection.execute(query).scalar_one())

    # --- looking ---------------------------------------------------------------------------------------

    def listed(self, *, all_of_them: bool = False) -> list[HandoverView]:
        """Hand-overs, the newest first; without ``all_of_them`` those that are not finished."""
        return self._views.listed(all_of_them=all_of_them)

    def watch(self) -> int:
        """Open a case for what was not taken up, settled or told in its time; how many were looked at."""
        return self._views.watch()


def _waits(number: str) -> str:
    """Why a unit is closed whose stock has not come by the ledger."""
    return f"waits for hand-over {number}"
