"""``einvoice.copy``, ``.deliver`` and ``invoice.red``: an enterprise's invoice printed, sent, or taken back."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import ClassVar

from bureau.engine import messages
from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.einvoices.fetching import LINK_LIFE, SECRET_BYTES, secret_hash
from bureau.engine.einvoices.finding import own, own_file
from bureau.engine.einvoices.red import WHOLE, Taken, red_letter, why_not
from bureau.engine.mailing import Writer
from bureau.engine.refusals import refuse
from bureau.engine.subjects import Actor, authorise, today
from bureau.errors import InProgress
from bureau.ports.core import Core
from bureau.ports.einvoices import InvoiceDocument, InvoiceFiles, InvoiceLink, InvoiceOffice, IssuedInvoice
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.ports.system import System
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_mobile
from kiosk.domain.money import format_yuan
from sync.models import (
    EffectAnswer,
    EffectKind,
    EInvoiceCopy,
    EInvoiceDeliver,
    EInvoiceDelivered,
    EInvoiceParams,
    InvoiceRed,
    InvoiceReddened,
)


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


class RedInvoice(Simple[InvoiceRed]):
    """Confirms (红字确认单) and issues a red-letter invoice at once, of an ordinary invoice, which no buyer deducts."""

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_RED
    model = InvoiceRed

    def apply(self, core: Core, request: Request, data: InvoiceRed, prepared: None) -> Outcome:
        """One after the other for an invoice: what the one takes is no longer there for the next."""
        actor = authorise(core, request.body.subject, request.service)
        if actor.enterprise.state != "normal":
            raise refuse("redAbnormal")
        invoice = core.einvoices.lock(own(core, actor, data.invoice))
        if why := why_not(invoice):
            raise refuse("redNot", why=why)
        left = format_yuan(Fen(invoice.left_fen))
        if data.amount_fen > invoice.left_fen:
            raise refuse("redTooMuch", left=left)
        if data.reason == WHOLE and data.amount_fen != invoice.left_fen:
            raise refuse("redWhole", left=left)
        taken = Taken(*core.einvoices.taken_back(invoice.id))
        number = core.einvoices.next_digital()
        red = red_letter(invoice, taken, data.amount_fen, number, today(core))
        core.einvoices.add(red)
        reddened = InvoiceReddened(
            confirmation=core.einvoices.confirmation_for(request.body.key),
            number=red.number,
            code=red.code,
            total_fen=red.total_fen,
            amount_fen=data.amount_fen,
            original=invoice.number,
            left_fen=invoice.left_fen - data.amount_fen,
        )
        return accepted(reddened, red.number)

    def message(
        self, core: Core, request: Request, person: Person, data: InvoiceRed, answer: EffectAnswer
    ) -> Message:
        """Issued or refused."""
        if answer.refusal is not None:
            return messages.red_refused(answer.refusal, answer.key)
        return messages.red_issued(InvoiceReddened.model_validate(answer.result))


@dataclass(frozen=True, slots=True)
class Made:
    """An invoice's files, as it stood when they were made."""

    invoice: IssuedInvoice
    files: InvoiceFiles


class DeliverInvoice(Handler[EInvoiceDeliver, Made | None]):
    """Makes a link to the invoice's files, or writes a letter with them to a mailbox.

    A link works once and soon ends; only its hash is kept in the register.
    """

    kind: ClassVar[EffectKind] = EffectKind.EINVOICE_DELIVER
    model = EInvoiceDeliver

    def __init__(self, office: InvoiceOffice, writer: Writer, public_url: str) -> None:
        self._office, self._writer, self._public_url = office, writer, public_url.rstrip("/")

    def prepare(self, system: System, request: Request, data: EInvoiceDeliver) -> Made | None:
        """Of a letter: make the files, once it is known that it may be written. Nothing is kept of it."""
        if data.way != "mailbox":
            return None
        with system.write(request.terminal) as work:  # what was sent today is counted with the person held
            core = work.core
            actor = authorise(core, request.body.subject, request.service)
            invoice, now = own_file(core, actor, data.invoice), core.now
            self._writer.may(core, actor.person.key, data.mailbox)
        return Made(invoice, self._office.invoice_files(invoice, now))

    def apply(self, core: Core, request: Request, data: EInvoiceDeliver, prepared: Made | None) -> Outcome:
        """The code for who stands there, a message to the phone that is registered for them, or a letter."""
        actor = authorise(core, request.body.subject, request.service)
        invoice = own_file(core, actor, data.invoice)
        if prepared is None:
            return accepted(self._link(core, request, data, actor, invoice), invoice.number)
        if invoice != prepared.invoice:
            raise refuse("changedMeanwhile")
        person = actor.person.key
        letter = self._writer.invoice(core, request, person, data.mailbox, invoice, prepared.files)
        self._writer.keep(core, person, data.mailbox, data.keep)
        written = EInvoiceDelivered(
            number=invoice.number,
            code=invoice.code,
            total_fen=invoice.total_fen,
            expires_at=letter.until,
            mailbox=letter.shown,
            tried_until=letter.until,
        )
        return accepted(written, invoice.number)

    def _link(
        self, core: Core, request: Request, data: EInvoiceDeliver, actor: Actor, invoice: IssuedInvoice
    ) -> EInvoiceDelivered:
        key, by_phone = request.body.key, data.way == "phone"
        if by_phone and not actor.person.mobile:
            raise refuse("phoneMissing")
        secret = secrets.token_urlsafe(SECRET_BYTES)
        link = InvoiceLink(key, secret_hash(secret), invoice.code, invoice.number, core.now + LINK_LIFE)
        core.einvoices.add_link(link)
        url = f"{self._public_url}/e/{key}.{secret}"
        if by_phone:
            minutes = int(LINK_LIFE.total_seconds()) // 60
            core.notices.tell(actor.person, messages.invoice_link(invoice.number, url, minutes, key))
        return EInvoiceDelivered(
            number=invoice.number,
            code=invoice.code,
            total_fen=invoice.total_fen,
            expires_at=link.expires_at,
            verify_url="" if by_phone else url,
            phone=mask_mobile(actor.person.mobile) if by_phone else "",
            link_until=link.expires_at,
        )
