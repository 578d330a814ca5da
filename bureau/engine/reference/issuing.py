"""Issuing phones in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, RowMapping, select

from bureau.engine.reference.context import Context
from bureau.ports.issuing import IssuingPhone
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceIssuing:
    """Implements ``Issuing``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, taxpayer: str) -> Sequence[IssuingPhone]:
        """Those of a taxpayer that are bound."""
        return self._bound(tables.issuing_phone.c.taxpayer == taxpayer)

    def of_phone(self, mobile: str) -> Sequence[IssuingPhone]:
        """For whom this phone is bound; nobody else binds it until the transaction ends."""
        self._context.hold(f"issuing/{mobile}")
        return self._bound(tables.issuing_phone.c.mobile == mobile)

    def _bound(self, which: ColumnElement[bool]) -> Sequence[IssuingPhone]:
        t = tables.issuing_phone
        query = select(t).where(which, t.c.ended_on.is_(None)).order_by(t.c.since, t.c.case_no)
        return [_phone(row) for row in self._context.connection.execute(query).mappings()]

    def bind(self, phone: IssuingPhone) -> None:
        """Enter it."""
        self._context.connection.execute(
            tables.issuing_phone.insert().values(
                case_no=phone.case,
                taxpayer=phone.taxpayer,
                mobile=phone.mobile,
                person_kind=phone.person.kind.value,
                person_number=phone.person.number,
                since=phone.since,
            )
        )

    def release(self, phone: IssuingPhone, day: date, case: str) -> None:
        """End it."""
        t = tables.issuing_phone
        ended = t.update().where(t.c.case_no == phone.case).values(ended_on=day, ended_by=case)
        self._context.connection.execute(ended)


def _phone(row: RowMapping) -> IssuingPhone:
    holder = PersonKey(DocumentKind(row["person_kind"]), row["person_number"])
    return IssuingPhone(row["taxpayer"], row["mobile"], holder, row["since"], row["case_no"])
