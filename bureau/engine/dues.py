"""What is due now, with the charge for paying late as of the business day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bureau.engine.names import tax_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.returns import DueRecord
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.tax import late_fee
from sync.models import Arrear, Arrears, Due, Dues, Texts, VatSurcharge
from sync.models.base import MOST_FEN

LATE_FEE_RATE = late_fee.DAILY


def late_fee_of(core: Core, due: DueRecord, rules: Rules) -> int:
    """The late-payment surcharge that is left if it were paid today, in fen."""
    return int(_late(due, today(core), rules).fee_fen)


def _late(due: DueRecord, day: date, rules: Rules) -> late_fee.LateFee:
    parts = [late_fee.Paid(one.day, Fen(one.amount_fen), Fen(one.late_fee_fen)) for one in due.parts]
    return late_fee.left(Fen(due.amount_fen), parts, due.limit_date, day, rules.current)


def surcharge(amounts: Iterable[int], limit: date, day: date, rules: Rules) -> VatSurcharge:
    """The late-payment surcharge of these taxes if they were paid on ``day``, and the law it stands on.

    Raises ``Refused`` for figures that come to more than any amount may be.
    """
    counted = [(fen, late_fee.compute(Fen(fen), limit, day, rules.current)) for fen in amounts]
    fee = sum(int(late.fee_fen) for _, late in counted)
    days = max((late.days for _, late in counted), default=0)
    total = sum(fen for fen, _ in counted) + fee
    if total > MOST_FEN:
        raise refuse("factsWrong")
    return VatSurcharge(
        limit_date=limit,
        days=days,
        late_fee_fen=fee,
        total_fen=total,
        basis=_basis(days, day, rules) if fee else {},
    )


def _basis(days: int, day: date, rules: Rules) -> Texts:
    """The row of the parameter table that was used, in words."""
    row = rules.current.at(day).row(LATE_FEE_RATE)
    assert row is not None, "a surcharge was computed without its rate"
    rate = rules.current.at(day).rate(LATE_FEE_RATE)
    return say(
        "due.late",
        law=row.legal_basis,
        days=str(days),
        rate=_in_words(rate * 10_000),
        percent=f"{(rate * 100).normalize():f}",
    )


def _in_words(number: Decimal) -> str:
    """A figure as Chinese law writes it: 五, else in digits."""
    return "零一二三四五六七八九"[int(number)] if number in range(10) else f"{number.normalize():f}"


def on_the_wire(core: Core, due: DueRecord, rules: Rules) -> Due:
    """The due with its name and surcharge, and whether it can be paid now."""
    held = due.held_by is not None
    return Due(
        due=due.due,
        tax=due.tax,
        tax_name=tax_name(due.tax),
        period_first=due.period_first,
        period_last=due.period_last,
        amount_fen=due.amount_fen,
        late_fee_fen=late_fee_of(core, due, rules),
        limit_date=due.limit_date,
        payable=not held,
        held_text=say("due.held") if held else {},
    )


def listed(core: Core, dues: Iterable[DueRecord], rules: Rules) -> Dues:
    """All of them, with the sum of what can be paid now."""
    shown = [on_the_wire(core, due, rules) for due in dues]
    return Dues(dues=shown, total_fen=sum(due.amount_fen + due.late_fee_fen for due in shown if due.payable))


def overdue(core: Core, dues: Iterable[DueRecord], rules: Rules) -> Arrears:
    """What is past its limit (欠税), with the surcharge of the business day (税收征收管理法 art. 32)."""
    day = today(core)
    shown = [_arrear(core, due, day, rules) for due in dues if due.limit_date < day]
    return Arrears(arrears=shown, total_fen=sum(one.owed_fen for one in shown if one.payable))


def _arrear(core: Core, due: DueRecord, day: date, rules: Rules) -> Arrear:
    one = on_the_wire(core, due, rules)
    basis = _basis((day - due.limit_date).days, day, rules) if one.late_fee_fen else {}
    return Arrear(**one.model_dump(), owed_fen=one.amount_fen + one.late_fee_fen, basis=basis)
