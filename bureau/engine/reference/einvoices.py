"""The register of issued invoices, from the registry's sales: one table, so returns and invoices always agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.einvoices import (
    Booking,
    InvoiceDocument,
    InvoiceLine,
    InvoiceLink,
    IssuedDay,
    IssuedInvoice,
    invoice_id,
)
from bureau.store import tables
from bureau.store.insert import insert_into

AREA = "99"
"""Of the numbers of fully digital invoices; no province has it."""
CHANNEL = "2"
"""Of invoices issued at a terminal (domain note, 2.3); those of enterprises' own systems have another."""
SERIAL = "einvoice"


class ReferenceEInvoices:
    """Implements ``EInvoices``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, code: str, number: str) -> IssuedInvoice | None:
        """The invoice; ``code`` is empty for a 数电票."""
        t = tables.sale
        query = _with_seller().where(t.c.code == code, t.c.number == number)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else self._invoice(row)

    def checked(self, invoice: str) -> int:
        """Count one more check of this invoice today; how many there were."""
        t = tables.invoice_check
        first = insert_into(self._context.connection, t).values(
            day=self._context.today, invoice=invoice, times=1
        )
        upsert = first.on_conflict_do_update(
            index_elements=[t.c.day, t.c.invoice], set_={"times": t.c.times + 1}
        )
        return int(self._context.connection.execute(upsert.returning(t.c.times)).scalar_one())

    def lock(self, invoice: IssuedInvoice) -> IssuedInvoice:
        """The invoice as it stands now; nobody else takes of it until the transaction ends."""
        t = tables.sale
        mine = (t.c.code == invoice.code) & (t.c.number == invoice.number)
        self._context.connection.execute(select(t.c.number).where(mine).with_for_update())
        found = self.find(invoice.code, invoice.number)
        assert found is not None, "an invoice never leaves the register"
        return found

    def taken_back(self, invoice: str) -> tuple[int, int]:
        """Net and tax that red-letter invoices took back of it."""
        t = tables.sale
        sums = [func.coalesce(func.sum(column), 0) for column in (t.c.net_fen, t.c.tax_fen)]
        query = select(*sums).where(t.c.red_of == invoice, t.c.state == "red")
        net, tax = self._context.connection.execute(query).one()
        return -int(net), -int(tax)

    def next_digital(self) -> str:
        """A number of 20 digits that no invoice has."""
        day = self._context.today
        return f"{day:%y}{AREA}{CHANNEL}{day:%m%d}{self._context.next_serial(SERIAL):011}"

    def confirmation_for(self, key: str) -> str:
        """The number of the red-letter confirmation that the effect with this key makes."""
        return self._context.number_for(Type.RED_LETTER, f"red:{key}")

    def add(self, invoice: IssuedInvoice) -> None:
        """Enter an invoice that is issued now."""
        self._context.connection.execute(
            tables.sale.insert().values(
                code=invoice.code,
                number=invoice.number,
                taxpayer=invoice.seller,
                kind=invoice.kind,
                issued_on=invoice.issued_on,
                buyer=invoice.buyer,
                net_fen=invoice.net_fen,
                tax_fen=invoice.tax_fen,
                state=invoice.state,
                check_code=invoice.check_code,
                buyer_number=invoice.buyer_number,
                red_of=invoice.red_of,
                lines=[asdict(line) for line in invoice.lines],
                remark=invoice.remark,
            )
        )

    def book(self, number: str, booking: Booking) -> None:
        """Add the enterprise's mark; what was marked before stays."""
        b = tables.invoice_booking
        last = select(func.max(b.c.line)).where(b.c.number == number)
        line = (self._context.connection.execute(last).scalar() or 0) + 1
        told = {"taxpayer": booking.taxpayer, "how": booking.how, "booked_on": booking.on}
        row = {"number": number, "line": line, **told, "case_no": booking.case}
        self._context.connection.execute(b.insert().values(row))

    def _bookings(self, number: str) -> tuple[Booking, ...]:
        b = tables.invoice_booking
        rows = self._context.connection.execute(select(b).where(b.c.number == number).order_by(b.c.line))
        return tuple(Booking(row.taxpayer, row.how, row.booked_on, row.case_no) for row in rows)

    def add_link(self, link: InvoiceLink) -> None:
        """Keep a link under which the invoice's files are fetched once."""
        self._context.connection.execute(tables.einvoice_link.insert().values(**asdict(link)))

    def linked(self, key: str) -> InvoiceLink | None:
        """The link that the effect with this key made, if it can still be used."""
        t = tables.einvoice_link
        row = self._context.connection.execute(select(t).where(t.c.key == key, *self._usable())).one_or_none()
        if row is None:
            return None
        return InvoiceLink(row.key, row.secret_sha256, row.code, row.number, row.expires_at)

    def fetched(self, key: str) -> bool:
        """Use the link up; False when somebody else did so meanwhile, or it has expired."""
        t = tables.einvoice_link
        used = t.update().where(t.c.key == key, *self._usable()).values(fetched_at=self._context.now)
        return self._context.connection.execute(used).rowcount == 1

    def _usable(self) -> tuple[ColumnElement[bool], ...]:
        t = tables.einvoice_link
        return (t.c.fetched_at.is_(None), t.c.expires_at > self._context.now)

    def document_for(self, key: str) -> str:
        """The number of the document that the effect with this key makes."""
        return self._context.number_for(Type.EINVOICE, f"einvoice:{key}")

    def add_document(self, document: InvoiceDocument) -> None:
        """Keep an invoice's file that is to be printed."""
        d = document
        self._context.connection.execute(
            tables.einvoice_document.insert().values(
                document=d.document,
                key=d.key,
                code=d.invoice.code,
                number=d.invoice.number,
                terminal=d.terminal,
                person_kind=d.person.kind.value,
                person_number=d.person.number,
                pdf=d.pdf,
                pdf_sha256=d.pdf_sha256,
                pages=d.pages,
                made_at=d.made_at,
            )
        )

    def document(self, document: str, terminal: str) -> bytes | None:
        """The sealed file, for the terminal it was made for and no other."""
        t = tables.einvoice_document
        query = select(t.c.pdf).where(t.c.document == document, t.c.terminal == terminal)
        return self._context.connection.execute(query).scalar()

    def printed(self, document: str, key: str, outcome: str, terminal: str) -> None:
        """Keep what became of a print job."""
        told = {"document": document, "key": key, "outcome": outcome, "terminal": terminal}
        self._context.connection.execute(tables.einvoice_print.insert().values(**told, at=self._context.now))

    def issued(self, taxpayer: str, first: date, last: date, limit: int) -> Sequence[IssuedInvoice]:
        """The latest ``limit`` invoices that the taxpayer issued from ``first`` to ``last``, the latest first."""
        t = tables.sale
        query = _with_seller().where(t.c.taxpayer == taxpayer, t.c.issued_on.between(first, last))
        query = query.order_by(t.c.issued_on.desc(), t.c.number.desc()).limit(limit)
        return [self._invoice(row) for row in self._context.connection.execute(query)]

    def issued_days(self, taxpayer: str, since: date) -> Sequence[IssuedDay]:
        """The days on which the taxpayer issued any, from ``since`` on, the latest first."""
        t = tables.sale
        query = select(t.c.issued_on, func.count()).where(t.c.taxpayer == taxpayer, t.c.issued_on >= since)
        query = query.group_by(t.c.issued_on).order_by(t.c.issued_on.desc())
        return [IssuedDay(day, count) for day, count in self._context.connection.execute(query)]

    def _invoice(self, row: Row[Any]) -> IssuedInvoice:
        return IssuedInvoice(
            code=row.code,
            number=row.number,
            kind=row.kind,
            issued_on=row.issued_on,
            seller=row.taxpayer,
            seller_name=row.seller_name,
            buyer=row.buyer,
            buyer_number=row.buyer_number,
            net_fen=row.net_fen,
            tax_fen=row.tax_fen,
            state=row.state,
            check_code=row.check_code,
            red_of=row.red_of,
            lines=tuple(InvoiceLine(**line) for line in row.lines or ()),
            taken_back_fen=sum(self.taken_back(invoice_id(row.code, row.number))),
            remark=row.remark,
            bookings=() if row.code else self._bookings(row.number),
        )


def _with_seller() -> Select[Any]:
    t, seller = tables.sale, tables.taxpayer
    return select(t, seller.c.name.label("seller_name")).join(seller, seller.c.taxpayer == t.c.taxpayer)
