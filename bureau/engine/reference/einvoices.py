"""The register of issued invoices, from the registry's sales: one table, so returns and invoices always agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bureau.engine.reference.context import Context, Type
from bureau.ports.einvoices import InvoiceDocument, InvoiceLine, IssuedInvoice, invoice_id
from bureau.store import tables


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
        insert = postgresql.insert if self._context.connection.dialect.name == "postgresql" else sqlite.insert
        first = insert(t).values(day=self._context.today, invoice=invoice, times=1)
        upsert = first.on_conflict_do_update(
            index_elements=[t.c.day, t.c.invoice], set_={"times": t.c.times + 1}
        )
        return int(self._context.connection.execute(upsert.returning(t.c.times)).scalar_one())

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

    def issued(self, taxpayer: str, since: date, limit: int) -> Sequence[IssuedInvoice]:
        """The latest ``limit`` invoices that the taxpayer issued on ``since`` or later, the latest first."""
        t = tables.sale
        query = _with_seller().where(t.c.taxpayer == taxpayer, t.c.issued_on >= since)
        query = query.order_by(t.c.issued_on.desc(), t.c.number.desc()).limit(limit)
        return [self._invoice(row) for row in self._context.connection.execute(query)]

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
            taken_back_fen=self._taken_back(row),
        )

    def _taken_back(self, row: Row[Any]) -> int:
        """What red-letter invoices took back of it, with tax."""
        t = tables.sale
        red = (t.c.red_of == invoice_id(row.code, row.number)) & (t.c.state == "red")
        query = select(func.coalesce(func.sum(t.c.net_fen + t.c.tax_fen), 0)).where(red)
        return -int(self._context.connection.execute(query).scalar_one())


def _with_seller() -> Select[Any]:
    t, seller = tables.sale, tables.taxpayer
    return select(t, seller.c.name.label("seller_name")).join(seller, seller.c.taxpayer == t.c.taxpayer)
