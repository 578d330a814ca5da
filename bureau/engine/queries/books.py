"""``declarations.list``, ``obligations.list``, ``payments.list``: what was declared, is due when, and was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from bureau.engine import corrections
from bureau.engine.agency.issuing import AGENCY
from bureau.engine.dues import late_fee_of
from bureau.engine.duties import filed_at, obligations
from bureau.engine.names import tax_name
from bureau.engine.nontax import item_name
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.reliefs import taking
from bureau.engine.rules import Rules
from bureau.engine.sheets.vouchers import why_not
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.payments import Order
from bureau.ports.repayments import Repayment
from bureau.ports.returns import DueRecord, Kept
from bureau.ports.system import System
from bureau.texts import joined, say
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import FiledReturn, FiledReturns, Obligation, Obligations, Payment, Payments, Texts

YEARS = 3
"""How far back the books are shown; older ones at a counter."""


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of the books."""

    def due(core: Core, actor: Actor, _: NoParams) -> Obligations:
        return _obligations(core, actor, rules)

    return {
        "declarations.list": of_actor(system, NoParams, FiledReturns, _returns),
        "obligations.list": of_actor(system, NoParams, Obligations, due),
        "payments.list": of_actor(system, NoParams, Payments, _payments),
    }


def _returns(core: Core, actor: Actor, _: NoParams) -> FiledReturns:
    kept = core.returns.filings(actor.enterprise.taxpayer, _since(core))
    shown = [
        one for one in kept if one.stands or one.filed.tax != AGENCY
    ]  # one that was not paid came to nothing
    day = today(core)
    return FiledReturns(returns=[_return(one, day) for one in shown], as_of=core.now)


def _return(kept: Kept, day: date) -> FiledReturn:
    filed = kept.filed
    correctable = corrections.changeable(kept, day)
    return FiledReturn(
        declaration=filed.declaration,
        tax=filed.tax,
        tax_name=tax_name(filed.tax),
        subject=kept.subject,
        period_first=filed.period_first,
        period_last=filed.period_last,
        total_fen=filed.total_fen,
        filed_at=filed.filed_at,
        state=_state(kept),
        form=corrections.form_of(kept),
        corrects=kept.figures.get("replaces"),
        correctable=correctable,
        why_not={} if correctable else corrections.why_not(kept),
        relieved_fen=taking.forgiven(kept),
        relieved=_relieved(kept),
    )


def _relieved(kept: Kept) -> Texts:
    """What of a relief it takes and by which law; empty where it takes none."""
    amount = format_yuan(Fen(taking.forgiven(kept)))
    return (
        say("relief.taken", amount=amount, basis=kept.figures["relief_basis"]) if taking.takes(kept) else {}
    )


def _state(kept: Kept) -> Literal["paid", "unpaid", "replaced", "withdrawn"]:
    if not kept.stands:
        return "withdrawn" if kept.withdrawn else "replaced"
    return "unpaid" if kept.owed_fen else "paid"


def _obligations(core: Core, actor: Actor, rules: Rules) -> Obligations:
    """Returns to file by registration, and open dues; the earliest limit first."""
    taxpayer, day = actor.enterprise, today(core)
    to_file = [
        Obligation(
            id=f"{one.tax}/{one.period.first}",
            what="file",
            tax=one.tax,
            tax_name=tax_name(one.tax),
            period_first=one.period.first,
            period_last=one.period.last,
            limit_date=one.period.limit,
            overdue=one.period.limit < day,
            where=filed_at(one.tax),
        )
        for one in obligations(core, taxpayer, rules, day)
        if one.filed is None
    ]
    to_pay = [_to_pay(core, due, rules, day) for due in core.returns.dues(taxpayer.taxpayer)]
    found = sorted([*to_file, *to_pay], key=lambda one: (one.limit_date, one.what, one.id))
    total = sum(one.amount_fen or 0 for one in to_pay)
    return Obligations(obligations=found, total_fen=total, as_of=core.now)


def _to_pay(core: Core, due: DueRecord, rules: Rules, day: date) -> Obligation:
    return Obligation(
        id=due.due,
        what="pay",
        tax=due.tax,
        tax_name=tax_name(due.tax),
        period_first=due.period_first,
        period_last=due.period_last,
        limit_date=due.limit_date,
        amount_fen=due.amount_fen + late_fee_of(core, due, rules),
        overdue=due.limit_date < day,
        where=say("pay-at"),
    )


def _payments(core: Core, actor: Actor, _: NoParams) -> Payments:
    taxpayer, since = actor.enterprise.taxpayer, datetime.combine(_since(core), time(), CHINA)
    back: dict[str, list[Repayment]] = defaultdict(list)
    for one in core.repayments.of_taxpayer(taxpayer, since):
        back[one.order].append(one)
    paid = core.payments.paid(taxpayer, since)
    booked = {order.order for order in paid}
    charged = [order for number in back if number not in booked if (order := core.payments.order(number))]
    shown = [_payment(core, order, back.get(order.order, ())) for order in (*paid, *charged)]
    shown.sort(key=lambda one: (one.paid_at, one.order), reverse=True)
    return Payments(payments=shown, total_fen=sum(order.amount_fen for order in paid), as_of=core.now)


def _payment(core: Core, order: Order, back: Sequence[Repayment]) -> Payment:
    """A payment with what of it goes back; of an order that was never booked its own time is the payment's."""
    return Payment(
        order=order.order,
        taxes=_taxes(core, order),
        amount_fen=order.amount_fen,
        late_fee_fen=order.late_fee_fen,
        paid_at=order.paid_at or order.created_at,
        voucher=order.voucher,
        channel=order.channel,
        way=say(f"payment.channel.{order.channel}"),
        back=_back(back) if back else None,
        printable=(why := why_not(order)) is None,
        why_not=why,
    )


def _back(back: Sequence[Repayment]) -> Texts:
    given = sum(one.amount_fen for one in back if one.given_at is not None)
    going = sum(one.amount_fen for one in back) - given
    told = {"payment.given-back": given, "payment.going-back": going}
    return joined([say(word, amount=format_yuan(Fen(fen))) for word, fen in told.items() if fen])


def _taxes(core: Core, order: Order) -> Texts:
    """The taxes of an order, each once; or the item of non-tax revenue that it paid."""
    notice = core.nontax.notice(order.notice.code) if order.notice is not None else None
    if notice is not None:
        return item_name(notice.item)
    dues = [core.returns.due(part.due) for part in order.dues]
    return joined([tax_name(tax) for tax in dict.fromkeys(due.tax for due in dues if due is not None)])


def _since(core: Core) -> date:
    """The first day that is shown."""
    return today(core) - timedelta(days=366 * YEARS)
