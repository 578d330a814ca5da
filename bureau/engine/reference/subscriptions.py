"""Subscriptions and what was told in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from bureau.engine.reference.context import Context
from bureau.ports.subscriptions import Subscription, Told
from bureau.store import tables
from bureau.store.insert import insert_into


class ReferenceSubscriptions:
    """Implements ``Subscriptions``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self, visitor: str) -> None:
        """One at a time of each person."""
        self._context.hold(f"subscriber/{visitor}")

    def of_person(self, visitors: Iterable[str]) -> Sequence[Subscription]:
        """All of these names, by name and topic."""
        t = tables.subscription
        query = select(t).where(t.c.visitor.in_(list(visitors))).order_by(t.c.visitor, t.c.topic)
        rows = self._context.connection.execute(query).mappings()
        return [Subscription(**_fields(row)) for row in rows]

    def keep(self, subscription: Subscription) -> None:
        """Enter it, or change the one that is there."""
        t, row = tables.subscription, asdict(subscription)
        change = {name: value for name, value in row.items() if name not in ("visitor", "topic")}
        statement = insert_into(self._context.connection, t).values(**row)
        self._context.connection.execute(
            statement.on_conflict_do_update(index_elements=[t.c.visitor, t.c.topic], set_=change)
        )

    def subscribers(self, after: str, limit: int) -> Sequence[str]:
        """Names behind ``after``, by the alphabet."""
        t = tables.subscription
        query = select(t.c.visitor).where(t.c.active, t.c.visitor > after).distinct()
        return list(self._context.connection.execute(query.order_by(t.c.visitor).limit(limit)).scalars())

    def told(self, visitor: str) -> Sequence[Told]:
        """All that somebody was told, the latest first."""
        t = tables.subscription_told
        return self._told(
            select(t).where(t.c.visitor == visitor).order_by(t.c.at.desc(), t.c.topic, t.c.item)
        )

    def tell(self, told: Told) -> None:
        """Note it once."""
        t = tables.subscription_told
        once = insert_into(self._context.connection, t).values(**asdict(told))
        self._context.connection.execute(once.on_conflict_do_nothing())

    def unseen(self, visitors: Iterable[str], since: datetime, day: date) -> Sequence[Told]:
        """What no terminal has shown."""
        t = tables.subscription_told
        query = select(t).where(
            t.c.visitor.in_(list(visitors)),
            t.c.seen_at.is_(None),
            t.c.at >= since,
            or_(t.c.until.is_(None), t.c.until >= day),
        )
        return self._told(query.order_by(t.c.at.desc(), t.c.topic, t.c.item))

    def seen(self, visitors: Iterable[str]) -> None:
        """A terminal has shown it all."""
        t = tables.subscription_told
        new = t.update().where(t.c.visitor.in_(list(visitors)), t.c.seen_at.is_(None))
        self._context.connection.execute(new.values(seen_at=self._context.now))

    def forget(self, before: datetime) -> int:
        """Delete what was told before then."""
        t = tables.subscription_told
        return self._context.connection.execute(t.delete().where(t.c.at < before)).rowcount

    def _told(self, query: Any) -> Sequence[Told]:
        return [Told(**_fields(row)) for row in self._context.connection.execute(query).mappings()]


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
