"""Notices and answers of officers in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from sqlalchemy import func, select

from bureau.engine.reference.context import Context
from bureau.ports.knowledge import KnowledgeEntry
from bureau.store import tables
from sync.models import LibrarySource

HELD: Final = "knowledge"
KEPT: Final = ("state", "decided_by", "decided_at", "withdrawn_by", "withdrawn_at", "reason", "origin")
"""What of an entry may change."""


class ReferenceKnowledge:
    """Implements ``Knowledge``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """The list has no row of its own to lock."""
        self._context.hold(HELD)

    def entries(self) -> Sequence[KnowledgeEntry]:
        """The latest number first."""
        query = select(tables.knowledge).order_by(tables.knowledge.c.number.desc())
        return [_entry(row) for row in self._context.connection.execute(query).mappings()]

    def find(self, number: int) -> KnowledgeEntry | None:
        """One by its number."""
        t = tables.knowledge
        rows = self._context.connection.execute(select(t).where(t.c.number == number)).mappings()
        return next((_entry(row) for row in rows), None)

    def add(self, entry: KnowledgeEntry) -> KnowledgeEntry:
        """Enter it under the next number; called with the list locked."""
        t = tables.knowledge
        last = self._context.connection.execute(select(func.coalesce(func.max(t.c.number), 0))).scalar_one()
        new = replace(entry, number=int(last) + 1)
        self._context.connection.execute(t.insert().values(**_row(new)))
        return new

    def change(self, entry: KnowledgeEntry) -> None:
        """Keep how it stands."""
        t, row = tables.knowledge, _row(entry)
        kept = {name: row[name] for name in KEPT}
        self._context.connection.execute(t.update().where(t.c.number == entry.number).values(**kept))


def _row(entry: KnowledgeEntry) -> dict[str, Any]:
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    row["sources"] = [source.model_dump(mode="json") for source in entry.sources]
    row["also"] = {lang: list(said) for lang, said in entry.also.items()}
    return row


def _entry(row: Mapping[Any, Any]) -> KnowledgeEntry:
    sources = tuple(LibrarySource.model_validate(one) for one in row["sources"])
    return KnowledgeEntry(**{**dict(row), "sources": sources})
