"""The cases about charges: opened once for an order, closed when its money is even, seen again when it is not."""

from __future__ import annotations

from typing import Final

from bureau.engine.feedback.ratings import KIND as LOW_RATING
from bureau.errors import CaseRefused, CaseUnknown
from bureau.ports.cases import Case, Ending
from bureau.ports.core import Core
from bureau.ports.repayments import Charge

OF_MONEY: Final = ("paid-twice", "theirs-only", "amount-differs", "refund-unasked")
"""Kinds about the charge of an order; ``refund-unasked`` is money that went back without an order of ours."""
MISSING: Final = "refund-missing"
"""About a repayment: the acquirer had it, and no file has."""
DIFFERS: Final = "refund-differs"
"""About a repayment: a file has it with another amount, or once more."""
GIVEN_BACK: Final = "given-back"
BOOKED: Final = "booked"
BY_ITSELF: Final = (GIVEN_BACK, BOOKED)
"""Outcomes that no officer says: the books do, and what they say may change."""
OUTCOMES: Final = ("settled", "corrected", "no-difference")
"""What officers say: settled outside (with the acquirer's desk or the payer), put right here, or nothing was wrong."""
MOST_NOTE: Final = 200


def waits(core: Core, kind: str, reference: str, details: dict[str, object]) -> str | None:
    """The case of this matter while somebody has to look into it; None once an officer has closed it.

    One that the books had closed is open again: they say something else now.
    """
    number = core.cases.open(kind, reference, details)
    case = core.cases.case(number)
    assert case is not None
    if not case.open and case.outcome in BY_ITSELF:
        core.cases.reopen(number)
        return number
    return number if case.open else None


def of_order(core: Core, order: str) -> Case | None:
    """The open case about the order's money, when there is one."""
    return next((case for case in core.cases.about(order) if case.open and case.kind in OF_MONEY), None)


def end(core: Core, order: str, outcome: str, by: str) -> None:
    """Close every case about the order's money."""
    for case in core.cases.about(order):
        if case.kind in OF_MONEY:
            core.cases.close(case.case, Ending(outcome, by))


def charge_of(core: Core, order: str, *, lock: bool = False) -> Charge | None:
    """What the files prove of one order; None when none has it."""
    return next(iter(core.repayments.charges([order], lock=lock)), None)


def close(core: Core, number: str, ending: Ending) -> Case:
    """Close a case by an officer's word; where money would stay here unbooked, by two officers'.

    Raises ``CaseUnknown``, or ``CaseRefused`` with what has to be done instead.
    """
    seen = core.cases.case(number)
    if seen is None:
        raise CaseUnknown(number)
    if seen.kind == LOW_RATING:
        raise CaseRefused(f"case {number} is a low rating: `bureau feedback follow {number}` closes it")
    if ending.outcome not in OUTCOMES:
        raise CaseRefused(f"--outcome: one of {', '.join(OUTCOMES)}")
    if not 1 <= len(ending.note.strip()) <= MOST_NOTE or not ending.note.isprintable():
        raise CaseRefused(f"--note: say what was found, in 1 to {MOST_NOTE} characters on one line")
    if ending.second and ending.second.casefold() == ending.by.casefold():
        raise CaseRefused(f"--second: another officer than {ending.by}")
    if seen.kind in OF_MONEY:
        charge = charge_of(core, seen.reference, lock=True)
        if charge is not None and charge.asked_fen:
            raise CaseRefused(f"case {number}: its money is on its way back; the daily file closes it")
        if charge is not None and charge.owed_fen and not ending.second:
            raise CaseRefused(f"case {number}: {charge.owed_fen} fen are not settled; name --second too")
    case = core.cases.case(number, lock=True)
    assert case is not None
    if not case.open:
        raise CaseRefused(f"case {number} was closed by {case.closed_by}: {case.outcome}")
    core.cases.close(number, ending)
    closed = core.cases.case(number)
    assert closed is not None
    return closed
