"""Contributions of taxpayers in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.mutual import Act, Contribution, Kind, State, Tally
from bureau.store import tables
from bureau.store.insert import insert_into


class ReferenceMutual:
    """Implements ``Mutual``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def number_for(self, key: str) -> str:
        """The number of the contribution that the effect with this key makes."""
        return self._context.number_for(Type.CONTRIBUTION, f"contribution:{key}")

    def add(self, new: Contribution) -> None:
        """Enter one."""
        self._context.connection.execute(tables.contribution.insert().values(**asdict(new)))

    def find(self, number: str, *, lock: bool = False) -> Contribution | None:
        """One by its number."""
        t = tables.contribution
        query = select(t).where(t.c.number == number)
        row = self._context.connection.execute(query.with_for_update() if lock else query).mappings()
        return next((_contribution(one) for one in row), None)

    def by_key(self, key: str) -> Contribution | None:
        """The one that the effect with this key made."""
        t = tables.contribution
        row = self._context.connection.execute(select(t).where(t.c.key == key)).mappings()
        return next((_contribution(one) for one in row), None)

    def change(self, contribution: Contribution) -> None:
        """Keep everything but number, key and kind."""
        t = tables.contribution
        row = {k: v for k, v in asdict(contribution).items() if k not in ("number", "key", "kind")}
        self._context.connection.execute(t.update().where(t.c.number == contribution.number).values(**row))

    def listed(self, kind: Kind, states: Sequence[State], limit: int) -> Sequence[Contribution]:
        """Of one kind in these states, the newest first."""
        t = tables.contribution
        query = select(t).where(t.c.kind == kind, t.c.state.in_(states))
        query = query.order_by(t.c.written_at.desc(), t.c.number).limit(limit)
        return [_contribution(row) for row in self._context.connection.execute(query).mappings()]

    def answers(self, questions: Sequence[str]) -> Sequence[Contribution]:
        """All answers to these questions, the oldest first."""
        t = tables.contribution
        query = select(t).where(t.c.kind == "answer", t.c.about.in_(questions))
        query = query.order_by(t.c.written_at, t.c.number)
        return [_contribution(row) for row in self._context.connection.execute(query).mappings()]

    def written_by(self, kind: Kind, authors: Sequence[str], since: datetime) -> int:
        """How many of a kind these names have written from then on."""
        t = tables.contribution
        query = select(func.count()).where(t.c.kind == kind, t.c.author.in_(authors), t.c.written_at >= since)
        return int(self._context.connection.execute(query).scalar_one())

    def mark(self, number: str, who: str, value: int, at: datetime) -> None:
        """What somebody says to it, in place of what they said before; 0: nothing any more."""
        connection, t = self._context.connection, tables.contribution_mark
        if value == 0:
            connection.execute(t.delete().where(t.c.number == number, t.c.who == who))
            return
        first = insert_into(connection, t).values(number=number, who=who, value=value, at=at)
        connection.execute(
            first.on_conflict_do_update(index_elements=[t.c.number, t.c.who], set_={"value": value, "at": at})
        )

    def tallies(self, numbers: Sequence[str]) -> Sequence[Tally]:
        """Of those to which anybody says anything."""
        t = tables.contribution_mark
        yes, no = (func.sum(case((t.c.value == value, 1), else_=0)) for value in (1, -1))
        query = select(t.c.number, yes, no).where(t.c.number.in_(numbers)).group_by(t.c.number)
        rows = self._context.connection.execute(query.order_by(t.c.number))
        return [Tally(number, int(for_), int(against)) for number, for_, against in rows]

    def marked(self, numbers: Sequence[str], names: Sequence[str]) -> Mapping[str, int]:
        """What somebody of these names says, by number."""
        t = tables.contribution_mark
        query = select(t.c.number, t.c.value).where(t.c.number.in_(numbers), t.c.who.in_(names))
        return {number: int(value) for number, value in self._context.connection.execute(query)}

    def join(self, number: str, into: str) -> None:
        """What people say to ``number`` is said to ``into``."""
        connection, t = self._context.connection, tables.contribution_mark
        there = select(t.c.who).where(t.c.number == into).scalar_subquery()
        connection.execute(t.update().where(t.c.number == number, t.c.who.not_in(there)).values(number=into))
        connection.execute(t.delete().where(t.c.number == number))

    def note(self, act: Act) -> None:
        """Record an officer's act."""
        t = tables.contribution_act
        last = select(func.max(t.c.line)).where(t.c.number == act.number)
        line = int(self._context.connection.execute(last).scalar() or 0) + 1
        row = {**asdict(act), "detail": dict(act.detail), "line": line}
        self._context.connection.execute(t.insert().values(**row))

    def acts(self, number: str) -> Sequence[Act]:
        """What officers did with it, the oldest first."""
        t = tables.contribution_act
        query = select(t).where(t.c.number == number).order_by(t.c.line)
        rows = self._context.connection.execute(query)
        return [Act(row.number, row.act, row.officer, row.at, row.detail) for row in rows]

    def forget(self, before: datetime) -> None:
        """Forget who wrote what was written before then."""
        t = tables.contribution
        old = t.update().where(t.c.written_at < before, t.c.author != "")
        self._context.connection.execute(old.values(author=""))


def _contribution(row: Mapping[Any, Any]) -> Contribution:
    return Contribution(**{str(name): value for name, value in row.items()})
