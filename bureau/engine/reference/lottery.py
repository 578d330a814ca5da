"""Rounds and tickets of the invoice lottery in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.lottery import Round, Ticket, TicketState
from bureau.ports.registration import PersonKey
from bureau.store import tables
from bureau.store.insert import insert_into
from kiosk.domain.people import DocumentKind


class ReferenceLottery:
    """Implements ``Lottery``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def round(self, day: date) -> Round | None:
        """The round of a day."""
        t = tables.lottery_round
        query = select(t).where(t.c.day == day)
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else Round(**dict(row))

    def open(self, new: Round) -> Round:
        """Begin a round; the one that stands."""
        connection, t = self._context.connection, tables.lottery_round
        connection.execute(
            insert_into(connection, t).values(**asdict(new)).on_conflict_do_nothing(index_elements=[t.c.day])
        )
        standing = self.round(new.day)
        assert standing is not None, "it was there, or has just been begun"
        return standing

    def unrevealed(self, before: date) -> Sequence[Round]:
        """Rounds of days before, whose seed is not published yet."""
        t = tables.lottery_round
        query = select(t).where(t.c.day < before, t.c.seed.is_(None)).order_by(t.c.day)
        return [Round(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def reveal(self, day: date, seed: str) -> None:
        """Publish the seed."""
        t = tables.lottery_round
        self._context.connection.execute(t.update().where(t.c.day == day).values(seed=seed))

    def number_for(self, key: str) -> str:
        """The number of the ticket that the effect with this key draws."""
        return self._context.number_for(Type.TICKET, f"ticket:{key}")

    def add(self, ticket: Ticket) -> None:
        """Enter a draw."""
        self._context.connection.execute(tables.lottery_ticket.insert().values(**_row(ticket)))

    def of_invoice(self, invoice: str) -> Ticket | None:
        """The draw of this invoice."""
        t = tables.lottery_ticket
        query = select(t).where(t.c.invoice == invoice)
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else _ticket(row)

    def ticket(self, number: str, *, lock: bool = False) -> Ticket | None:
        """A draw."""
        t = tables.lottery_ticket
        query = select(t).where(t.c.ticket == number)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else _ticket(row)

    def drawn_by(self, mobile: str, day: date) -> int:
        """How often a phone has drawn on a day."""
        t = tables.lottery_ticket
        query = select(func.count()).where(t.c.mobile == mobile, t.c.day == day)
        return int(self._context.connection.execute(query).scalar_one())

    def change(self, ticket: Ticket) -> None:
        """Keep what changed."""
        t = tables.lottery_ticket
        self._context.connection.execute(t.update().where(t.c.ticket == ticket.ticket).values(**_row(ticket)))

    def listed(self, states: Sequence[TicketState], limit: int) -> Sequence[Ticket]:
        """Tickets in these states, the oldest first."""
        t = tables.lottery_ticket
        query = select(t).where(t.c.state.in_(states)).order_by(t.c.drawn_at, t.c.ticket).limit(limit)
        return [_ticket(row) for row in self._context.connection.execute(query).mappings()]


def _row(ticket: Ticket) -> dict[str, Any]:
    row = asdict(ticket)
    person = row.pop("person")
    row["case_no"] = row.pop("case")
    return {
        **row,
        "person_kind": person["kind"].value if person else None,
        "person_number": person["number"] if person else None,
    }


def _ticket(row: Mapping[Any, Any]) -> Ticket:
    known = {str(name): value for name, value in row.items()}
    kind, number, case = known.pop("person_kind"), known.pop("person_number"), known.pop("case_no")
    person = PersonKey(DocumentKind(kind), number) if kind else None
    return Ticket(**known, person=person, case=case)
