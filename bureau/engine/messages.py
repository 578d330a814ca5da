"""What people are told afterwards: at the next sign-in, and by message to their phone (``notices.*.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bureau.engine.matters.words import delivery_step
from bureau.engine.names import day_in_words, day_name, period_name, tax_name
from bureau.engine.reliefs.taking import kinds_of_relief
from bureau.engine.rules import VAT_SMALL, Period
from bureau.ports.deliveries import Delivery
from bureau.ports.documents import Document
from bureau.ports.lottery import Ticket
from bureau.ports.mail import LetterState
from bureau.ports.mandates import Mandate
from bureau.ports.matters import MatterCase
from bureau.ports.notices import Message
from bureau.ports.orders import PickUp
from bureau.ports.payments import Order
from bureau.ports.refunds import Refund
from bureau.ports.reliefs import Adjusted, Relief
from bureau.ports.repayments import Repayment
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card, mask_mobile
from kiosk.domain.money import format_yuan
from kiosk.domain.people import Ground
from kiosk.domain.tax.carried import Use
from kiosk.domain.tax.returns import KINDS
from sync.models import Declared, InvoiceReddened, MatterOpened, Refusal, Texts
from sync.models.materials import MaterialsSupplied

Values = Mapping[str, str | Mapping[str, str]]


def to_file(tax: str, taxpayer: str, first: date, last: date) -> str:
    """The matter that ends when a return of this period is filed."""
    return f"file/{tax}/{taxpayer}/{first}/{last}"


def to_pay(declaration: str) -> str:
    """The matter that ends when all dues of the return are paid."""
    return f"pay/{declaration}"


def to_fetch(key: str) -> str:
    """The matter that ends when the files of the link that this effect made are fetched."""
    return f"fetch/{key}"


def return_accepted(filed: Declared, tax: str, period: Period) -> Message:
    """A return that had to wait is filed."""
    return message_of(
        "return-accepted",
        filed.declaration,
        {**_filed(filed, tax, period), "amount": _yuan(filed.total_fen)},
        deadline=period.limit if filed.total_fen else None,
        matter=to_pay(filed.declaration),
    )


def return_duplicate(filed: Declared, tax: str, period: Period) -> Message:
    """A return that had to wait was filed elsewhere before it arrived."""
    return message_of("return-duplicate", filed.declaration, _filed(filed, tax, period))


def return_withdrawn(filed: Declared, tax: str, period: Period) -> Message:
    """A return was taken back, and whoever did so was gone before they heard of it."""
    return message_of("return-withdrawn", filed.declaration, _filed(filed, tax, period))


def carried_overdrawn(use: Use) -> Message:
    """A return took off more of what was overpaid than there is, since an earlier one was changed."""
    values: Values = {
        "tax": tax_name(VAT_SMALL),
        "period": period_name(*use.period),
        "declaration": use.declaration,
    }
    return message_of("carried-overdrawn", use.declaration, values)


def return_refused(refusal: Refusal, tax: str, key: str, matter: str | None) -> Message:
    """A return that had to wait was refused: why, what to do, by when."""
    deadline = refusal.deadline
    assert deadline is not None
    values: Values = {
        "tax": tax_name(tax),
        "why": refusal.text,
        "next": refusal.next_step,
        "deadline": day_name(deadline),
    }
    return message_of("return-refused", key, values, deadline=deadline, matter=matter)


def matter_accepted(opened: MatterOpened, title: Texts) -> Message:
    """A matter that had to wait has its case now."""
    values: Values = {"title": title, "case": opened.case, "state": opened.state_text}
    return message_of("matter-accepted", opened.case, values)


def enrolled(number: str) -> Message:
    """An enrolment that had to wait is entered."""
    return message_of("enrolled", number, {"enrolment": number})


def phone_changed(number: str, mobile: str) -> Message:
    """To the phone on file so far: messages go to another one from now on."""
    return message_of("phone-changed", number, {"enrolment": number, "mobile": mask_mobile(mobile)})


def to_serve(document: str) -> str:
    """The matter that ends when the document is served or withdrawn."""
    return f"serve/{document}"


def document_waits(document: Document, taxpayer: str) -> Message:
    """An official document waits to be signed for."""
    values: Values = {"taxpayer": taxpayer, "title": document.title, "document": document.document}
    return message_of("document-waits", document.document, values, matter=to_serve(document.document))


def document_served(number: str) -> Message:
    """A document whose signature had to wait is served."""
    return message_of("document-served", number, {"document": number})


def device_reported(device: str, month: Texts) -> Message:
    """A tax-control device's report that had to wait is taken."""
    return message_of("device-reported", device, {"device": device, "month": month})


def matter_refused(refusal: Refusal, key: str, title: Texts) -> Message:
    """A matter that had to wait was not accepted: why, and what to do."""
    values: Values = {"title": title, "why": refusal.text, "next": refusal.next_step}
    return message_of("matter-refused", key, values)


def red_issued(reddened: InvoiceReddened) -> Message:
    """A red-letter invoice that had to wait is issued."""
    values: Values = {"number": reddened.number, "amount": _yuan(reddened.amount_fen)}
    return message_of("red-issued", reddened.number, values)


def red_refused(refusal: Refusal, key: str) -> Message:
    """A red-letter invoice that had to wait was not issued: why, and what to do."""
    return message_of("red-refused", key, {"why": refusal.text, "next": refusal.next_step})


def agency_issued(number: str, total_fen: int) -> Message:
    """An invoice that the bureau issued for somebody is there, and they did not wait for it."""
    return message_of("agency-issued", number, {"number": number, "amount": _yuan(total_fen)})


def agency_refused(refusal: Refusal, key: str) -> Message:
    """It was not issued: why, and what to do."""
    return message_of("agency-refused", key, {"why": refusal.text, "next": refusal.next_step})


def invoice_link(number: str, url: str, minutes: int, key: str) -> Message:
    """A link to the files of an invoice, which ends with its first use."""
    values: Values = {"number": number, "url": url, "minutes": str(minutes)}
    return message_of("einvoice-link", number, values, matter=to_fetch(key))


def letter_lost(reference: str, shown: str, state: LetterState) -> Message:
    """A letter to a mailbox (``shown``, masked) was refused or given up."""
    return message_of(f"letter-{state}", reference, {"number": reference, "mailbox": shown})


def certificate_void(number: str, name: Texts, reason: str) -> Message:
    """A certificate was made void by the bureau: it must not be used, and a new one can be had."""
    values: Values = {"number": number, "name": name, "why": say(f"certificate.why.{reason}")}
    return message_of("certificate-void", number, values)


def case_decided(case: MatterCase, title: Texts) -> Message:
    """An officer has decided."""
    if case.state == "refused":
        refused: Values = {"title": title, "case": case.case, "reason": case.reason or ""}
        return message_of("case-refused", case.case, refused)
    assert case.effective_on is not None
    approved: Values = {"title": title, "case": case.case, "day": day_name(case.effective_on)}
    return message_of("case-approved", case.case, approved)


def relief_granted(relief: Relief, adjusted: Adjusted) -> Message:
    """A second officer has granted a relief; what it did to returns that were filed already."""
    law = kinds_of_relief()[relief.relief].basis
    amounts = {"amount": _yuan(relief.amount_fen or 0), "percent": str(relief.percent)}
    granted: Values = {
        "tax": tax_name(relief.tax),
        "case": relief.case,
        "law": law,
        "months": period_name(relief.first, relief.last),
        "terms": say(f"relief.terms.{'amount' if relief.percent is None else 'percent'}", **amounts),
        "changed": _changed(relief, adjusted),
    }
    return message_of("relief-granted", relief.case, granted)


def _changed(relief: Relief, adjusted: Adjusted) -> Texts:
    if not adjusted.returns:
        here = any(kind.relievable == relief.tax for kind in KINDS.values())
        return say("relief.changed.later" if here else "relief.changed.elsewhere")
    return say(
        "relief.changed.back" if adjusted.overpaid_fen else "relief.changed.less",
        count=str(adjusted.returns),
        less=_yuan(adjusted.less_fen),
        over=_yuan(adjusted.overpaid_fen),
    )


def case_wanted(case: MatterCase, title: Texts) -> Message:
    """An officer asks for more (补正告知)."""
    values: Values = {"title": title, "case": case.case, "wanted": case.wanted or ""}
    return message_of("case-wanted", case.case, values)


def materials_supplied(supplied: MaterialsSupplied) -> Message:
    """Pages that had to wait are with their case now."""
    values: Values = {"title": supplied.title, "case": supplied.case, "count": str(supplied.count)}
    return message_of("materials-supplied", supplied.case, values)


def order_ready(order: PickUp, enterprise: str, kind: Texts) -> Message:
    """An order was approved: the code, and until when."""
    values: Values = {
        "enterprise": enterprise,
        "kind": kind,
        "count": str(order.count),
        "code": order.code,
        "day": day_name(order.expires_on),
    }
    return message_of("order-ready", order.order, values, deadline=order.expires_on)


def delivery_told(order: Delivery) -> Message:
    """What became of an order by courier."""
    values: Values = {"order": order.order, "how": delivery_step(order)}
    return message_of(f"delivery-{order.state}", order.order, values)


def refund_told(refund: Refund) -> Message:
    """A refund was ordered, paid, set off whole against arrears, or sent back by the bank."""
    whole = refund.state == "paid" and refund.to_account_fen == 0
    values: Values = {
        "refund": refund.refund,
        "total": _yuan(refund.total_fen),
        "interest": _yuan(refund.interest_fen),
        "set_off": _yuan(refund.set_off_fen),
        "amount": _yuan(refund.to_account_fen),
        "account": mask_card(refund.account.number),
        "reason": refund.reason or "",
    }
    return message_of(f"refund-{'set-off' if whole else refund.state}", refund.refund, values)


def prize_told(ticket: Ticket) -> Message:
    """A prize of the invoice lottery was paid, or sent back by the bank."""
    values: Values = {
        "ticket": ticket.ticket,
        "amount": _yuan(ticket.prize_fen),
        "account": mask_card(ticket.account),
        "until": day_in_words(ticket.claim_until),
        "reason": ticket.reason,
    }
    return message_of(f"prize-{ticket.state}", ticket.ticket, values)


def role_bound(enterprise: str, role: Texts, case: str) -> Message:
    """Somebody was given a role, which they have to know."""
    values: Values = {"enterprise": enterprise, "role": role}
    return message_of("role-bound", case, values)


def role_released(enterprise: str, role: Texts, case: str) -> Message:
    """Somebody has a role no longer."""
    values: Values = {"enterprise": enterprise, "role": role}
    return message_of("role-released", case, values)


def account_changed(enterprise: str, last: str, case: str) -> Message:
    """Refunds go to another account from now on, ending in ``last``, which the head has to know."""
    return message_of("account-changed", case, {"enterprise": enterprise, "last": last})


def issuing_phone_bound(enterprise: str, mobile: str, case: str) -> Message:
    """A phone issues invoices for the enterprise from now on, which its head has to know."""
    values: Values = {"enterprise": enterprise, "mobile": mobile}
    return message_of("issuing-phone-bound", case, values)


def issuing_phone_released(enterprise: str, mobile: str, case: str) -> Message:
    """Somebody's phone issues no more for the enterprise."""
    values: Values = {"enterprise": enterprise, "mobile": mobile}
    return message_of("issuing-phone-released", case, values)


def mandate_given(principal: str, scope: Texts, until: date, case: str) -> Message:
    """Somebody may act for another person from now on."""
    values: Values = {"principal": principal, "scope": scope, "until": day_in_words(until)}
    return message_of("mandate-given", case, values)


def consent_given(firm: str, recipient: Texts, until: date, case: str) -> Message:
    """An enterprise's data may be given to a body from now on."""
    values: Values = {"firm": firm, "recipient": recipient, "until": day_in_words(until)}
    return message_of("consent-given", case, values)


def consent_ended(firm: str, recipient: Texts, case: str) -> Message:
    """An enterprise's data may be given to a body no longer."""
    return message_of("consent-ended", case, {"firm": firm, "recipient": recipient})


def data_given(firm: str, recipient: Texts, case: str) -> Message:
    """An enterprise's data were given to a body, under the consent of this case."""
    return message_of("data-given", case, {"firm": firm, "recipient": recipient, "case": case})


def referral_received(bank: Texts, number: str, case: str) -> Message:
    """A bank has the referral of this case."""
    return message_of("referral-received", case, {"bank": bank, "number": number, "case": case})


def acting_ended(mandate: Mandate, other: str, case: str) -> Message:
    """The other one has ended a mandate, or that they are entered as a guardian."""
    kind = "guardian-ended" if mandate.by_guardian else "mandate-ended"
    return message_of(kind, case, {"other": other})


def guardian_entered(guardian: str, ward: str, until: date, case: str) -> Message:
    """Somebody acts for a ward as their guardian from now on: told to the ward, and to who else guards them."""
    values: Values = {"guardian": guardian, "ward": ward, "until": day_in_words(until)}
    return message_of("guardian-entered", case, values)


def guardian_ended_by_officer(other: str, reason: str, case: str) -> Message:
    """An officer has ended that somebody is entered as a guardian."""
    return message_of("guardian-ended-by-officer", case, {"other": other, "reason": reason})


def acted_for(attorney: str, ground: Ground, service: Texts, key: str) -> Message:
    """An attorney or a guardian did something in this person's name, who may not know of it."""
    kind = "acted-for" if ground is Ground.SIGNED else "acted-for-ward"
    return message_of(kind, key, {"attorney": attorney, "service": service})


def payment_confirmed(order: Order) -> Message:
    """A payment that was in doubt has come in."""
    values = {"order": order.order, "amount": _yuan(order.amount_fen), "voucher": order.voucher or ""}
    return message_of("payment-confirmed", order.order, values)


def payment_not_charged(order: Order, matter: str | None) -> Message:
    """A payment that was in doubt was not charged: its dues wait again."""
    values = {"order": order.order, "amount": _yuan(order.amount_fen)}
    return message_of("payment-not-charged", order.order, values, matter=matter)


def charge_given_back(repayment: Repayment) -> Message:
    """Money that was charged and is no tax goes back the way it came."""
    values = {"order": repayment.order, "amount": _yuan(repayment.amount_fen)}
    return message_of("payment-given-back", repayment.repayment, values)


def message_of(
    kind: str,
    reference: str | None,
    values: Values,
    *,
    deadline: date | None = None,
    matter: str | None = None,
) -> Message:
    """The message of a kind, in the words of ``notices.*.yaml`` with these values."""
    title, text = say(f"notice.{kind}", **values), say(f"notice.{kind}.text", **values)
    return Message(kind, title, text, reference, deadline, matter)


def _filed(filed: Declared, tax: str, period: Period) -> Values:
    """Which return it is."""
    return {"tax": tax_name(tax), "period": period.name, "declaration": filed.declaration}


def _yuan(amount_fen: int) -> str:
    return format_yuan(Fen(amount_fen))
