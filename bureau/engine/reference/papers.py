"""A hand-over's paper made again: the same text with the same signature, each copy numbered and noted with two people.

A copy moves nothing that its paper would not: each number still goes from cabinet to cabinet once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.handover_rows import HandoverRows
from bureau.engine.reference.transit import Transit
from bureau.errors import StockRefused
from bureau.ports.stock import Hands
from bureau.store import tables

ORIGINAL = 1
"""The number of the paper that was printed when the stock left."""


@dataclass(frozen=True, slots=True)
class PaperCopy:
    """One copy: its number among the papers of its hand-over, when, by whom, and why."""

    copy: int
    at: datetime
    operator: str
    witness: str
    cause: str


class Papers:
    """Papers and their copies, inside one transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rows, self._transit = HandoverRows(context), Transit(context)

    def again(self, number: str, hands: Hands, cause: str) -> tuple[str, PaperCopy]:
        """What the paper says, and the copy that was noted.

        Raises ``StockRefused`` for a hand-over that is not known, whose paper is not kept, or that is finished.
        """
        row = self._rows.find(number)
        if row is None:
            raise StockRefused(
                "other", f"no hand-over {number!r} is known here: see `bureau stock hand-overs --all`"
            )
        if not self._transit.coming(number) and not any(item.get("unmoved") for item in row.items):
            raise StockRefused(
                "other",
                f"nothing of {number} is on its way any more (it went to {row.to_place or 'nobody'}): "
                "see `bureau stock list`",
            )
        if row.paper is None:
            raise StockRefused(
                "other",
                f"the paper of {number} was told to an earlier release, which did not keep it: "
                f"put the stock into the safe with `bureau stock receive {number} …`",
            )
        made = PaperCopy(
            len(self.copies(number)) + ORIGINAL + 1, self._context.now, hands.operator, hands.witness, cause
        )
        self._context.connection.execute(
            tables.stock_paper_copy.insert().values(
                note=number, copy=made.copy, at=made.at,
                operator=made.operator, witness=made.witness, cause=made.cause,
            )
        )  # fmt: skip
        return str(row.paper), made

    def copies(self, number: str) -> tuple[PaperCopy, ...]:
        """Every copy that was made here, the first one first."""
        t = tables.stock_paper_copy
        query = select(t).where(t.c.note == number).order_by(t.c.copy)
        return tuple(
            PaperCopy(row.copy, row.at, row.operator, row.witness, row.cause)
            for row in self._context.connection.execute(query)
        )
