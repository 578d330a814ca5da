"""What the store keeps of hand-overs: their papers, what has not come yet, and who waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context
from bureau.engine.reference.stock import in_range
from bureau.engine.reference.transit import TRANSIT, Transit, below, pairs, ranges_of
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, Ranges
from sync.stock_note import NoteItem, Span, StockNote

NOTHING_LEAVES = "99999999"
"""The first number that may leave when the book says that the unit is empty."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers that lie in a terminal's unit by a paper, and have not come onto the way by the ledger."""

    terminal: str
    unit: str
    code: str
    numbers: InvoiceRange
    operator: str
    witness: str
    told_at: datetime


class HandoverRows:
    """Rows of ``stock_handover`` and ``stock_waiting``, inside one transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._transit = Transit(context)

    # --- a hand-over -----------------------------------------------------------------------------------

    def find(self, number: str) -> Row[Any] | None:
        """The hand-over, held until the transaction ends."""
        t = tables.stock_handover
        query = select(t).where(t.c.note == number).with_for_update()
        return self._context.connection.execute(query).one_or_none()

    def all(self) -> Sequence[Row[Any]]:
        """Every hand-over, the newest first."""
        t = tables.stock_handover
        return self._context.connection.execute(select(t).order_by(t.c.made_at.desc())).all()

    def later_from(self, terminal: str, made_at: datetime, but: str) -> list[str]:
        """The numbers of the terminal's own papers made no earlier, but one, in their order."""
        t = tables.stock_handover
        query = (
            select(t.c.note)
            .where(t.c.terminal == terminal, t.c.made_at >= made_at, t.c.note != but)
            .order_by(t.c.made_at)
        )
        return [str(number) for number in self._context.connection.execute(query).scalars()]

    def insert(
        self, note: StockNote, paper: str, unmoved: Sequence[Ranges], movement: str, case: str
    ) -> None:
        """Keep a paper with what of it has not come to the terminal by the ledger, unit by unit."""
        items = [
            {"unit": i.unit, "code": i.code, "expected": _pair(i.expected), "found": _pair(i.found),
             "unmoved": pairs(stays), "awaited": pairs(self._awaited(note.terminal, i))}
            for i, stays in zip(note.items, unmoved, strict=True)
        ]  # fmt: skip
        state = TRANSIT if self._transit.coming(note.id) else "done"
        self._context.connection.execute(
            tables.stock_handover.insert().values(
                note=note.id, terminal=note.terminal, to_place=note.to, fate=str(note.fate), state=state,
                made_at=note.made_at, learned_at=self._context.now, operator=note.operator, witness=note.witness,
                sheets=note.sheets, items=items, movement=movement, case_no=case or None, paper=paper,
            )
        )  # fmt: skip

    def keep_paper(self, number: str, paper: str) -> None:
        """What the paper says, of a hand-over that an earlier release wrote down without it."""
        t = tables.stock_handover
        self._context.connection.execute(
            t.update().where(t.c.note == number, t.c.paper.is_(None)).values(paper=paper)
        )

    def left(self, row: Row[Any], items: Sequence[dict[str, Any]], movement: str) -> None:
        """More of it has left; ``items`` say what has still not come."""
        self._update(row.note, items=items, state=TRANSIT, movement=row.movement or movement)

    def arrived(self, number: str, place: str) -> None:
        """It came there; the hand-over is done when nothing is on its way any more."""
        self._update(number, to_place=place, **({} if self._transit.coming(number) else {"state": "done"}))

    def _update(self, number: str, **values: object) -> None:
        t = tables.stock_handover
        self._context.connection.execute(t.update().where(t.c.note == number).values(**values))

    def _awaited(self, terminal: str, item: NoteItem) -> Ranges:
        """What the terminal issued and has not settled: on hand there, and below its book's next number."""
        first = in_range(*item.expected).first if item.expected else NOTHING_LEAVES
        return below(self._transit.on_hand(terminal, item.unit, item.code), first)

    # --- who waits for it ------------------------------------------------------------------------------

    def waiting(self, number: str) -> list[Waiting]:
        """Who waits for what of a hand-over, in the order in which it was told."""
        t = tables.stock_waiting
        query = select(t).where(t.c.note == number).order_by(t.c.told_at, t.c.terminal, t.c.unit, t.c.first)
        return [
            Waiting(r.terminal, r.unit, r.code, in_range(r.first, r.last), r.operator, r.witness, r.told_at)
            for r in self._context.connection.execute(query)
        ]

    def waited_for(self) -> frozenset[str]:
        """The hand-overs that somebody waits for."""
        t = tables.stock_waiting
        return frozenset(self._context.connection.execute(select(t.c.note).distinct()).scalars())

    def let_wait(self, number: str, waiting: Sequence[Waiting]) -> None:
        """From now on these wait for it, and nobody else."""
        t = tables.stock_waiting
        self._context.connection.execute(t.delete().where(t.c.note == number))
        rows = [
            {"note": number, "terminal": one.terminal, "unit": one.unit, "code": one.code,
             "first": int(one.numbers.first), "last": int(one.numbers.last),
             "operator": one.operator, "witness": one.witness, "told_at": one.told_at}
            for one in waiting
        ]  # fmt: skip
        if rows:
            self._context.connection.execute(t.insert(), rows)


def unmoved(row: Row[Any], code: str) -> Ranges:
    """What of a code the paper names and has not come to its terminal by the ledger."""
    return tuple(n for item in row.items if item["code"] == code for n in ranges_of(item.get("unmoved", ())))


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [*span]
