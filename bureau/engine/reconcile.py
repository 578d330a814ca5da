"""The daily comparison with the acquirer (对账), line by line on the order number; repeatable.

Theirs only: the money came and is booked late, or a case for a refund. Ours only: asked about, then a case.
The acquirer's file is the final word on what was charged (domain note, section 9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from bureau.core import Core, System
from bureau.engine.handlers.payments import query
from bureau.facts import AcquirerOrder, ComparedLine, Comparison, Order
from bureau.ports import Acquirer, AcquirerLine
from config.clock import CHINA
from sync.models import PaymentStateName


class Reconciler:
    """Compares one day. Raises ``AcquirerError`` when the file cannot be had."""

    def __init__(self, system: System, acquirer: Acquirer) -> None:
        self._system = system
        self._acquirer = acquirer

    def run(self, day: date) -> Comparison:
        """Fetch, compare, act, keep."""
        theirs: dict[str, list[AcquirerLine]] = defaultdict(list)
        for line in self._acquirer.daily(day):
            theirs[line.order].append(line)
        with self._system.read() as work:
            ours = {order.order: order for order in work.core.payments.booked(day)}
        asked = {number: query(self._acquirer, ours[number]).heard for number in ours.keys() - theirs.keys()}
        with self._system.write() as work:
            core = work.core
            lines = []
            for number in sorted(ours.keys() | theirs.keys()):
                if number not in theirs:
                    lines.append(_ours_only(core, ours[number], asked[number], day))
                elif number not in ours:
                    lines.append(_theirs_only(core, theirs[number]))
                else:
                    lines.append(_both(core, ours[number], theirs[number]))
            comparison = Comparison(day, core.now, tuple(lines))
            core.payments.compared(comparison)
        return comparison

    def done(self, day: date) -> bool:
        """Whether the day was compared."""
        with self._system.read() as work:
            return work.core.payments.comparison_of(day) is not None


def _both(core: Core, order: Order, lines: Sequence[AcquirerLine]) -> ComparedLine:
    charged = sum(line.amount_fen for line in lines)
    if charged == order.amount_fen:
        return ComparedLine(order.order, "MATCH", order.amount_fen, charged, "")
    case = core.cases.open(
        "amount-differs",
        order.order,
        {"ours_fen": order.amount_fen, "theirs_fen": charged, "lines": len(lines)},
    )
    return ComparedLine(order.order, "AMOUNT_DIFF", order.amount_fen, charged, "case", case)


def _ours_only(core: Core, order: Order, heard: AcquirerOrder | None, day: date) -> ComparedLine:
    """Paid around midnight it stands in the file of the other day; else somebody looks into it."""
    if heard is not None and heard.state is PaymentStateName.APPROVED and heard.paid_at is not None:
        other = heard.paid_at.astimezone(CHINA).date()
        if other != day:
            return ComparedLine(order.order, "OURS_ONLY", order.amount_fen, None, f"in the file of {other}")
    said = heard.state.value if heard is not None else "no answer"
    case = core.cases.open("ours-only", order.order, {"ours_fen": order.amount_fen, "acquirer": said})
    return ComparedLine(order.order, "OURS_ONLY", order.amount_fen, None, "case", case)


def _theirs_only(core: Core, lines: Sequence[AcquirerLine]) -> ComparedLine:
    """The money came and we did not know: book it when its dues still wait, else it goes back."""
    first, charged = lines[0], sum(line.amount_fen for line in lines)
    order = core.payments.order(first.order, lock=True)
    if order is not None:
        heard = AcquirerOrder(
            order=order.order,
            amount_fen=charged,
            state=PaymentStateName.APPROVED,
            reference=first.reference,
            paid_at=first.paid_at,
        )
        before, order = order.state, core.payments.learn(order, heard, "reconciliation")
        if order.state is PaymentStateName.APPROVED:
            known = before is PaymentStateName.APPROVED
            action = "paid on another day by our books" if known else "booked late"
            return ComparedLine(order.order, "THEIRS_ONLY", None, charged, action)
    case = core.cases.open("theirs-only", first.order, {"theirs_fen": charged, "reference": first.reference})
    return ComparedLine(first.order, "THEIRS_ONLY", None, charged, "refund", case)
