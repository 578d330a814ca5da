"""What an enterprise has issued, where to look for one of them, and its title as a buyer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bureau.engine.einvoices.checking import finding_of
from bureau.engine.einvoices.finding import own
from bureau.engine.einvoices.red import why_not
from bureau.engine.einvoices.spans import MOST, spans
from bureau.engine.einvoices.words import kind_name, shown
from bureau.engine.mailing import Writer
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.refusals import refuse
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.einvoices import IssuedInvoice
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.errors import FieldError
from kiosk.domain.masking import mask_mailbox, mask_mobile
from kiosk.domain.title_code import InvoiceTitle, make_title
from sync.models import (
    EInvoiceList,
    EInvoiceParams,
    EInvoiceRow,
    EInvoicesAsked,
    EInvoiceSpans,
    EInvoiceWay,
    EInvoiceWays,
    InvoiceTitleCode,
    SheetShown,
)

SINCE = timedelta(days=366)


def questions(system: System, writer: Writer) -> Mapping[str, Query]:
    """The queries of issued invoices."""
    return {
        "einvoices.spans": of_actor(system, NoParams, EInvoiceSpans, _spans),
        "einvoices.list": of_actor(system, EInvoicesAsked, EInvoiceList, _list),
        "einvoice.ways": of_actor(system, NoParams, EInvoiceWays, partial(_ways, writer)),
        "einvoice.preview": of_actor(system, EInvoiceParams, SheetShown, _preview),
        "invoice.title": of_actor(system, NoParams, InvoiceTitleCode, _title),
    }


def _spans(core: Core, actor: Actor, _: NoParams) -> EInvoiceSpans:
    return spans(core.einvoices.issued_days(actor.enterprise.taxpayer, today(core) - SINCE))


def _list(core: Core, actor: Actor, asked: EInvoicesAsked) -> EInvoiceList:
    day = today(core)
    first, last = max(asked.first or day - SINCE, day - SINCE), asked.last or day
    found = core.einvoices.issued(actor.enterprise.taxpayer, first, last, MOST)
    return EInvoiceList(invoices=[_row(one) for one in found], as_of=core.now)


def _row(invoice: IssuedInvoice) -> EInvoiceRow:
    return EInvoiceRow(
        id=invoice.id,
        number=invoice.number,
        code=invoice.code,
        kind_name=kind_name(invoice),
        buyer=invoice.buyer,
        issued=invoice.issued_on,
        total_fen=invoice.total_fen,
        state=finding_of(invoice).value,
        digital=not invoice.code,
        why_not=say("einvoice.on-paper") if invoice.code else {},
        left_fen=max(0, invoice.left_fen),
        reversible=not (why := why_not(invoice)),
        why_not_reversible=why,
    )


def _ways(writer: Writer, core: Core, actor: Actor, _: NoParams) -> EInvoiceWays:
    """Each way, also one that is closed now, with what opens it or what to choose instead."""
    mobile = actor.person.mobile
    mailbox = writer.remembered(core, actor.person.key) if writer.there else None
    phone = say("mail.way.phone.note", phone=mask_mobile(mobile)) if mobile else {}
    known = say("mail.way.mailbox.known", mailbox=mask_mailbox(mailbox)) if mailbox else None
    return EInvoiceWays(
        ways=[
            EInvoiceWay(
                id="code", title=say("mail.way.code"), note=say("mail.way.code.note"), icon="qr", open=True
            ),
            EInvoiceWay(
                id="phone",
                title=say("mail.way.phone"),
                note=phone,
                icon="phone",
                open=bool(mobile),
                why_not={} if mobile else say("mail.way.phone.missing"),
            ),
            EInvoiceWay(
                id="mailbox",
                title=say("mail.way.mailbox"),
                note=known or say("mail.way.mailbox.note"),
                icon="mail",
                open=writer.there,
                why_not={} if writer.there else say("mail.way.mailbox.missing"),
                mailbox=mailbox,
                kept=True if mailbox else None,
            ),
        ]
    )


def _preview(core: Core, actor: Actor, asked: EInvoiceParams) -> SheetShown:
    return shown(own(core, actor, asked.invoice))


def _title(core: Core, actor: Actor, _: NoParams) -> InvoiceTitleCode:
    """Name and number alone: address and account are on no invoice's title any more (数电票)."""
    firm = actor.enterprise
    if firm.state == "cancelled":
        raise refuse("titleCancelled")
    try:
        code = make_title(InvoiceTitle(firm.name, firm.taxpayer))
    except FieldError as fault:
        if fault.code == "length":
            raise refuse("titleTooLong") from fault
        raise refuse("titleUnwritable") from fault
    return InvoiceTitleCode(name=firm.name, taxpayer=firm.taxpayer, code=code, as_of=core.now)
