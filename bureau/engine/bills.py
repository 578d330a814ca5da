"""Payment vouchers (缴款凭证): officers issue and withdraw them, whoever holds one pays it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from bureau.engine.dues import late_fee_of, on_the_wire
from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import BillRefused
from bureau.ports.bills import Bill, NewBill
from bureau.ports.core import Core
from bureau.ports.returns import DueRecord
from kiosk.domain.ids import Fen
from kiosk.domain.tax.late_fee import collectable
from sync.models import Due

MOST_DAYS: Final = 15
"""The longest term within which an authority may order a tax to be paid (税收征收管理法实施细则 art. 73)."""
BillState = Literal["open", "paid", "withdrawn", "expired", "changed"]


def issue(core: Core, taxpayer: str, dues: Sequence[str], by: str, days: int, rules: Rules) -> Bill:
    """A voucher over these open dues of the taxpayer, or over all of them, for ``days`` after today.

    A tax of less than 1 yuan is not collected by voucher (税务总局公告2012年第25号). Raises ``BillRefused``.
    """
    if core.registration.taxpayer(taxpayer, lock=True) is None:
        raise BillRefused(f"no taxpayer {taxpayer}: look it up in the register")
    if not 1 <= days <= MOST_DAYS:
        raise BillRefused(f"a voucher holds for 1 to {MOST_DAYS} days")
    day = today(core)
    known = {due.due: due for due in core.returns.dues(taxpayer)}
    wanted = list(dict.fromkeys(dues)) or [
        number for number, due in known.items() if due.held_by is None and _billed(due, core, rules)
    ]
    if not wanted:
        raise BillRefused(f"{taxpayer} owes nothing that could be paid by voucher")
    for number in wanted:
        due = known.get(number)
        if due is None:
            raise BillRefused(f"due {number} is none of {taxpayer} that is open")
        if due.held_by is not None:
            raise BillRefused(f"due {number} is being paid by order {due.held_by}: wait for its end")
        if not _billed(due, core, rules):
            raise BillRefused(f"due {number} is below what is collected by voucher")
    for other in core.bills.over(wanted):
        if state_of(core, other) == "open":
            raise BillRefused(f"voucher {other.bill} over the same dues holds until {other.valid_until}")
    return core.bills.issue(NewBill(taxpayer, tuple(wanted), day + timedelta(days=days), by))


def _billed(due: DueRecord, core: Core, rules: Rules) -> bool:
    """Whether there is a tax to collect; of a tax that was paid ahead of its surcharge, whether there is of that."""
    owed = due.amount_fen or late_fee_of(core, due, rules)
    return collectable(Fen(owed), today(core), rules.current) > 0


def withdraw(core: Core, number: str, by: str) -> Bill:
    """Nobody pays by it any more; raises ``BillRefused`` for one that is not there, paid or withdrawn already."""
    bill = core.bills.bill(number)
    if bill is None or bill.paid_on is not None or bill.withdrawn_on is not None:
        raise BillRefused(f"voucher {number} is not there, paid or withdrawn: see `bureau bill list`")
    core.bills.withdraw(number, by)
    return replace(bill, withdrawn_on=today(core))


def state_of(core: Core, bill: Bill) -> BillState:
    """How it stands on the business day; ``changed``: one of its dues is no longer to be paid, or was paid alone."""
    if bill.paid_on is not None:
        return "paid"
    if bill.withdrawn_on is not None:
        return "withdrawn"
    if bill.valid_until < today(core):
        return "expired"
    return "open" if all(due.state == "open" for due in bill.dues) else "changed"


def payable(core: Core, number: str) -> Bill:
    """The voucher of this number, when it can be paid now; raises ``Refused``."""
    bill = core.bills.bill(number)
    if bill is None and core.bills.elsewhere(number):
        raise refuse("billElsewhere")
    if bill is None:
        raise refuse("billUnknown")
    match state_of(core, bill):
        case "paid":
            assert bill.paid_on is not None
            raise refuse("billPaid", day=day_in_words(bill.paid_on))
        case "withdrawn":
            assert bill.withdrawn_on is not None
            raise refuse("billWithdrawn", day=day_in_words(bill.withdrawn_on))
        case "expired":
            raise refuse("billExpired", day=day_in_words(bill.valid_until))
        case "changed":
            raise refuse("billChanged")
    if any(due.held_by is not None for due in bill.dues):
        raise refuse("billHeld")
    return bill


def late_fee_by_bill(core: Core, due: DueRecord, rules: Rules) -> int:
    """The surcharge if it were paid today by voucher, in fen: below 1 yuan it is none (税务总局公告2012年第25号)."""
    return int(collectable(Fen(late_fee_of(core, due, rules)), today(core), rules.current))


def shown(core: Core, bill: Bill, rules: Rules) -> list[Due]:
    """Its dues with the surcharge of the business day."""
    return [
        on_the_wire(core, due, rules).model_copy(update={"late_fee_fen": late_fee_by_bill(core, due, rules)})
        for due in bill.dues
    ]
