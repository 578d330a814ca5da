"""Drafts in the store."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from bureau.engine.reference.context import Context
from bureau.ports.drafts import Draft
from bureau.store import tables


class ReferenceDrafts:
    """Implements ``Drafts``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keep(self, draft: Draft) -> None:
        """Keep a new one."""
        self._context.connection.execute(tables.draft.insert().values(**asdict(draft)))

    def find(self, name: str, *, lock: bool = False) -> Draft | None:
        """The draft, used or not."""
        t = tables.draft
        query = select(t).where(t.c.name == name)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else Draft(**dict(row))

    def use(self, name: str) -> None:
        """It is used up, and what it said is deleted."""
        t = tables.draft
        self._context.connection.execute(t.update().where(t.c.name == name).values(state="used", sealed=b""))

    def forget(self, now: datetime, gone: datetime) -> None:
        """Delete what those say whose time is over, and all that is left of those that were over long before."""
        t = tables.draft
        over = t.c.expires_at <= now, t.c.sealed != b""
        self._context.connection.execute(t.update().where(*over).values(sealed=b""))
        self._context.connection.execute(delete(t).where(t.c.expires_at <= gone))
