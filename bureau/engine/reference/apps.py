"""Official software in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import cast

from sqlalchemy import func, select

from bureau.engine.reference.context import Context
from bureau.ports.apps import AppEvent, OfficialApp
from bureau.store import tables

HELD = "official apps"


class ReferenceApps:
    """Implements ``Apps``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """The list has no row of its own to lock."""
        self._context.hold(HELD)

    def entries(self) -> Sequence[OfficialApp]:
        """All, by software and moment."""
        t = tables.official_app
        query = select(t).order_by(t.c.app, t.c.proposed_at, t.c.version)
        return [OfficialApp(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def add(self, entry: OfficialApp) -> None:
        """Enter one."""
        self._context.connection.execute(tables.official_app.insert().values(**asdict(entry)))

    def change(self, entry: OfficialApp) -> None:
        """Keep what changed."""
        t = tables.official_app
        named = (t.c.app == entry.app) & (t.c.version == entry.version)
        self._context.connection.execute(t.update().where(named).values(**asdict(entry)))

    def note(self, event: AppEvent) -> None:
        """Enter what was done, under the next number."""
        t = tables.official_app_event
        last = cast(int | None, self._context.connection.execute(select(func.max(t.c.number))).scalar())
        numbered = replace(event, number=(last or 0) + 1)
        self._context.connection.execute(t.insert().values(**asdict(numbered)))

    def history(self, app: str) -> Sequence[AppEvent]:
        """By number."""
        t = tables.official_app_event
        query = select(t).where(t.c.app == app).order_by(t.c.number)
        return [AppEvent(**dict(row)) for row in self._context.connection.execute(query).mappings()]
