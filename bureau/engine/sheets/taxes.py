"""Certificates of taxes: 税收完税证明 in both forms, an enterprise's or a person's own; an enterprise's 无欠税证明."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bureau.engine.dues import late_fee_of
from bureau.engine.duties import unfiled, where
from bureau.engine.names import day_in_words, period_name, tax_name
from bureau.engine.refusals import refuse
from bureau.engine.sheets.base import (
    Case,
    enterprise_facts,
    in_capitals,
    month_span,
    name_of,
    period,
    person_facts,
    same,
    span,
    title,
    unit_fact,
    window,
    yuan,
)
from bureau.ports.core import Core
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.ports.returns import PaidTax
from bureau.texts import joined, say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import Texts

TAX_PAYMENT, OWN_TAX_PAYMENT, NO_ARREARS = "tax-payment", "own-tax-payment", "no-arrears"
NOTHING: Texts = same("")


def paid_months(case: Case) -> list[str]:
    """The months in which something entered the treasury, ascending; raises ``Refused`` when there are none."""
    paid = case.core.returns.entered(case.actor.enterprise.taxpayer, *window(case))
    if not paid:
        raise refuse("noTaxPaidAtAll")
    return sorted({f"{one.entry_date:%Y-%m}" for one in paid})


def tax_payment(case: Case) -> Sheet:
    """税收完税证明 over the months of entry that were asked for; raises ``Refused``.

    税收票证管理办法 (国家税务总局令第28号, 第17条): the list form (表格式) replaces the vouchers of single payments,
    the text form (文书式) certifies what was paid in a time (domain note, section 5, C01 and C02).
    """
    first, last = period(case)
    number = case.actor.enterprise.taxpayer
    known = case.core.returns.entered(number, first, last)
    there = {(one.voucher, one.due) for one in known}
    back = given_back(case.core, number, first, last, case.day)
    paid = [*known, *(one for one in back if (one.voucher, one.due) not in there)]
    if not paid or _total(paid) < 0:  # more was paid back in that time than paid
        raise refuse("noTaxPaid")
    return (
        _text_form(case, paid, first, last)
        if case.wish.form == "text"
        else _list_form(case, paid, first, last)
    )


def given_back(core: Core, taxpayer: str, first: date, last: date, until: date) -> list[PaidTax]:
    """What was given back by ``until`` of what entered in those days, below zero, under the refund's number."""
    known = core.returns.entered(taxpayer, first, until)
    entered = {one.due for one in known if one.amount_fen > 0 and one.entry_date <= last}
    return [one for one in known if one.amount_fen < 0 and one.due in entered]


def _list_form(case: Case, paid: Sequence[PaidTax], first: date, last: date) -> Sheet:
    total = _total(paid)
    return Sheet(
        kind=_kind(case),
        title=title(TAX_PAYMENT),
        holder=case.actor.enterprise.name,
        facts=(*payer_facts(case), *_period_facts("list", first, last), *_left(case, first, last)),
        columns=(
            SheetColumn(say("certificate.column.voucher"), 21, screen=False),
            SheetColumn(say("certificate.column.tax"), 22),
            SheetColumn(say("certificate.column.item"), 10, screen=False),
            SheetColumn(say("certificate.column.period"), 19),
            SheetColumn(say("certificate.column.entry"), 13),
            SheetColumn(say("certificate.column.paid"), 15, figures=True),
        ),
        rows=tuple(row for one in paid for row in _rows(one)),
        totals=(say("certificate.total"), *[NOTHING] * 4, yuan(total)),
        emphasis=5,
        capital_label=say("certificate.total.capital"),
        capital=in_capitals(total),
        amount_fen=total,
    )


def _rows(paid: PaidTax) -> list[tuple[Texts, ...]]:
    """The tax, and its late-payment surcharge (滞纳金) in a line of its own, as vouchers name them."""
    amounts = {"tax": paid.amount_fen, "late": paid.late_fee_fen}
    return [
        (
            same(paid.voucher),
            tax_name(paid.tax),
            say(f"certificate.item.{item}"),
            month_span(paid.period_first, paid.period_last),
            same(paid.entry_date.isoformat()),
            yuan(amount),
        )
        for item, amount in amounts.items()
        if amount
    ]


def _text_form(case: Case, paid: Sequence[PaidTax], first: date, last: date) -> Sheet:
    taxpayer, total = case.actor.enterprise, _total(paid)
    sums: dict[str, list[int]] = {}
    for one in paid:
        tax, late = sums.setdefault(one.tax, [0, 0])
        sums[one.tax] = [tax + one.amount_fen, late + one.late_fee_fen]
    taxes, surcharges = (sum(column) for column in zip(*sums.values(), strict=True))
    statement = say(
        f"certificate.{_kind(case)}.statement",
        name=_payer_name(case),
        number=taxpayer.taxpayer,
        span=span(first, last),
        amount=format_yuan(Fen(total)),
        capital=in_capitals(total),
    )
    return Sheet(
        kind=_kind(case),
        title=title(TAX_PAYMENT),
        holder=taxpayer.name,
        facts=(
            *payer_facts(case),
            *_period_facts("text", first, last),
            *back_facts(paid),
            *_left(case, first, last),
        ),
        columns=(
            SheetColumn(say("certificate.column.tax"), 40),
            SheetColumn(say("certificate.column.tax-paid"), 20, figures=True),
            SheetColumn(say("certificate.column.late"), 20, figures=True),
            SheetColumn(say("certificate.column.sum"), 20, figures=True),
        ),
        rows=tuple(
            (tax_name(tax), yuan(amount), yuan(late), yuan(amount + late))
            for tax, (amount, late) in sums.items()
        ),
        totals=(say("certificate.total"), yuan(taxes), yuan(surcharges), yuan(total)),
        emphasis=3,
        capital_label=say("certificate.total.capital"),
        capital=in_capitals(total),
        statements=(statement,),
        amount_fen=total,
    )


def _kind(case: Case) -> str:
    """In the register a person's own is told from an enterprise's: who looks at it looks at that person."""
    return OWN_TAX_PAYMENT if case.actor.role is None else TAX_PAYMENT


def _payer_name(case: Case) -> Texts:
    return name_of(case.actor.person) if case.actor.role is None else same(case.actor.enterprise.name)


def payer_facts(case: Case) -> tuple[SheetFact, ...]:
    """Who paid: the enterprise acted for, or the person in their own name."""
    return person_facts(case) if case.actor.role is None else enterprise_facts(case)


def _period_facts(form: str, first: date, last: date) -> tuple[SheetFact, ...]:
    return (
        SheetFact(say("certificate.fact.entered"), span(first, last), wide=True),
        SheetFact(say("certificate.fact.form"), say(f"certificate.form.{form}"), screen=False),
        unit_fact(),
    )


def back_facts(paid: Sequence[PaidTax]) -> tuple[SheetFact, ...]:
    """Refund by refund, where what is listed does not show them."""
    named = [
        say(
            "certificate.given-back",
            day=day_in_words(one.entry_date),
            tax=tax_name(one.tax),
            amount=format_yuan(Fen(-one.amount_fen - one.late_fee_fen)),
            number=one.voucher,
        )
        for one in paid
        if one.amount_fen < 0
    ]
    return (SheetFact(say("certificate.fact.given-back"), joined(named), wide=True),) if named else ()


def _left(case: Case, first: date, last: date) -> tuple[SheetFact, ...]:
    """What is left, as of the day, of the taxes of which a part was paid in those days; nothing where none is."""
    dues = [
        due
        for due in case.core.returns.dues(case.actor.enterprise.taxpayer)
        if any(first <= part.day <= last for part in due.parts)
    ]
    if not dues:
        return ()
    named = [
        say(
            "certificate.left",
            tax=tax_name(due.tax),
            period=period_name(due.period_first, due.period_last),
            amount=format_yuan(Fen(due.amount_fen)),
            late=format_yuan(Fen(late_fee_of(case.core, due, case.rules))),
        )
        for due in dues
    ]
    return (SheetFact(say("certificate.fact.left"), joined(named), wide=True),)


def _total(paid: Sequence[PaidTax]) -> int:
    return sum(one.amount_fen + one.late_fee_fen for one in paid)


def no_arrears(case: Case) -> Sheet:
    """无欠税证明 as of the business day; raises ``Refused`` with what has to be filed or paid before.

    国家税务总局公告2019年第47号 《关于开具〈无欠税证明〉有关事项的公告》: no return that should have been filed and was
    not, and no tax whose time for payment is over. What is due and still in time is no arrears (欠税).
    """
    taxpayer, day = case.actor.enterprise, case.day
    if taxpayer.state == "cancelled":
        raise refuse("taxpayerCancelled")
    if taxpayer.state == "abnormal":
        raise refuse("taxpayerAbnormal")
    if (missing := unfiled(case.core, taxpayer, case.rules, day)) is not None:
        how = where(missing, taxpayer, case.rules, day)
        raise refuse("unfiledForCertificate", what=missing.name, how=how)
    if overdue := case.core.returns.overdue(taxpayer.taxpayer, day):
        if all(due.held_by is not None for due in overdue):
            raise refuse("arrearsBeingPaid")
        owed = sum(due.amount_fen for due in overdue)
        late = sum(late_fee_of(case.core, due, case.rules) for due in overdue)
        raise refuse(
            "arrearsForCertificate", amount=format_yuan(Fen(owed + late)), late=format_yuan(Fen(late))
        )
    until = day_in_words(day)
    return Sheet(
        kind=NO_ARREARS,
        title=title(NO_ARREARS),
        holder=taxpayer.name,
        facts=(
            *enterprise_facts(case),
            SheetFact(say("certificate.fact.until"), until, strong=True),
            SheetFact(say("certificate.fact.registered"), day_in_words(taxpayer.registered_on)),
        ),
        statements=(
            say("certificate.no-arrears.statement", name=taxpayer.name, number=taxpayer.taxpayer, day=until),
            say("certificate.no-arrears.note", day=until),
        ),
    )
