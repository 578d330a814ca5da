"""The income tax record as a sheet on the screen, where it is not the terminal's own page of it that shows it."""

from __future__ import annotations

from bureau.engine.sheets.base import same, title, yuan
from bureau.ports.office import SheetFact
from bureau.ports.registration import Person
from bureau.texts import say
from sync.models import CertificatePreview, IitRecord, PreviewColumn, PreviewFact


def incomes_shown(person: Person, record: IitRecord, more: tuple[SheetFact, ...]) -> CertificatePreview:
    """Heading with a masked number, month, item and tax of each line, and the tax in all."""
    months = record.first if record.first == record.last else f"{record.first} – {record.last}"
    return CertificatePreview(
        title=title("iit-record"),
        facts=[
            PreviewFact(label=say("certificate.fact.name"), value=same(person.name)),
            PreviewFact(label=say("certificate.fact.document-number"), value=same(record.number_masked)),
            PreviewFact(label=say("certificate.fact.period"), value=same(months)),
            *(PreviewFact(label=fact.label, value=fact.shown) for fact in more),
        ],
        columns=[
            PreviewColumn(label=say("certificate.column.month"), width=25),
            PreviewColumn(label=say("certificate.column.line"), width=50),
            PreviewColumn(label=say("certificate.column.tax-paid"), width=25, figures=True),
        ],
        rows=[[same(row.month), row.item_name, yuan(row.tax_fen)] for row in record.rows],
        total=[PreviewFact(label=say("certificate.total"), value=yuan(record.total_tax_fen))],
        statements=[],
        content_sha256=record.content_sha256,
    )
