"""What is due now, with the charge for paying late as of the business day."""

from __future__ import annotations

from collections.abc import Iterable

from bureau.core import Core
from bureau.engine.names import tax_name
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.facts import DueRecord
from kiosk.domain.ids import Fen
from kiosk.domain.tax import late_fee
from sync.models import Due, Dues, Texts

HELD: Texts = {
    "zh-CN": "正在确认缴款结果，请勿重复缴款",
    "en-US": "A payment of it is being confirmed; please do not pay again",
}


def late_fee_of(core: Core, due: DueRecord, rules: Rules) -> int:
    """The late-payment surcharge if it were paid today, in fen."""
    return int(late_fee.compute(Fen(due.amount_fen), due.limit_date, today(core), rules.current).fee_fen)


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
        held_text=HELD if held else {},
    )


def listed(core: Core, dues: Iterable[DueRecord], rules: Rules) -> Dues:
    """All of them, with the sum of what can be paid now."""
    shown = [on_the_wire(core, due, rules) for due in dues]
    return Dues(dues=shown, total_fen=sum(due.amount_fen + due.late_fee_fen for due in shown if due.payable))
