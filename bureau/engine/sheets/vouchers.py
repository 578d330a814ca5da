"""The voucher of one payment (缴款凭证): what was paid together, once it is in the treasury, on one sheet."""

from __future__ import annotations

from bureau.engine.names import day_in_words, tax_name
from bureau.engine.refusals import refuse
from bureau.engine.sheets.base import (
    Case,
    in_capitals,
    month_span,
    same,
    title,
    unit_fact,
    yuan,
)
from bureau.engine.sheets.taxes import NOTHING, back_facts, payer_facts
from bureau.ports.core import Core
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.ports.payments import Order, PaidDue
from bureau.ports.returns import PaidTax
from bureau.texts import say
from config.clock import CHINA
from sync.models import Texts

PAYMENT_VOUCHER, OWN_PAYMENT_VOUCHER = "payment-voucher", "own-payment-voucher"


def why_not(order: Order) -> Texts | None:
    """Why a payment has no voucher; None when it has one."""
    if order.notice is not None:
        return say(
            "payment.voucher.nontax"
        )  # 非税收入: its receipt is the finance department's (财政电子票据)
    return None if order.voucher else say("payment.voucher.not-booked")


def payment_voucher(case: Case) -> Sheet:
    """缴款凭证 (domain note, section 5, C10) of the order that was asked for; raises ``Refused``.

    税收征收管理法 art. 34: who pays tax is given a voucher. There is one of a payment; what is printed of it after the
    first says so.
    """
    taxpayer = case.actor.enterprise
    order = case.core.payments.order(case.wish.item or "")
    if order is None or order.taxpayer != taxpayer.taxpayer:
        raise refuse("paymentUnknown")
    if (why := why_not(order)) is not None:
        raise refuse("paymentWithoutVoucher", why=why)
    assert order.paid_at is not None and order.voucher is not None, "what is booked was paid"
    return Sheet(
        kind=OWN_PAYMENT_VOUCHER if case.actor.role is None else PAYMENT_VOUCHER,
        title=title(PAYMENT_VOUCHER),
        holder=taxpayer.name,
        facts=(
            *payer_facts(case),
            SheetFact(say("certificate.fact.voucher"), same(order.voucher), strong=True, wide=True),
            SheetFact(say("certificate.fact.order"), same(order.order), wide=True, screen=False),
            SheetFact(say("certificate.fact.paid"), day_in_words(order.paid_at.astimezone(CHINA).date())),
            SheetFact(say("certificate.fact.channel"), say(f"payment.channel.{order.channel}"), screen=False),
            *back_facts(_given_back(case, order)),
            unit_fact(),
        ),
        columns=(
            SheetColumn(say("certificate.column.tax"), 30),
            SheetColumn(say("certificate.column.period"), 25),
            SheetColumn(say("certificate.column.tax-paid"), 15, figures=True, screen=False),
            SheetColumn(say("certificate.column.late"), 15, figures=True, screen=False),
            SheetColumn(say("certificate.column.sum"), 15, figures=True),
        ),
        rows=tuple(_row(case.core, part) for part in order.dues),
        totals=(
            say("certificate.total"),
            NOTHING,
            yuan(order.amount_fen - order.late_fee_fen),
            yuan(order.late_fee_fen),
            yuan(order.amount_fen),
        ),
        emphasis=4,
        capital_label=say("certificate.total.capital"),
        capital=in_capitals(order.amount_fen),
        statements=(say("certificate.payment-voucher.statement"),),
        amount_fen=order.amount_fen,
    )


def _given_back(case: Case, order: Order) -> list[PaidTax]:
    """What left the treasury of it until today: the voucher proves the payment, and says that it did not stay."""
    assert order.paid_at is not None, "what is booked was paid"
    mine = {part.due for part in order.dues}
    since = order.paid_at.astimezone(CHINA).date()
    found = case.core.returns.entered(order.taxpayer, since, case.day)
    return [one for one in found if one.amount_fen < 0 and one.due in mine]


def _row(core: Core, part: PaidDue) -> tuple[Texts, ...]:
    due = core.returns.due(part.due)
    assert due is not None, "what was paid is in the books"
    return (
        tax_name(due.tax),
        month_span(due.period_first, due.period_last),
        yuan(part.amount_fen),
        yuan(part.late_fee_fen),
        yuan(part.amount_fen + part.late_fee_fen),
    )
