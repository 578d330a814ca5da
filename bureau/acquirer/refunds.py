"""The acquirer's book of refunds (退款): each of the merchant's numbers once, and never more than was charged.

What was refused under a number stays refused: a request that comes late changes nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bureau.acquirer.errors import RefundConflictError, RefundUnknownError
from bureau.acquirer.ledger import Ledger, in_ms, moment_of
from config.clock import CHINA

State = Literal["given", "refused"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS refunds (
    refund TEXT PRIMARY KEY, order_no TEXT NOT NULL REFERENCES orders (order_no),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0), state TEXT NOT NULL CHECK (state IN ('given', 'refused')),
    word TEXT NOT NULL, made_ms INTEGER NOT NULL, day TEXT NOT NULL
) STRICT
"""
BEYOND = "refundExceedsCharge"
"""More would go back than was charged."""
NO_FUNDS = "merchantFundsShort"
"""The merchant's account does not have it; the fault ``refuse_refund``."""


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund as the book has it; ``word`` says why it was refused."""

    refund: str
    order: str
    amount_fen: int
    state: State
    word: str
    made_at: datetime

    @property
    def reference(self) -> str:
        """The acquirer's own number of it."""
        return f"B{self.refund}"


class RefundBook:
    """Refunds in the file of the ledger; safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.change() as db:
            db.execute(_SCHEMA)

    def give(self, refund: str, order: str, amount_fen: int, *, funds: bool = True) -> Refund:
        """Give it back, or refuse it for ever: more than the charge would go back, or there are no ``funds``.

        The same again gives the first one.

        Raises:
            RefundConflictError: the number stands for another refund.
            NoSuchOrderError: there is no such order.
        """
        paid = self._ledger.get(order)
        with self._ledger.change() as db:
            known = _find(db, refund)
            if known is None:
                charged = paid.amount_fen if paid.state == "paid" else 0
                known = self._enter(db, refund, order, amount_fen, charged if funds else None)
            if (known.order, known.amount_fen) != (order, amount_fen):
                raise RefundConflictError(refund)
            return known

    def _enter(self, db: Any, refund: str, order: str, amount_fen: int, most_fen: int | None) -> Refund:
        gone = db.execute(
            "SELECT coalesce(sum(amount_fen), 0) FROM refunds WHERE order_no = ? AND state = 'given'",
            (order,),
        ).fetchone()[0]
        word = NO_FUNDS if most_fen is None else BEYOND if gone + amount_fen > most_fen else ""
        now = self._ledger.now()
        db.execute(
            "INSERT INTO refunds (refund, order_no, amount_fen, state, word, made_ms, day)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                refund,
                order,
                amount_fen,
                "refused" if word else "given",
                word,
                in_ms(now),
                now.astimezone(CHINA).date().isoformat(),
            ),
        )
        made = _find(db, refund)
        assert made is not None
        return made

    def get(self, refund: str) -> Refund:
        """One refund.

        Raises:
            RefundUnknownError: it never came.
        """
        with self._ledger.change() as db:
            known = _find(db, refund)
        if known is None:
            raise RefundUnknownError(refund)
        return known

    def given(self, day: date | None = None) -> list[Refund]:
        """What was given back, ever or on one business day, in order."""
        where, values = ("AND day = ?", (day.isoformat(),)) if day else ("", ())
        query = f"SELECT {_COLUMNS} FROM refunds WHERE state = 'given' {where} ORDER BY made_ms, refund"
        with self._ledger.change() as db:
            rows = db.execute(query, values).fetchall()
        return [_refund(row) for row in rows]


_COLUMNS = "refund, order_no, amount_fen, state, word, made_ms"


def _find(db: Any, refund: str) -> Refund | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM refunds WHERE refund = ?", (refund,)).fetchone()
    return None if row is None else _refund(row)


def _refund(row: Any) -> Refund:
    return Refund(row[0], row[1], row[2], row[3], row[4], moment_of(row[5]))
