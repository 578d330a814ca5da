"""Scanned pages, from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from bureau.engine.reference.context import Context
from bureau.ports.materials import HeldPage, NewPage
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceMaterials:
    """Implements ``Materials``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keep(self, page: NewPage) -> None:
        """Hold a page."""
        self._context.connection.execute(
            tables.material_page.insert().values(
                key=page.key,
                person_kind=page.person.kind.value,
                person_number=page.person.number,
                terminal=page.terminal,
                sha256=page.sha256,
                size=page.size,
                received_at=page.received_at,
                sealed=page.sealed,
            )
        )

    def page(self, key: str) -> HeldPage | None:
        """The page that this effect brought."""
        t = tables.material_page
        row = self._context.connection.execute(_held().where(t.c.key == key)).one_or_none()
        return None if row is None else _page(row)

    def attach(self, case: str, keys: Sequence[str]) -> int:
        """Make held pages the next ones of a case."""
        t = tables.material_page
        query = select(func.max(t.c.number)).where(t.c.case_no == case)
        last = int(self._context.connection.execute(query).scalar() or 0)
        for number, key in enumerate(keys, start=last + 1):
            change = t.update().where(t.c.key == key, t.c.case_no.is_(None))
            self._context.connection.execute(change.values(case_no=case, number=number))
        return last + len(keys)

    def of(self, case: str) -> Sequence[HeldPage]:
        """The pages of a case, in their order."""
        t = tables.material_page
        query = _held().where(t.c.case_no == case).order_by(t.c.number)
        return [_page(row) for row in self._context.connection.execute(query)]

    def sealed(self, key: str) -> bytes:
        """The sealed JPEG."""
        t = tables.material_page
        return bytes(self._context.connection.execute(select(t.c.sealed).where(t.c.key == key)).scalar_one())

    def lapse(self, before: datetime) -> int:
        """Delete what nothing named."""
        t = tables.material_page
        gone = t.delete().where(t.c.case_no.is_(None), t.c.received_at < before)
        return self._context.connection.execute(gone).rowcount


def _held() -> Any:
    """Everything of a page but its picture."""
    t = tables.material_page
    return select(*(column for column in t.c if column.name != "sealed"))


def _page(row: Row[Any]) -> HeldPage:
    return HeldPage(
        key=row.key,
        person=PersonKey(DocumentKind(row.person_kind), row.person_number),
        sha256=row.sha256,
        size=row.size,
        received_at=row.received_at,
        case=row.case_no,
        number=row.number,
    )
