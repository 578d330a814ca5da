"""Pools, rounds and tickets of the invoice lottery in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.lottery import Pool, Round, Tally, Ticket, TicketState
from bureau.ports.registration import PersonKey
from bureau.store import tables
from bureau.store.insert import insert_into
from kiosk.domain.people import DocumentKind

HELD = "lottery pools"
DECIDED = ("state", "decided_by", "decided_at", "closed_by", "closed_at", "closed_on", "reason")
"""What of a pool is written after it was entered."""


class ReferenceLottery:
    """Implements ``Lottery``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """The list has no row of its own to lock."""
        self._context.hold(HELD)

    def pools(self) -> Sequence[Pool]:
        """All, the one that begins first on top."""
        t = tables.lottery_pool
        query = select(t).order_by(t.c.first, t.c.pool)
        return [Pool(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def pool(self, name: str, *, lock: bool = False) -> Pool | None:
        """One by its name."""
        t = tables.lottery_pool
        query = select(t).where(t.c.pool == name)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else Pool(**dict(row))

    def add_pool(self, pool: Pool) -> None:
        """Enter one."""
        self._context.connection.execute(tables.lottery_pool.insert().values(**asdict(pool)))

    def change_pool(self, pool: Pool) -> None:
        """Keep what was decided; what it promises, and what was won, stays."""
        t, row = tables.lottery_pool, asdict(pool)
        kept = {name: row[name] for name in DECIDED}
        self._context.connection.execute(t.update().where(t.c.pool == pool.pool).values(**kept))

    def rounds(self, pool: str) -> Sequence[Round]:
        """The rounds of a pool."""
        t = tables.lottery_round
        query = select(t).where(t.c.pool == pool).order_by(t.c.day)
        return [Round(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def tally(self, pool: str, day: date) -> Sequence[Tally]:
        """Counted by prize, state and whether it is lapsed."""
        t, r = tables.lottery_ticket, tables.lottery_round
        lapsed = case((and_(t.c.state.in_(("won", "returned")), t.c.claim_until < day), 1), else_=0)
        query = (
            select(t.c.prize_fen, t.c.state, lapsed, func.count())
            .join(r, r.c.day == t.c.day)
            .where(r.c.pool == pool)
            .group_by(t.c.prize_fen, t.c.state, lapsed)
            .order_by(t.c.prize_fen.desc(), t.c.state, lapsed)
        )
        rows = self._context.connection.execute(query)
        return [Tally(prize, state, bool(late), count) for prize, state, late, count in rows]

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
        """Enter a draw, and count its prize in its pool."""
        connection, p, r = self._context.connection, tables.lottery_pool, tables.lottery_round
        connection.execute(tables.lottery_ticket.insert().values(**_row(ticket)))
        if ticket.prize_fen:
            drawn_in = select(r.c.pool).where(r.c.day == ticket.day).scalar_subquery()
            won = p.update().where(p.c.pool == drawn_in).values(won_fen=p.c.won_fen + ticket.prize_fen)
            connection.execute(won)

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
