"""Reliefs that are granted on application, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import RowMapping, select

from bureau.engine.reference.context import Context
from bureau.ports.reliefs import Relief
from bureau.store import tables


class ReferenceReliefs:
    """Implements ``Reliefs``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def examine(self, relief: Relief) -> None:
        """Keep what an officer would have granted."""
        row = {
            "case_no": relief.case,
            "taxpayer": relief.taxpayer,
            "relief": relief.relief,
            "tax": relief.tax,
            "first": relief.first,
            "last": relief.last,
            "amount_fen": relief.amount_fen,
            "percent": relief.percent,
            "examined_by": relief.examined_by,
        }
        self._context.connection.execute(tables.relief.insert().values(row))

    def relief(self, case: str, *, lock: bool = False) -> Relief | None:
        """That of a case; with ``lock`` its row is held until the transaction ends."""
        query = select(tables.relief).where(tables.relief.c.case_no == case)
        row = self._context.connection.execute(query.with_for_update() if lock else query).mappings().first()
        return _relief(row) if row is not None else None

    def grant(self, relief: Relief, by: str, day: date) -> Relief:
        """In force from now on."""
        t = tables.relief
        granted = {"granted_by": by, "granted_on": day}
        self._context.connection.execute(t.update().where(t.c.case_no == relief.case).values(granted))
        found = self.relief(relief.case)
        assert found is not None  # it was examined
        return found

    def drop(self, case: str) -> None:
        """What nobody has granted is gone."""
        t = tables.relief
        self._context.connection.execute(t.delete().where(t.c.case_no == case, t.c.granted_by.is_(None)))

    def granted(self, taxpayer: str) -> Sequence[Relief]:
        """Those that were granted, the earliest month first, then by case."""
        t = tables.relief
        query = select(t).where(t.c.taxpayer == taxpayer, t.c.granted_by.is_not(None))
        rows = self._context.connection.execute(query.order_by(t.c.first, t.c.case_no)).mappings()
        return [_relief(row) for row in rows]


def _relief(row: RowMapping) -> Relief:
    return Relief(
        case=row["case_no"],
        taxpayer=row["taxpayer"],
        relief=row["relief"],
        tax=row["tax"],
        first=row["first"],
        last=row["last"],
        amount_fen=row["amount_fen"],
        percent=row["percent"],
        examined_by=row["examined_by"],
        granted_by=row["granted_by"],
        granted_on=row["granted_on"],
    )
