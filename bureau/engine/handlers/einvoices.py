"""``einvoice.copy``: an enterprise's electronic invoice as a sealed file, to be printed at this terminal."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from bureau.engine.effects import Handler, Outcome, Request, accepted
from bureau.engine.einvoices.finding import own_file
from bureau.engine.refusals import refuse
from bureau.engine.subjects import Actor, authorise
from bureau.errors import InProgress
from bureau.ports.core import Core
from bureau.ports.einvoices import InvoiceDocument, InvoiceOffice, IssuedInvoice
from bureau.ports.system import System
from sync.models import EffectKind, EInvoiceCopy, EInvoiceParams


class CopyInvoice(Handler[EInvoiceParams, InvoiceDocument]):
    """Draws and seals the invoice as it stands in the register."""

    kind: ClassVar[EffectKind] = EffectKind.EINVOICE_COPY
    model = EInvoiceParams

    def __init__(self, office: InvoiceOffice) -> None:
        self._office = office

    def prepare(self, system: System, request: Request, data: EInvoiceParams) -> InvoiceDocument:
        """Take a number, then draw and seal; a repetition takes the same number."""
        with system.write(request.terminal) as work:
            if not work.answers.take_turn(request.body.key):
                raise InProgress(request.body.key)
            actor, invoice = self._asked(work.core, request, data)
            document, now = work.core.einvoices.document_for(request.body.key), work.core.now
        files = self._office.invoice_files(invoice, now)
        return InvoiceDocument(
            document=document,
            key=request.body.key,
            invoice=invoice,
            terminal=request.terminal,
            person=actor.person.key,
            pdf=files.pdf,
            pdf_sha256=hashlib.sha256(files.pdf).hexdigest(),
            pages=files.pages,
            made_at=now,
        )

    def apply(self, core: Core, request: Request, data: EInvoiceParams, prepared: InvoiceDocument) -> Outcome:
        """Keep the file, if the invoice is still what was drawn."""
        _, invoice = self._asked(core, request, data)
        if invoice != prepared.invoice:
            raise refuse("changedMeanwhile")
        core.einvoices.add_document(prepared)
        made = EInvoiceCopy(
            document=prepared.document,
            pages=prepared.pages,
            pdf_sha256=prepared.pdf_sha256,
            number=invoice.number,
            code=invoice.code,
            total_fen=invoice.total_fen,
        )
        return accepted(made, prepared.document)

    def _asked(self, core: Core, request: Request, data: EInvoiceParams) -> tuple[Actor, IssuedInvoice]:
        actor = authorise(core, request.body.subject, request.service)
        return actor, own_file(core, actor, data.invoice)
