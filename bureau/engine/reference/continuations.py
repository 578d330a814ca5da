"""Visits that go on on a phone, in the store."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from bureau.engine.reference.context import Context
from bureau.ports.continuations import Continuation
from bureau.store import tables


class ReferenceContinuations:
    """Implements ``Continuations``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add(self, new: Continuation) -> None:
        """Keep a new one."""
        self._context.connection.execute(tables.continuation.insert().values(**asdict(new)))

    def find(self, key: str, *, lock: bool = False) -> Continuation | None:
        """The one with this key."""
        t = tables.continuation
        query = select(t).where(t.c.key == key)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else Continuation(**dict(row))

    def change(self, one: Continuation) -> None:
        """Keep who took it, how far it went, and how it ended."""
        t = tables.continuation
        self._context.connection.execute(t.update().where(t.c.key == one.key).values(**asdict(one)))

    def forget(self, now: datetime) -> None:
        """Delete those whose time is over."""
        t = tables.continuation
        self._context.connection.execute(delete(t).where(t.c.expires_at <= now))
