"""Published cases in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import cast

from sqlalchemy import func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.publicity import CaseEvent, OffenderCase
from bureau.store import tables

HELD = "published cases"
KEPT = frozenset(
    {"state", "decided_by", "published_on", "until", "asked_by", "ground", "ended_by", "ended_on", "said"}
)
"""What of a case may change."""


class ReferencePublicity:
    """Implements ``Publicity``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """The list has no row of its own to lock."""
        self._context.hold(HELD)

    def number_for(self, document: str) -> str:
        """The same for the same decision."""
        return self._context.number_for(Type.OFFENDER, f"offender:{document}")

    def entries(self) -> Sequence[OffenderCase]:
        """The latest published first."""
        t = tables.offender_case
        query = select(t).order_by(t.c.published_on.is_(None), t.c.published_on.desc(), t.c.case_no)
        return [OffenderCase(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def find(self, case_no: str) -> OffenderCase | None:
        """One by its number."""
        t = tables.offender_case
        rows = self._context.connection.execute(select(t).where(t.c.case_no == case_no)).mappings()
        return next((OffenderCase(**dict(row)) for row in rows), None)

    def add(self, case: OffenderCase) -> None:
        """Enter one."""
        self._context.connection.execute(tables.offender_case.insert().values(**asdict(case)))

    def change(self, case: OffenderCase) -> None:
        """Keep how it stands."""
        t = tables.offender_case
        row = {field.name: getattr(case, field.name) for field in fields(case) if field.name in KEPT}
        self._context.connection.execute(t.update().where(t.c.case_no == case.case_no).values(**row))

    def note(self, event: CaseEvent) -> None:
        """Enter what was done, under the next number."""
        t = tables.offender_case_event
        last = cast(int | None, self._context.connection.execute(select(func.max(t.c.number))).scalar())
        row = asdict(replace(event, number=(last or 0) + 1))
        self._context.connection.execute(t.insert().values(**row))

    def history(self, case_no: str) -> Sequence[CaseEvent]:
        """By number."""
        t = tables.offender_case_event
        query = select(t).where(t.c.case_no == case_no).order_by(t.c.number)
        return [CaseEvent(**dict(row)) for row in self._context.connection.execute(query).mappings()]
