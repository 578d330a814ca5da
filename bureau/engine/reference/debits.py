"""Of orders that are debited under an agreement: from which account, and why its bank declined."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bureau.ports.payments import Debited
from bureau.store import tables


def keep(connection: Connection, order: str, debit: Debited) -> None:
    """The account that a new order is debited from."""
    connection.execute(
        tables.payment_debit.insert().values(
            order_no=order,
            agreement=debit.agreement,
            bank=debit.bank,
            account=debit.account,
            holder=debit.holder,
            word=debit.word,
        )
    )


def declined(connection: Connection, order: str, word: str) -> None:
    """Why it was not debited; an order of another channel has no account and keeps nothing."""
    t = tables.payment_debit
    connection.execute(t.update().where(t.c.order_no == order).values(word=word))


def read(connection: Connection, order: str) -> Debited | None:
    """The account of an order, with the bank's word."""
    t = tables.payment_debit
    row = connection.execute(select(t).where(t.c.order_no == order)).one_or_none()
    if row is None:
        return None
    return Debited(row.agreement, row.bank, row.account, row.holder, row.word)
