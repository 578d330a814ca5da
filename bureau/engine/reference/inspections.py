"""Inspections on site in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import RowMapping, Select, func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.inspections import Inspection, InspectionEvent, Picture
from bureau.store import tables

ORDERED = ("number", "taxpayer", "kind", "basis", "reason", "day", "ordered_at")
STAYS = frozenset({*ORDERED, "first", "first_name", "second", "second_name"})
"""What was ordered."""


class ReferenceInspections:
    """Implements ``Inspections``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def number_for(self, key: str) -> str:
        """The same for the same key."""
        return self._context.number_for(Type.INSPECTION, f"inspection:{key}")

    def entries(self, limit: int) -> Sequence[Inspection]:
        """Open ones by day, then the latest ordered first."""
        t = tables.inspection
        is_open = t.c.state.in_(["ordered", "confirmed"])
        coming = _entries().where(is_open).order_by(t.c.day, t.c.number).limit(limit)
        others = _entries().where(~is_open).order_by(t.c.ordered_at.desc(), t.c.number.desc()).limit(limit)
        found = [self._several(query) for query in (coming, others)]
        return [*found[0], *found[1]][:limit]

    def find(self, number: str, *, lock: bool = False) -> Inspection | None:
        """One by its number; ``lock`` holds its row."""
        query = _entries().where(tables.inspection.c.number == number)
        return next(iter(self._several(query.with_for_update() if lock else query)), None)

    def marked(self, taxpayer: str) -> Sequence[Inspection]:
        """The latest ordered first."""
        t = tables.inspection
        standing = t.c.measure.in_(["asked", "abnormal", "return-asked"])
        query = _entries().where(t.c.taxpayer == taxpayer, standing)
        return self._several(query.order_by(t.c.ordered_at.desc(), t.c.number.desc()))

    def _several(self, query: Select[Any]) -> Sequence[Inspection]:
        return [_inspection(row) for row in self._context.connection.execute(query).mappings()]

    def add(self, inspection: Inspection) -> None:
        """Enter one."""
        self._context.connection.execute(tables.inspection.insert().values(**asdict(inspection)))

    def change(self, inspection: Inspection) -> None:
        """Keep how it stands."""
        t = tables.inspection
        row = {f.name: getattr(inspection, f.name) for f in fields(inspection) if f.name not in STAYS}
        self._context.connection.execute(t.update().where(t.c.number == inspection.number).values(**row))

    def form(self, number: str) -> bytes | None:
        """The sealed form."""
        t = tables.inspection
        sealed = self._context.connection.execute(select(t.c.sealed).where(t.c.number == number)).scalar()
        return None if sealed is None else bytes(sealed)

    def keep_form(self, number: str, sealed: bytes | None) -> None:
        """In place of what was there."""
        t = tables.inspection
        self._context.connection.execute(t.update().where(t.c.number == number).values(sealed=sealed))

    def pictures(self, number: str) -> Sequence[Picture]:
        """By place, without what they show."""
        t = tables.inspection_picture
        columns = [column for column in t.c if column.name not in ("sealed", "place")]
        query = select(*columns).where(t.c.inspection == number).order_by(t.c.place)
        return [Picture(**row) for row in self._context.connection.execute(query).mappings()]

    def picture(self, key: str) -> Picture | None:
        """One, sealed."""
        t = tables.inspection_picture
        columns = [column for column in t.c if column.name != "place"]
        row = self._context.connection.execute(select(*columns).where(t.c.key == key)).mappings().first()
        return None if row is None else Picture(**row)

    def add_picture(self, picture: Picture) -> None:
        """Behind those that are there."""
        t = tables.inspection_picture
        last = select(func.max(t.c.place)).where(t.c.inspection == picture.inspection)
        place = int(self._context.connection.execute(last).scalar() or 0) + 1
        self._context.connection.execute(t.insert().values(**asdict(picture), place=place))

    def drop_picture(self, key: str) -> None:
        """Delete one."""
        t = tables.inspection_picture
        self._context.connection.execute(t.delete().where(t.c.key == key))

    def note(self, event: InspectionEvent) -> None:
        """Under the next number of its visit, whose row is held by whoever changes it."""
        t = tables.inspection_event
        last = select(func.max(t.c.number)).where(t.c.inspection == event.inspection)
        number = int(self._context.connection.execute(last).scalar() or 0) + 1
        self._context.connection.execute(t.insert().values(**asdict(replace(event, number=number))))

    def history(self, number: str) -> Sequence[InspectionEvent]:
        """By number."""
        t = tables.inspection_event
        query = select(t).where(t.c.inspection == number).order_by(t.c.number)
        return [InspectionEvent(**row) for row in self._context.connection.execute(query).mappings()]


def _entries() -> Select[Any]:
    """Everything of a visit but its form."""
    return select(*(column for column in tables.inspection.c if column.name != "sealed"))


def _inspection(row: RowMapping) -> Inspection:
    return Inspection(**row)
