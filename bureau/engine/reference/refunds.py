"""Refunds of taxes, from the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.refunds import Account, GivenBack, NewRefund, Refund, State
from bureau.store import tables


class ReferenceRefunds:
    """Implements ``Refunds``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def allow(self, new: NewRefund) -> Refund:
        """Keep what an officer allowed, under a new number."""
        number = self._context.next_number(Type.REFUND)
        self._context.connection.execute(
            tables.refund.insert().values(
                refund_no=number,
                case_no=new.case,
                taxpayer=new.taxpayer,
                declaration=new.declaration,
                bank=new.account.bank,
                account=new.account.number,
                state="approved",
                approved_at=self._context.now,
                approved_by=new.by,
                interest_fen=0,
                set_off_fen=0,
            )
        )
        self._context.connection.execute(
            tables.refund_part.insert(),
            [
                {
                    "refund_no": number,
                    "line": line,
                    "tax": part.tax,
                    "due": part.due,
                    "entry_date": part.entry_date,
                    "amount_fen": part.amount_fen,
                    "late_fee_fen": part.late_fee_fen,
                }
                for line, part in enumerate(new.parts, start=1)
            ],
        )
        return self._again(number)

    def refund(self, number: str, *, lock: bool = False) -> Refund | None:
        """One refund; with ``lock`` its row is held until the transaction ends."""
        query = select(tables.refund).where(tables.refund.c.refund_no == number)
        found = self._found(query.with_for_update() if lock else query)
        return found[0] if found else None

    def of_case(self, case: str) -> Refund | None:
        """The refund that came of a case."""
        found = self._found(select(tables.refund).where(tables.refund.c.case_no == case))
        return found[0] if found else None

    def of_declaration(self, declaration: str) -> Sequence[Refund]:
        """The refunds of one return."""
        t = tables.refund
        return self._found(select(t).where(t.c.declaration == declaration).order_by(t.c.refund_no))

    def order(self, refund: Refund, by: str, interest_fen: int, set_off_fen: int) -> Refund:
        """The treasury is told; paid at once where nothing is left for the account."""
        nothing_left = refund.tax_fen + refund.late_fee_fen + interest_fen == set_off_fen
        return self._changed(
            refund,
            state="paid" if nothing_left else "ordered",
            settled_on=self._context.today if nothing_left else None,
            ordered_by=by,
            interest_fen=interest_fen,
            set_off_fen=set_off_fen,
        )

    def settle(self, refund: Refund, day: date, returned: str | None = None) -> Refund:
        """Paid, or come back."""
        state = "paid" if returned is None else "returned"
        return self._changed(refund, state=state, settled_on=day, reason=returned)

    def again(self, refund: Refund, account: Account, by: str) -> Refund:
        """Ordered once more, to another account."""
        return self._changed(
            refund,
            state="ordered",
            settled_on=None,
            reason=None,
            bank=account.bank,
            account=account.number,
            ordered_by=by,
        )

    def listed(self, states: Iterable[State], limit: int) -> Sequence[Refund]:
        """Refunds in these states, the oldest first."""
        t = tables.refund
        query = select(t).where(t.c.state.in_(list(states))).order_by(t.c.approved_at, t.c.refund_no)
        return self._found(query.limit(limit))

    def _changed(self, refund: Refund, **values: object) -> Refund:
        t = tables.refund
        self._context.connection.execute(t.update().where(t.c.refund_no == refund.refund).values(**values))
        return self._again(refund.refund)

    def _again(self, number: str) -> Refund:
        found = self.refund(number)
        assert found is not None  # refunds are never deleted
        return found

    def _found(self, query: Select[Any]) -> list[Refund]:
        rows = self._context.connection.execute(query).all()
        parts = self._parts([row.refund_no for row in rows])
        return [_refund(row, tuple(parts[row.refund_no])) for row in rows]

    def _parts(self, numbers: Sequence[str]) -> dict[str, list[GivenBack]]:
        t = tables.refund_part
        found: dict[str, list[GivenBack]] = {number: [] for number in numbers}
        query = select(t).where(t.c.refund_no.in_(numbers)).order_by(t.c.refund_no, t.c.line)
        for row in self._context.connection.execute(query):
            part = GivenBack(row.tax, row.amount_fen, row.late_fee_fen, row.due, row.entry_date)
            found[row.refund_no].append(part)
        return found


def _refund(row: Row[Any], parts: tuple[GivenBack, ...]) -> Refund:
    return Refund(
        refund=row.refund_no,
        case=row.case_no,
        taxpayer=row.taxpayer,
        declaration=row.declaration,
        parts=parts,
        account=Account(row.bank, row.account),
        state=row.state,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        ordered_by=row.ordered_by,
        interest_fen=row.interest_fen,
        set_off_fen=row.set_off_fen,
        settled_on=row.settled_on,
        reason=row.reason,
    )
