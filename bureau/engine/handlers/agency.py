"""``invoice.apply`` and ``invoice.issue``: the bureau issues an invoice for somebody (代开), once its tax is paid."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import ClassVar

from bureau.certificates.errors import RenderingError, TextLostError
from bureau.engine import messages
from bureau.engine.agency.issuing import AGENCY, end, end_of, issue
from bureau.engine.agency.selling import Sale, invoice_of, sale_of
from bureau.engine.dues import on_the_wire
from bureau.engine.effects import Handler, Outcome, Request, accepted
from bureau.engine.einvoices.fetching import LINK_LIFE, SECRET_BYTES, secret_hash
from bureau.engine.handlers.returns import dues_of_lines
from bureau.engine.phone import drafts
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, authorise, today
from bureau.ports.agency import Application
from bureau.ports.core import Core
from bureau.ports.einvoices import InvoiceDocument, InvoiceLink, InvoiceOffice, IssuedInvoice
from bureau.ports.notices import Message
from bureau.ports.registration import Person, Taxpayer
from bureau.ports.returns import Filed, Filing
from bureau.ports.system import System
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.parameters import TaxParameters
from sync.models import EffectAnswer, EffectKind, InvoiceApplied, InvoiceApply, InvoiceIssue, InvoiceIssued

TRIAL = "0" * 20
"""The number of an invoice that is drawn on trial; none is issued under it."""


class ApplyForInvoice(Handler[InvoiceApply, None]):
    """Checks the sale, declares its tax, and opens what is to be paid; nothing is issued yet.

    It is drawn once before anything is paid: what no printer can write is no invoice to be paid for.
    """

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_APPLY
    model = InvoiceApply

    def __init__(self, rules: Rules, office: InvoiceOffice) -> None:
        self._rules = rules
        self._office = office

    def prepare(self, system: System, request: Request, data: InvoiceApply) -> None:
        """Draw it on trial; raises ``Refused`` for words that cannot be written."""
        with system.read(request.terminal) as work:
            core = work.core
            actor = authorise(core, request.body.subject, request.service)
            sale = sale_of(core, actor, data, self._rules, self._parameters(data))
            trial, now = invoice_of(sale, TRIAL, today(core)), core.now
        try:
            self._office.invoice_files(trial, now)
        except (RenderingError, TextLostError) as error:
            raise refuse("issueUnprintable") from error

    def _parameters(self, data: InvoiceApply) -> TaxParameters:
        found = self._rules.version(data.parameters_hash)
        if found is None:
            raise refuse("rulesUnknown")
        return found

    def apply(self, core: Core, request: Request, data: InvoiceApply, prepared: None) -> Outcome:
        """The tax is computed again by the tables that the person saw; an older open application gives way.

        A draft that it was begun with is used up.
        """
        actor = authorise(core, request.body.subject, request.service, lock=True)
        sale = sale_of(core, actor, data, self._rules, self._parameters(data))
        if sale.tax.total_fen != data.total_fen:
            raise refuse("figuresDiffer", total=format_yuan(sale.tax.total_fen))
        drafts.use(core, data.draft)
        taxpayer = self._taxpayer(core, actor)
        for earlier in core.agency.open_of(taxpayer.taxpayer):
            locked = core.agency.find(earlier.application, lock=True)
            if locked is not None and locked.state == "open" and not end(core, locked):
                raise refuse("issueBeingPaid", application=locked.application)
        filed = self._declare(core, request, actor, taxpayer, sale)
        application = _application(core, actor, taxpayer, sale, filed.declaration)
        core.agency.open(application)
        mine = [due for due in core.returns.dues(taxpayer.taxpayer) if due.declaration == filed.declaration]
        applied = InvoiceApplied(
            application=filed.declaration,
            total_fen=filed.total_fen,
            gross_fen=data.gross_fen,
            dues=[on_the_wire(core, due, self._rules) for due in mine],
            expires_at=application.expires_at,
        )
        return accepted(applied, filed.declaration)

    def _taxpayer(self, core: Core, actor: Actor) -> Taxpayer:
        """The enterprise, or the person, who is registered with their first application; locked."""
        number = (
            actor.enterprise.taxpayer
            if actor.role is not None
            else core.registration.register_own(actor.person).taxpayer
        )
        found = core.registration.taxpayer(number, lock=True)
        assert found is not None, "registered"
        return found

    def _declare(self, core: Core, request: Request, actor: Actor, taxpayer: Taxpayer, sale: Sale) -> Filed:
        """The return of this one sale (代开增值税发票缴纳税款申报单), due on the day it is made."""
        day, tax = today(core), sale.tax
        filing = Filing(
            key=request.body.key,
            taxpayer=taxpayer.taxpayer,
            tax=AGENCY,
            period_first=day,
            period_last=day,
            figures={
                "form": AGENCY,
                "own": sale.seller.person,
                "gross_fen": int(sale.told.gross_fen),
                "net_fen": int(tax.net_fen),
                "goods": sale.goods.code,
                "taxes": {due.tax: due.amount_fen for due in dues_of_lines(tax.lines)},
                "total_fen": int(tax.total_fen),
                "parameters_hash": tax.parameters_hash,
            },
            total_fen=int(tax.total_fen),
            limit_date=day,
            filed_at=core.now,
            terminal=request.terminal,
            person=actor.person.key,
            role=actor.role,
            dues=dues_of_lines(tax.lines),
            subject=request.body.key,
        )
        return core.returns.file(filing)


def _application(core: Core, actor: Actor, taxpayer: Taxpayer, sale: Sale, number: str) -> Application:
    return Application(
        application=number,
        taxpayer=taxpayer.taxpayer,
        own=sale.seller.person,
        person=actor.person.key,
        kind=sale.told.kind,
        buyer=sale.buyer.name,
        buyer_number=sale.buyer.number,
        lines=(sale.line,),
        net_fen=int(sale.tax.net_fen),
        tax_fen=int(sale.tax.vat_fen),
        remark=sale.remark,
        applied_at=core.now,
        expires_at=end_of(today(core)),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """The invoice that was issued, as its sealed file."""

    application: str
    document: InvoiceDocument


class IssueInvoice(Handler[InvoiceIssue, Drawn]):
    """Issues what is paid, first and for good; then makes its file for this terminal and a link for a phone."""

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_ISSUE
    model = InvoiceIssue

    def __init__(self, office: InvoiceOffice, public_url: str) -> None:
        self._office = office
        self._public_url = public_url.rstrip("/")

    def prepare(self, system: System, request: Request, data: InvoiceIssue) -> Drawn:
        """Issued in a transaction of its own, so that no failure of drawing leaves what was paid without an invoice."""
        key = request.body.key
        with system.write(request.terminal) as work:
            core = work.core
            actor = authorise(core, request.body.subject, request.service)
            invoice = issue(core, _own(core, actor, data.application))
            document, now = core.einvoices.document_for(key), core.now
        files = self._office.invoice_files(invoice, now)
        drawn = InvoiceDocument(
            document=document,
            key=key,
            invoice=invoice,
            terminal=request.terminal,
            person=actor.person.key,
            pdf=files.pdf,
            pdf_sha256=hashlib.sha256(files.pdf).hexdigest(),
            pages=files.pages,
            made_at=now,
        )
        return Drawn(data.application, drawn)

    def apply(self, core: Core, request: Request, data: InvoiceIssue, prepared: Drawn) -> Outcome:
        """Keep the file and the link."""
        actor = authorise(core, request.body.subject, request.service)
        invoice = issue(core, _own(core, actor, data.application))
        if invoice != prepared.document.invoice:
            raise refuse("changedMeanwhile")
        core.einvoices.add_document(prepared.document)
        key, secret = request.body.key, secrets.token_urlsafe(SECRET_BYTES)
        link = InvoiceLink(key, secret_hash(secret), invoice.code, invoice.number, core.now + LINK_LIFE)
        core.einvoices.add_link(link)
        url = f"{self._public_url}/e/{key}.{secret}"
        return accepted(_told(data.application, invoice, prepared.document, link, url), invoice.number)

    def message(
        self, core: Core, request: Request, person: Person, data: InvoiceIssue, answer: EffectAnswer
    ) -> Message:
        """Issued, or why not."""
        if answer.refusal is not None:
            return messages.agency_refused(answer.refusal, answer.key)
        issued = InvoiceIssued.model_validate(answer.result)
        return messages.agency_issued(issued.number, issued.total_fen)


def _own(core: Core, actor: Actor, number: str) -> Application:
    """The application, locked; raises ``Refused``, in the same words for another's as for none."""
    own = actor.taxpayer.taxpayer if actor.taxpayer is not None else None
    found = core.agency.find(number, lock=True)
    if found is None or found.taxpayer != own:
        raise refuse("issueUnknown")
    return found


def _told(
    application: str, invoice: IssuedInvoice, document: InvoiceDocument, link: InvoiceLink, url: str
) -> InvoiceIssued:
    return InvoiceIssued(
        application=application,
        id=invoice.id,
        number=invoice.number,
        code=invoice.code,
        issued=invoice.issued_on,
        net_fen=invoice.net_fen,
        tax_fen=invoice.tax_fen,
        total_fen=invoice.total_fen,
        document=document.document,
        pages=document.pages,
        pdf_sha256=document.pdf_sha256,
        verify_url=url,
        expires_at=link.expires_at,
    )
