"""From an officer's yes to the money: ordered by a second officer, set off, paid, or sent back by the bank.

Three hands (受理、审核、审批): who applied, who allowed it, and another who has it paid.
"""

from __future__ import annotations

from datetime import date

from bureau.engine import messages
from bureau.engine.dues import late_fee_of
from bureau.engine.refunds.overpaid import interest
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import RefundRefused
from bureau.ports.core import Core
from bureau.ports.refunds import Account, Refund
from bureau.ports.returns import DueRecord
from bureau.texts import has
from kiosk.domain.ids import Fen
from kiosk.domain.tax import late_fee

MOST_REASON = 100
LEAST_ACCOUNT, MOST_ACCOUNT = 9, 28
"""Digits of an account's number."""


def order(core: Core, number: str, officer: str, rules: Rules) -> Refund:
    """Have an allowed refund paid, with interest until today, less arrears (实施细则 art. 79).

    Raises ``RefundRefused`` where it waits for something else or the same officer allowed it.
    """
    refund = _locked(core, number, "approved")
    if officer == refund.approved_by:
        raise RefundRefused("another", f"{officer} has allowed refund {number}: another officer orders it")
    borne = interest(refund.parts, today(core), rules)
    set_off = _set_off(core, refund, refund.total_fen + borne, rules)
    done = core.refunds.order(refund, officer, borne, set_off)
    _tell(core, done)
    return done


def paid(core: Core, number: str, day: date) -> Refund:
    """The treasury says that it paid on ``day``. Raises ``RefundRefused``."""
    refund = _locked(core, number, "ordered")
    _not_ahead(core, day)
    done = core.refunds.settle(refund, day)
    _tell(core, done)
    return done


def returned(core: Core, number: str, day: date, reason: str) -> Refund:
    """The bank sent it back on ``day``; the owner is told why. Raises ``RefundRefused``."""
    refund = _locked(core, number, "ordered")
    _not_ahead(core, day)
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON or not reason.isprintable():
        raise RefundRefused(
            "words",
            f"say why in 1 to {MOST_REASON} characters on one line: the owner is told these words",
            most=MOST_REASON,
        )
    done = core.refunds.settle(refund, day, reason)
    _tell(core, done)
    return done


def again(core: Core, number: str, officer: str, account: Account) -> Refund:
    """Order once more what came back, to an account that the owner has named. Raises ``RefundRefused``.

    Neither who allowed it nor who ordered it before: alone they could have it sent to an account of their own.
    """
    refund = _locked(core, number, "returned")
    if officer in (refund.approved_by, refund.ordered_by):
        raise RefundRefused(
            "third", f"{officer} has allowed or ordered refund {number} before: another officer does it"
        )
    if not has(f"bank.{account.bank}"):
        raise RefundRefused("bank", f"{account.bank} is no bank of the list: see names.en-US.yaml, bank.*")
    if not (account.number.isascii() and account.number.isdigit()) or not (
        LEAST_ACCOUNT <= len(account.number) <= MOST_ACCOUNT
    ):
        raise RefundRefused(
            "account",
            f"an account has {LEAST_ACCOUNT} to {MOST_ACCOUNT} figures",
            least=LEAST_ACCOUNT,
            most=MOST_ACCOUNT,
        )
    return core.refunds.again(refund, account, officer)


def _locked(core: Core, number: str, state: str) -> Refund:
    """The refund, locked after its taxpayer as everything about a taxpayer is."""
    seen = core.refunds.refund(number)
    if seen is None:
        raise RefundRefused("unknown", f"refund {number} is not there: see `bureau refund list`")
    core.registration.taxpayer(seen.taxpayer, lock=True)
    refund = core.refunds.refund(number, lock=True)
    assert refund is not None  # refunds are never deleted
    if refund.state != state:
        raise RefundRefused(
            "state", f"refund {number} is {refund.state}, not {state}: see `bureau refund list --all`"
        )
    return refund


def _not_ahead(core: Core, day: date) -> None:
    if day > today(core):
        raise RefundRefused("ahead", f"{day} is still to come: give the day of the treasury's note")


def _set_off(core: Core, refund: Refund, available: int, rules: Rules) -> int:
    """Arrears paid with it, the oldest first; the last one in part where it does not reach. In fen."""
    left = available
    for due in core.returns.overdue(refund.taxpayer, today(core)):
        if due.held_by is not None:
            continue  # an order is collecting it now
        tax, late = _reaches(core, due, left, rules)
        if tax + late == 0:
            continue  # nothing is left, or less than the surcharge that alone is owed of it
        core.returns.set_off(due, tax, late, refund.refund)
        left -= tax + late
    return available - left


def _reaches(core: Core, due: DueRecord, left: int, rules: Rules) -> tuple[int, int]:
    """The most of a due that ``left`` pays, and its surcharge; all that is left of both where it reaches."""
    if due.amount_fen + (late := late_fee_of(core, due, rules)) <= left:
        return due.amount_fen, late
    low, high = 0, min(due.amount_fen - 1, left)
    while low < high:
        middle = (low + high + 1) // 2
        if middle + _late(core, due, middle, rules) <= left:
            low = middle
        else:
            high = middle - 1
    return low, _late(core, due, low, rules)


def _late(core: Core, due: DueRecord, tax_fen: int, rules: Rules) -> int:
    return int(late_fee.compute(Fen(tax_fen), due.limit_date, today(core), rules.current).fee_fen)


def _tell(core: Core, refund: Refund) -> None:
    case = core.matters.case(refund.case)
    person = core.registration.person(case.person) if case is not None else None
    if person is not None:
        core.notices.tell(person, messages.refund_told(refund))
