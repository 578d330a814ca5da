"""An application that is paid becomes one invoice, whoever asks for it and however often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.agency import Application
from bureau.ports.core import Core
from bureau.ports.einvoices import IssuedInvoice
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

AGENCY = "vat-agency"
"""The return by which the tax of such an invoice is declared (代开增值税发票缴纳税款申报单)."""


def end_of(day: date) -> datetime:
    """Until when an application of that day may be paid: tax and thresholds are those of the day."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA)


def issue(core: Core, application: Application) -> IssuedInvoice:
    """The invoice of a locked application: issued now, or the one that was; raises ``Refused`` unless it is paid."""
    if application.state == "issued":
        found = core.einvoices.find("", application.number)
        assert found is not None, "an invoice never leaves the register"
        return found
    if application.state == "lapsed":
        raise refuse("issueLapsed")
    if not paid(core, application):
        raise refuse("issueUnpaid")
    seller = core.registration.taxpayer(application.taxpayer)
    assert seller is not None, "who applied is registered"
    invoice = IssuedInvoice(
        code="",
        number=core.einvoices.next_digital(),
        kind=application.kind,
        issued_on=today(core),
        seller=application.taxpayer,
        seller_name=seller.name,
        buyer=application.buyer,
        buyer_number=application.buyer_number,
        net_fen=application.net_fen,
        tax_fen=application.tax_fen,
        state="valid",
        check_code="",
        red_of="",
        lines=application.lines,
        remark=application.remark,
    )
    core.einvoices.add(invoice)
    core.agency.issued(application.application, invoice.number)
    _tell_phones(core, invoice)
    return invoice


def _tell_phones(core: Core, invoice: IssuedInvoice) -> None:
    """Whoever's phone issues for the seller hears of each invoice: one that nobody there asked for is noticed."""
    amount = format_yuan(Fen(invoice.total_fen))
    text = say("sms.issued", enterprise=invoice.seller_name, number=invoice.number, amount=amount)
    for phone in core.issuing.of(invoice.seller):
        core.phones.tell(phone.mobile, text["zh-CN"])


def paid(core: Core, application: Application) -> bool:
    """Whether its return stands and nothing of it is open any more."""
    kept = core.returns.kept(application.application)
    return kept is not None and kept.stands and kept.owed_fen == 0


def end(core: Core, application: Application) -> bool:
    """Take back what nobody began to pay; False when somebody did."""
    if not core.returns.withdraw(application.application):
        return False
    core.agency.lapsed(application.application)
    return True


def prepaid(core: Core, taxpayer: str, first: date, last: date) -> Mapping[str, int]:
    """What was paid for invoices of those days before they were issued, in fen by the tax: the return takes it off."""
    found: dict[str, int] = {}
    for day in days_of(core, taxpayer, first, last):
        for tax, fen in core.returns.paid(taxpayer, AGENCY, day, day).items():
            found[tax] = found.get(tax, 0) + fen
    return found


def days_of(core: Core, taxpayer: str, first: date, last: date) -> list[date]:
    """The days within a period on which such invoices were applied for, each once."""
    kept = core.returns.filings(taxpayer, first)
    return sorted(
        {
            one.filed.period_first
            for one in kept
            if one.filed.tax == AGENCY and one.stands and first <= one.filed.period_first <= last
        }
    )
