"""Who may have a charge given back, and how much of it: two officers, and never what entered the treasury.

Tax that was paid goes back on application alone (税收征收管理法 art. 51, ``bureau.engine.refunds``). Here goes back
what a daily file proves was charged and no booking took: paid twice, for an order that nobody knows, or too much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bureau.engine.repaying.cases import MISSING, OF_MONEY, charge_of, of_order
from bureau.errors import RepaymentRefused
from bureau.ports.cases import Case, Ending
from bureau.ports.core import Core
from bureau.ports.repayments import Charge, NewRepayment, Repayment
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

MOST_REASON: Final = 100
BY_DESK: Final = "desk"
"""The word of a refusal that two officers heard at the acquirer's desk."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The two officers, and why."""

    officer: str
    second: str
    reason: str

    def checked(self) -> Hands:
        """Themselves; raises ``RepaymentRefused`` for one officer alone or without words."""
        if self.officer.casefold() == self.second.casefold():
            raise RepaymentRefused(f"--second: another officer than {self.officer}")
        if not 1 <= len(self.reason.strip()) <= MOST_REASON or not self.reason.isprintable():
            raise RepaymentRefused(f"--reason: say why in 1 to {MOST_REASON} characters on one line")
        return self


def order(core: Core, what: str, hands: Hands, amount_fen: int | None = None) -> Repayment:
    """Write that a charge is given back: of the order, or of the order of the case, ``what``; all that is owed of it.

    Nobody is asked yet: that is ``Repayer.send``. Raises ``RepaymentRefused``.
    """
    hands.checked()
    case = core.cases.case(what)
    number = case.reference if case is not None and case.kind in OF_MONEY else what
    charge = charge_of(core, number, lock=True)
    case = of_order(core, number)  # read once more: the charge is ours alone from here on
    if charge is None:
        raise RepaymentRefused(
            f"no daily file has a charge of order {number}: compare its day, `bureau payments reconcile DAY`"
        )
    _none_under_way(core, charge)
    _owed(core, charge)
    if case is None:
        raise RepaymentRefused(f"no case is open about order {number}: see `bureau cases list --all`")
    wanted = charge.owed_fen if amount_fen is None else amount_fen
    if not 1 <= wanted <= charge.owed_fen:
        raise RepaymentRefused(f"of order {number} at most {_yuan(charge.owed_fen)} yuan go back")
    known = core.payments.order(number, lock=True)
    if known is not None and not known.settled:
        core.payments.give_up(known, f"its charge goes back, case {case.case}")
    return core.repayments.order(_new(charge, case, hands, wanted))


def _new(charge: Charge, case: Case, hands: Hands, amount_fen: int) -> NewRepayment:
    return NewRepayment(
        order=charge.order,
        case=case.case,
        channel=charge.channel,
        amount_fen=amount_fen,
        reference=charge.reference,
        officer=hands.officer,
        second=hands.second,
        reason=hands.reason.strip(),
    )


def _none_under_way(core: Core, charge: Charge) -> None:
    for one in core.repayments.of(charge.order):
        if one.under_way:
            raise RepaymentRefused(
                f"{_yuan(one.amount_fen)} yuan of order {charge.order} are on their way back already, ordered by "
                f"{one.officer} and {one.second}: see {one.repayment} in `bureau payments refunds`"
            )


def _owed(core: Core, charge: Charge) -> None:
    if charge.owed_fen > 0:
        return
    if not charge.booked_fen:
        raise RepaymentRefused(f"the charge of order {charge.order} is back already")
    known = core.payments.order(charge.order)
    voucher = known.voucher if known is not None else None
    raise RepaymentRefused(
        f"what order {charge.order} charged entered the treasury (voucher {voucher}) and is never reversed: a tax paid"
        " too much goes back on application (refund.overpaid, refund.iit; `bureau refund list`)"
    )


def refused_by_desk(core: Core, number: str, hands: Hands) -> Repayment:
    """The acquirer's desk says that it has not given it back and never will: the money waits for officers again.

    Of a card that is the only way to hear it; of a code only what no file had by its time can be meant. Raises
    ``RepaymentRefused``.
    """
    hands.checked()
    seen = core.repayments.repayment(number)
    if seen is None:
        raise RepaymentRefused(f"no repayment {number}: see `bureau payments refunds --all`")
    core.repayments.charges([seen.order], lock=True)
    known = core.repayments.repayment(number, lock=True)
    assert known is not None  # rows are never deleted
    missing = next((one for one in core.cases.about(number) if one.kind == MISSING and one.open), None)
    instructed = known.channel == "card" and known.state == "processing"
    if known.state not in ("processing", "given") or not (instructed or missing is not None):
        raise RepaymentRefused(
            f"repayment {number} is {known.state}: only the acquirer itself says that it is not given back"
        )
    word = f"{BY_DESK}: {hands.reason.strip()} ({hands.officer}, {hands.second})"
    if missing is not None:
        core.cases.close(missing.case, Ending("settled", hands.officer, hands.second, hands.reason.strip()))
    return core.repayments.refuse(known, word)


def _yuan(amount_fen: int) -> str:
    return format_yuan(Fen(amount_fen))
