"""What the daily files say of charges given back: confirmed, of another amount, once more, or not there at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bureau.engine.repaying import cases
from bureau.ports.acquirer import AcquirerLine
from bureau.ports.cases import Ending
from bureau.ports.core import Core
from bureau.ports.payments import ComparedLine
from bureau.ports.repayments import UNDER_WAY, FiledLine, Repayment
from config.clock import CHINA
from sync.models import PaymentChannel

GIVEN_WITHIN: Final = timedelta(days=1)
"""What the acquirer says is given stands in the file of that day, or of the next: its day need not end at midnight."""
TAKEN_WITHIN: Final = timedelta(days=7)
"""What it has only taken in, or never answered, is looked into after so long; a wallet says one to three days."""
MANY: Final = 100_000


@dataclass(frozen=True, slots=True)
class Sorted:
    """A file's lines: those that are of our repayments, and the rest."""

    ours: Mapping[str, Sequence[AcquirerLine]]
    """By the repayment's number."""
    rest: Sequence[AcquirerLine]


def sort(core: Core, day: date, lines: Sequence[AcquirerLine]) -> Sorted:
    """Tell our repayments from everything else, by our key; without one, by order and amount.

    Call with a file that was fetched before: a repayment is written here before the acquirer hears of it.
    """
    ours: dict[str, list[AcquirerLine]] = defaultdict(list)
    rest = []
    for line in lines:
        found = _of(core, day, line) if line.kind == "refund" else None
        if found is None:
            rest.append(line)
        else:
            ours[found.repayment].append(line)
    return Sorted(ours, rest)


def _of(core: Core, day: date, line: AcquirerLine) -> Repayment | None:
    """The repayment of a line; None for one that a file of another day has confirmed: that is a second one."""
    if line.refund:
        found = core.repayments.repayment(line.refund)
        same = [found] if found is not None and found.order == line.order else []
    else:
        same = [one for one in core.repayments.of(line.order) if one.amount_fen == -line.amount_fen]
    return next((one for one in same if one.confirmed_on in (None, day)), None)


def confirm(core: Core, day: date, channel: PaymentChannel, found: Sorted) -> list[ComparedLine]:
    """Keep the file, and take in what it says of our repayments."""
    orders = [line.order for line in found.rest if line.kind == "refund"]
    orders += [line.order for lines in found.ours.values() for line in lines]
    core.repayments.charges(orders, lock=True)  # held before anything is read of them
    filed = [FiledLine(line) for line in found.rest]
    filed += [FiledLine(line, number) for number, lines in found.ours.items() for line in lines]
    core.repayments.filed(day, channel, filed)
    compared = [_confirmed(core, day, number, lines) for number, lines in sorted(found.ours.items())]
    gone = [one for one in core.repayments.confirmed_by(day, channel) if one.repayment not in found.ours]
    compared += [_in_no_file(core, one) for one in gone]
    for charge in core.repayments.charges(orders):
        if charge.even:
            cases.end(core, charge.order, cases.GIVEN_BACK, f"daily file {day}")
            core.payments.agreed(charge.order)
    return compared


def _confirmed(core: Core, day: date, number: str, lines: Sequence[AcquirerLine]) -> ComparedLine:
    known = core.repayments.repayment(number, lock=True)
    assert known is not None  # rows are never deleted
    back = sum(line.amount_fen for line in lines)
    if back != -known.amount_fen:
        details: dict[str, object] = {
            "order": known.order,
            "ours_fen": -known.amount_fen,
            "theirs_fen": back,
            "lines": len(lines),
        }
        case = cases.waits(core, cases.DIFFERS, number, details)
        return ComparedLine(number, "AMOUNT_DIFF", -known.amount_fen, back, "case", case)
    core.repayments.confirmed(known, day)
    for case_ in core.cases.about(number):
        core.cases.close(case_.case, Ending(cases.GIVEN_BACK, f"daily file {day}"))
    return ComparedLine(number, "MATCH", back, back, f"given back of order {known.order}")


def missing(core: Core, day: date) -> list[ComparedLine]:
    """Repayments that ``day``, which is over, or an earlier one should have had: each is a case until a file has it."""
    lines = []
    for one in core.repayments.listed(UNDER_WAY, MANY):
        since, within = (
            (one.given_at, GIVEN_WITHIN) if one.given_at is not None else (one.ordered_at, TAKEN_WITHIN)
        )
        last = _day(since) + within
        if day < last or (one.state == "given" and not _compared(core, _day(since))):
            continue
        line = _in_no_file(core, one)
        if day == last:
            lines.append(line)
    return lines


def _in_no_file(core: Core, one: Repayment) -> ComparedLine:
    """Looked into until a file has it (again): the acquirer may have put another in the place of one that had it."""
    details: dict[str, object] = {"order": one.order, "ours_fen": -one.amount_fen, "state": one.state}
    case = cases.waits(core, cases.MISSING, one.repayment, details)
    return ComparedLine(one.repayment, "OURS_ONLY", -one.amount_fen, None, "in no file", case)


def _compared(core: Core, day: date) -> bool:
    """Whether a day was compared after it was over; a later one alone says nothing of it."""
    found = core.payments.comparison_of(day)
    return found is not None and _day(found.at) > day


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
