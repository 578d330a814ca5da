"""Applications for invoices that the bureau issues, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context
from bureau.ports.agency import Application
from bureau.ports.einvoices import InvoiceLine
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceAgency:
    """Implements ``Agency``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def open(self, application: Application) -> None:
        """Keep a new one."""
        a = application
        self._context.connection.execute(
            tables.agency_application.insert().values(
                application=a.application,
                taxpayer=a.taxpayer,
                own=a.own,
                person_kind=a.person.kind.value,
                person_number=a.person.number,
                kind=a.kind,
                buyer=a.buyer,
                buyer_number=a.buyer_number,
                lines=[asdict(line) for line in a.lines],
                net_fen=a.net_fen,
                tax_fen=a.tax_fen,
                remark=a.remark,
                applied_at=a.applied_at,
                expires_at=a.expires_at,
                state=a.state,
                number=None,
            )
        )

    def find(self, application: str, *, lock: bool = False) -> Application | None:
        """The application; with ``lock`` nobody else issues or ends it until the transaction ends."""
        t = tables.agency_application
        query = select(t).where(t.c.application == application)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _application(row)

    def open_of(self, taxpayer: str) -> Sequence[Application]:
        """The taxpayer's open ones, the oldest first."""
        t = tables.agency_application
        query = select(t).where(t.c.taxpayer == taxpayer, t.c.state == "open").order_by(t.c.applied_at)
        return [_application(row) for row in self._context.connection.execute(query)]

    def waiting(self, before: datetime) -> Sequence[str]:
        """Numbers of the open ones that were made before that moment, the oldest first."""
        t = tables.agency_application
        query = select(t.c.application).where(t.c.state == "open", t.c.applied_at < before)
        return list(self._context.connection.execute(query.order_by(t.c.applied_at)).scalars())

    def issued(self, application: str, number: str) -> None:
        """Its invoice is issued under this number."""
        self._becomes(application, state="issued", number=number)

    def lapsed(self, application: str) -> None:
        """It was not paid, and leads to no invoice any more."""
        self._becomes(application, state="lapsed")

    def _becomes(self, application: str, **values: str) -> None:
        t = tables.agency_application
        change = t.update().where(t.c.application == application, t.c.state == "open").values(**values)
        changed = self._context.connection.execute(change).rowcount
        assert changed == 1, "only an open application is issued or ended, under its lock"


def _application(row: Row[Any]) -> Application:
    return Application(
        application=row.application,
        taxpayer=row.taxpayer,
        own=row.own,
        person=PersonKey(DocumentKind(row.person_kind), row.person_number),
        kind=row.kind,
        buyer=row.buyer,
        buyer_number=row.buyer_number,
        lines=tuple(InvoiceLine(**line) for line in row.lines),
        net_fen=row.net_fen,
        tax_fen=row.tax_fen,
        remark=row.remark,
        applied_at=row.applied_at,
        expires_at=row.expires_at,
        state=row.state,
        number=row.number or "",
    )
