"""A cabinet exchanged with stock inside: out of one, in transit, into another or the safe.

What a signed paper (``sync/stock_note.py``) says is believed once, whoever brings it first: the old terminal, the new
one, or a person with the paper. Each number moves only from where the ledger has it; whatever does not add up stays
where it is, closes its unit, and becomes a case. Numbers below the old terminal's own next one were issued by it: they
wait for its settlements, which may come days later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.care import ReferenceCases
from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.engine.reference.stock import Ledger, Movement, Where, in_range
from bureau.engine.reference.stockroom import SHELF, Hands, Stockroom
from bureau.errors import StockRefused
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, Ranges, intersect, subtract
from sync.models import StockIn, StockMoved, TakenRange
from sync.stock_note import Fate, NoteItem, Span, StockNote

TRANSIT = "transit"
"""The place of paper on its way; its unit is the hand-over's number."""
LOST_AFTER = timedelta(hours=24)
"""Stock that nobody took up within a day is looked for [ours]."""
SETTLED_WITHIN = timedelta(hours=72)
"""How long a terminal's settlements may wait in its queue (transactions note, 3.4)."""
NOTHING_LEAVES = "99999999"
"""The first number that may leave when the book says that the unit is empty."""
DIFFERS = "handover-differs"
LOST = "handover-lost"


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A hand-over as people see it; ``on_the_way`` is what nobody has taken up, ``waits`` what is to be settled."""

    note: str
    terminal: str
    to: str
    fate: str
    state: str
    made_at: datetime
    learned_at: datetime
    operator: str
    witness: str
    sheets: int
    on_the_way: tuple[tuple[str, InvoiceRange], ...]
    waits: tuple[tuple[str, str, InvoiceRange], ...]


class Handovers:
    """Moves stock by its paper, inside one transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger = Ledger(context)
        self._room = Stockroom(context)

    # --- out of the old cabinet ------------------------------------------------------------------------

    def out(self, note: StockNote) -> StockMoved:
        """Take what was counted out of the terminal's units.

        The same paper again changes nothing, but that numbers go that had not come to the terminal the first time.
        """
        if (known := self._row(note.id)) is not None:
            self._go_on(known)
            return StockMoved(note=note.id, movement=known.movement, case=known.case_no or "")
        ReferenceInvoices(self._context).expire(datetime.max.replace(tzinfo=self._context.now.tzinfo),
                                                place=note.terminal)  # fmt: skip
        lines: list[Movement] = []
        found: list[dict[str, object]] = []
        unmoved: list[Ranges] = []
        for item in note.items:
            troubles, stays = self._out_of(note, item, lines)
            found += troubles
            unmoved.append(stays)
        movement = self._write(lines)
        case = self._case(f"{note.id}/out", note, found, note)
        self._insert(note, unmoved, movement, case)
        return StockMoved(note=note.id, movement=movement, case=case)

    def _out_of(
        self, note: StockNote, item: NoteItem, lines: list[Movement]
    ) -> tuple[list[dict[str, object]], Ranges]:
        """One unit: what does not add up, and what of it may still come to the terminal and leave."""
        if not self._known(item.code):
            return [_trouble(item.unit, item.code, "unknownCode", _spans(item.found))], ()
        self._ledger.lock_code(item.code)
        counted, expected = _spans(item.found), _spans(item.expected)
        here = self._on_hand(note.terminal, item.unit, item.code)
        first = expected[0].first if expected else NOTHING_LEAVES
        # what lies below the book's next number was issued here: its settlement is under way, the paper is elsewhere
        issued = _below(intersect(counted, here), first)
        leaving = subtract(intersect(counted, here), issued)
        lines += self._leave(note.id, note.terminal, item.unit, item.code, leaving, note)
        foreign, left = subtract(subtract(counted, leaving), issued), subtract(here, leaving)
        missing = tuple(numbers for numbers in left if numbers.last >= first)
        found = [
            _trouble(item.unit, item.code, "issued", issued),
            _trouble(item.unit, item.code, "missing", missing),
            _trouble(item.unit, item.code, "notHere", foreign, self._wheres(item.code, foreign)),
        ]
        if missing:
            self._ledger.lock_slot(note.terminal, item.unit, f"differs at hand-over {note.id}")
        unmoved = subtract(foreign, _below(foreign, first))
        return [trouble for trouble in found if trouble["numbers"]], unmoved

    def _leave(
        self, note: str, terminal: str, unit: str, code: str, leaving: Ranges, who: StockNote | Row[Any]
    ) -> list[Movement]:
        """Put numbers that lie in a unit on their way."""
        lines: list[Movement] = []
        here = {Where("onHand", terminal, unit)}
        for numbers in leaving:
            self._ledger.move(code, numbers, here.__contains__, Where("onHand", TRANSIT, note))
            lines += self._lines(terminal, unit, TRANSIT, note, code, numbers, who)
        return lines

    def _go_on(self, row: Row[Any]) -> None:
        """Put on its way what the terminal had handed out before the centre heard that it had ever come there."""
        lines: list[Movement] = []
        items = [dict(item) for item in row.items]
        for item in items:
            unmoved: Ranges = tuple(in_range(*pair) for pair in item.get("unmoved", ()))
            if not unmoved:
                continue
            self._ledger.lock_code(item["code"])
            leaving = intersect(unmoved, self._on_hand(row.terminal, item["unit"], item["code"]))
            lines += self._leave(row.note, row.terminal, item["unit"], item["code"], leaving, row)
            item["unmoved"] = _pairs(subtract(unmoved, leaving))
        if movement := self._write(lines):
            t = tables.stock_handover
            values = {"items": items, "state": TRANSIT, "movement": row.movement or movement}
            self._context.connection.execute(t.update().where(t.c.note == row.note).values(**values))

    def _go_on_from(self, terminal: str, note: StockNote) -> None:
        """What came with ``note`` may have left by a later paper that was told first."""
        t = tables.stock_handover
        query = (
            select(t)
            .where(t.c.terminal == terminal, t.c.made_at >= note.made_at, t.c.note != note.id)
            .order_by(t.c.made_at)
            .with_for_update()
        )
        for row in self._context.connection.execute(query).all():
            self._go_on(row)

    # --- into the new one, or the safe -----------------------------------------------------------------

    def take_up(self, note: StockNote, data: StockIn, terminal: str) -> tuple[StockMoved, str]:
        """Put what was found into the terminal's units; and why nothing was, as the code of a refusal.

        The paper's own side is done first when nobody brought it before. Numbers that are not on the way with this
        paper do not move; unless they lie in this very unit already, the unit is closed and a case is opened.
        Raises ``StockRefused`` when those who took it up are not two people.
        """
        self.out(note)
        if (why := self._not_for(note, terminal)) is not None:
            return self._stays(note, data, terminal, why), why
        lines: list[Movement] = []
        hands = Hands(data.operator, data.witness)
        found = [_trouble(s.unit, s.code, "short", [InvoiceRange(s.first, s.last)]) for s in data.short]
        for taken in data.taken:
            found += self._into(note, taken, terminal, hands, lines)
        movement = self._write(lines)
        case = self._case(f"{note.id}/{terminal}", note, found, hands)
        if lines:
            self._close_if_empty(note.id, terminal)
            self._go_on_from(terminal, note)
        nothing = not lines and any(trouble["why"] == "notOnTheWay" for trouble in found)
        return StockMoved(note=note.id, movement=movement, case=case), "stockNotThere" if nothing else ""

    def _into(
        self, note: StockNote, taken: TakenRange, terminal: str, hands: Hands, lines: list[Movement]
    ) -> list[dict[str, object]]:
        numbers = InvoiceRange(taken.first, taken.last)
        if not self._known(taken.code):
            return [_trouble(taken.unit, taken.code, "unknownCode", [numbers])]
        self._ledger.lock_code(taken.code)
        coming = intersect([numbers], self._on_hand(TRANSIT, note.id, taken.code))
        already = self._on_hand(terminal, taken.unit, taken.code)
        foreign = subtract(subtract([numbers], coming), already)
        self._room.ensure_slot(terminal, taken.unit)
        try:
            for part in coming:
                self._room.check_stackable(terminal, taken.unit, taken.code, part)
        except StockRefused as error:
            self._ledger.lock_slot(terminal, taken.unit, f"differs at hand-over {note.id}")
            return [_trouble(taken.unit, taken.code, "notStackable", coming, str(error))]
        for part in coming:
            here = Where("onHand", terminal, taken.unit)
            self._ledger.move(taken.code, part, {Where("onHand", TRANSIT, note.id)}.__contains__, here)
            lines += self._lines(TRANSIT, note.id, terminal, taken.unit, taken.code, part, hands)
        if not foreign:
            return []
        self._ledger.lock_slot(terminal, taken.unit, f"differs at hand-over {note.id}")
        where = self._wheres(taken.code, foreign)
        return [_trouble(taken.unit, taken.code, "notOnTheWay", foreign, where)]

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
            found.append(_trouble(taken.unit, taken.code, why, [InvoiceRange(taken.first, taken.last)]))
        hands = Hands(data.operator, data.witness)
        return StockMoved(note=note.id, case=self._case(f"{note.id}/{terminal}", note, found, hands))

    def receive(
        self, number: str, found: Sequence[tuple[str, InvoiceRange]], hands: Hands
    ) -> tuple[str, str]:
        """Put what came back on the shelf; movement and case (empty when it was all there).

        Raises ``StockRefused`` for an unknown hand-over, or for numbers that are not on the way with it.
        """
        row = self._row(number)
        if row is None:
            raise StockRefused(
                f"no hand-over {number!r} is known here: bring its paper to `bureau stock take-note`"
            )
        self._room.ensure_slot(*SHELF)
        lines: list[Movement] = []
        for code, numbers in found:
            self._ledger.lock_code(code)
            if intersect([numbers], self._on_hand(TRANSIT, number, code)) != (numbers,):
                raise StockRefused(
                    f"{code} {numbers.first}-{numbers.last} is not all on the way with {number}: "
                    "see `bureau stock hand-overs`"
                )
            here = {Where("onHand", TRANSIT, number)}
            self._ledger.move(code, numbers, here.__contains__, Where("onHand", *SHELF))
            lines += self._lines(TRANSIT, number, *SHELF, code, numbers, hands)
        missing = [(code, held.numbers) for code, held in self._ledger.in_slot(TRANSIT, number)]
        troubles = [_trouble(*SHELF[:1], code, "missing", [numbers]) for code, numbers in missing]
        case = self._open_case(
            f"{number}/{SHELF[0]}", {"found": troubles, "terminal": row.terminal}, troubles
        )
        movement = self._write(lines)
        if lines:
            self._close_if_empty(number, SHELF[0])
        return movement, case

    # --- looking ---------------------------------------------------------------------------------------

    def listed(self, *, all_of_them: bool = False) -> list[HandoverView]:
        """Hand-overs, the newest first; without ``all_of_them`` those that are not finished."""
        t = tables.stock_handover
        views = [
            self._view(row)
            for row in self._context.connection.execute(select(t).order_by(t.c.made_at.desc()))
        ]
        return [v for v in views if all_of_them or v.state == TRANSIT or v.waits]

    def watch(self) -> int:
        """Open a case for what was not taken up, or not settled, in its time; how many were looked at.

        The time runs from when the paper was told here: a terminal that dies may have a clock that went wrong.
        """
        views, now = self.listed(), self._context.now
        for view in views:
            if view.on_the_way and now - view.learned_at > LOST_AFTER:
                numbers = [f"{code} {n.first}-{n.last}" for code, n in view.on_the_way]
                self._open_case_of(LOST, view.note, {"terminal": view.terminal, "numbers": numbers})
            if view.waits and now - view.learned_at > SETTLED_WITHIN:
                waits = [f"{unit} {code} {n.first}-{n.last}" for unit, code, n in view.waits]
                details: dict[str, object] = {"terminal": view.terminal, "never settled": waits}
                self._open_case_of(DIFFERS, f"{view.note}/waits", details)
        return len(views)

    def _view(self, row: Row[Any]) -> HandoverView:
        waits = []
        for item in row.items:
            awaited: Ranges = tuple(in_range(*pair) for pair in item.get("awaited", ()))
            here = self._on_hand(row.terminal, item["unit"], item["code"])
            waits += [(item["unit"], item["code"], numbers) for numbers in intersect(awaited, here)]
        coming = tuple((code, held.numbers) for code, held in self._ledger.in_slot(TRANSIT, row.note))
        return HandoverView(row.note, row.terminal, row.to_place, row.fate, row.state, row.made_at, row.learned_at,
                            row.operator, row.witness, row.sheets, coming, tuple(waits))  # fmt: skip

    # --- pieces ----------------------------------------------------------------------------------------

    def _row(self, note: str) -> Row[Any] | None:
        t = tables.stock_handover
        return self._context.connection.execute(
            select(t).where(t.c.note == note).with_for_update()
        ).one_or_none()

    def _insert(self, note: StockNote, unmoved: Sequence[Ranges], movement: str, case: str) -> None:
        items = [
            {"unit": i.unit, "code": i.code, "expected": _pair(i.expected), "found": _pair(i.found),
             "unmoved": _pairs(stays), "awaited": _pairs(self._awaited(note.terminal, i))}
            for i, stays in zip(note.items, unmoved, strict=True)
        ]  # fmt: skip
        state = TRANSIT if self._ledger.in_slot(TRANSIT, note.id) else "done"
        self._context.connection.execute(
            tables.stock_handover.insert().values(
                note=note.id, terminal=note.terminal, to_place=note.to, fate=str(note.fate), state=state,
                made_at=note.made_at, learned_at=self._context.now, operator=note.operator, witness=note.witness,
                sheets=note.sheets, items=items, movement=movement, case_no=case or None,
            )
        )  # fmt: skip

    def _awaited(self, terminal: str, item: NoteItem) -> Ranges:
        """What the terminal issued and has not settled: on hand there, and below its book's next number."""
        first = in_range(*item.expected).first if item.expected else NOTHING_LEAVES
        return _below(self._on_hand(terminal, item.unit, item.code), first)

    def _close_if_empty(self, note: str, place: str) -> None:
        t = tables.stock_handover
        values = {"to_place": place, **({} if self._ledger.in_slot(TRANSIT, note) else {"state": "done"})}
        self._context.connection.execute(t.update().where(t.c.note == note).values(**values))

    def _known(self, code: str) -> bool:
        t = tables.invoice_code
        return self._context.connection.execute(select(t.c.code).where(t.c.code == code)).scalar() is not None

    def _on_hand(self, place: str, unit: str, code: str) -> Ranges:
        slot = self._ledger.in_slot(place, unit)
        return tuple(held.numbers for c, held in slot if c == code and held.where.state == "onHand")

    def _wheres(self, code: str, ranges: Iterable[InvoiceRange]) -> str:
        """Where the ledger has numbers that are not where they should be."""
        held = [one for numbers in ranges for one in self._ledger.within(code, numbers)]
        return ", ".join(
            f"{h.numbers.first}-{h.numbers.last} {h.where.state} {h.where.place or h.where.holder or ''}".strip()
            for h in held
        )

    def _lines(
        self,
        place: str,
        unit: str,
        to: str,
        to_unit: str,
        code: str,
        numbers: InvoiceRange,
        who: StockNote | Hands | Row[Any],
    ) -> list[Movement]:
        people = {"operator": who.operator, "witness": who.witness}
        return [
            Movement("TRANSFER_OUT", place, unit, code, numbers, **people),
            Movement("TRANSFER_IN", to, to_unit, code, numbers, **people),
        ]

    def _write(self, lines: Sequence[Movement]) -> str:
        if not lines:
            return ""
        movement = self._context.next_number(Type.MOVEMENT)
        self._ledger.write(movement, lines)
        return movement

    def _case(
        self, reference: str, note: StockNote, found: Sequence[dict[str, object]], who: StockNote | Hands
    ) -> str:
        details: dict[str, object] = {
            "terminal": note.terminal,
            "counted_by": [who.operator, who.witness],
            "found": list(found),
        }
        first = "/".join(
            f"{t['unit']}/{t['numbers']}" for t in found[:1]
        )  # another difference is another case
        return self._open_case(f"{reference}/{first}", details, found)

    def _open_case(self, reference: str, details: dict[str, object], found: Sequence[object]) -> str:
        return self._open_case_of(DIFFERS, reference, details) if found else ""

    def _open_case_of(self, kind: str, reference: str, details: dict[str, object]) -> str:
        return ReferenceCases(self._context).open(kind, reference, details)


def _below(ranges: Ranges, first: str) -> Ranges:
    """What of the ranges lies below ``first``."""
    return intersect(ranges, (in_range(0, int(first) - 1),)) if int(first) else ()


def _spans(span: Span | None) -> Ranges:
    return () if span is None else (in_range(*span),)


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [*span]


def _pairs(ranges: Ranges) -> list[list[int]]:
    return [[int(numbers.first), int(numbers.last)] for numbers in ranges]


def _trouble(
    unit: str, code: str, why: str, numbers: Iterable[InvoiceRange], where: str = ""
) -> dict[str, object]:
    """One line of a case, for whoever looks for the paper."""
    listed = [f"{n.first}-{n.last}" for n in numbers]
    return {"unit": unit, "code": code, "why": why, "numbers": listed, **({"where": where} if where else {})}
