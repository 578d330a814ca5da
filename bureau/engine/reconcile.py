"""The daily comparison with the acquirers (对账), line by line on the order number; repeatable.

Theirs only: the money came and is booked late, or a case for a refund. Ours only: asked about, then a case.
In doubt with us and in no file that is final: it was not charged, the order is closed.
The acquirer's file is the final word on what was charged (domain note, section 9).
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from bureau.engine.handlers.payments import close, query
from bureau.errors import AcquirerError
from bureau.ports.acquirer import Acquirer, AcquirerFile, AcquirerLine, AcquirerOrder, Acquirers
from bureau.ports.core import Core
from bureau.ports.payments import ComparedLine, Comparison, Order
from bureau.ports.system import System
from config.clock import CHINA
from sync.models import PaymentChannel, PaymentStateName

log = logging.getLogger("kiosk.bureau")

ONE_DAY: Final = timedelta(days=1)
NEXT_FILE_WITHIN: Final = timedelta(days=3)
"""So long the file of the day after is waited for; for a day without payments an acquirer sends none."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known of an order in doubt that the day's final file does not have."""

    lines: Sequence[AcquirerLine] = ()
    """It stands in the file of another day on which it could be paid."""
    heard: AcquirerOrder | None = None
    """What the acquirer says of it; None when it gave no answer."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """One channel's day: what its file has, what we have, and what is known of the differences."""

    theirs: Mapping[str, Sequence[AcquirerLine]] = field(default_factory=dict)
    ours: Mapping[str, Order] = field(default_factory=dict)
    asked: Mapping[str, AcquirerOrder | None] = field(default_factory=dict)
    elsewhere: Mapping[str, date | None] = field(default_factory=dict)
    """Of ours in no line of it: in which other day's file they stand; None while that may still come."""
    ended: Mapping[str, tuple[Order, Ending]] = field(default_factory=dict)

    def compare(self, core: Core, day: date) -> list[ComparedLine]:
        """Act on each difference."""
        lines = []
        for number in sorted(self.ours.keys() | self.theirs.keys() | self.ended.keys()):
            if number in self.ended:
                lines.append(_in_no_file(core, *self.ended[number]))
            elif number in self.elsewhere:
                lines.append(_in_another(self.ours[number], self.elsewhere[number], day))
            elif number not in self.theirs:
                lines.append(_ours_only(core, self.ours[number], self.asked[number], day))
            elif number not in self.ours:
                lines.append(_theirs_only(core, self.theirs[number]))
            else:
                lines.append(_both(core, self.ours[number], self.theirs[number]))
        return lines


class Reconciler:
    """Compares one day, codes and cards. Raises ``AcquirerError`` when a file cannot be had.

    A card acquirer's file that is not there yet keeps nobody from comparing the codes: that is kept, and then said.
    """

    def __init__(self, system: System, acquirers: Acquirers) -> None:
        self._system = system
        self._acquirers = acquirers
        self._complete: set[date] = set()

    def run(self, day: date) -> Comparison:
        """Fetch, compare, act, keep."""
        channels = [self._gather(self._acquirers.qr, "qr-shown", day)]
        late: AcquirerError | None = None
        if self._acquirers.card is not None:
            try:
                channels.append(self._gather(self._acquirers.card, "card", day))
            except AcquirerError as error:
                late = error if self._expected(day, "card") else None
        with self._system.write() as work:
            lines = [line for channel in channels for line in channel.compare(work.core, day)]
            comparison = Comparison(day, work.core.now, tuple(sorted(lines, key=lambda line: line.order)))
            work.core.payments.compared(comparison)
        if late is not None:
            raise late
        if not any(other is None for channel in channels for other in channel.elsewhere.values()):
            self._complete.add(day)
        return comparison

    def _gather(self, acquirer: Acquirer, channel: PaymentChannel, day: date) -> Gathered:
        file = acquirer.daily(day)
        mentioned = {line.order for line in file.lines}
        theirs: dict[str, list[AcquirerLine]] = defaultdict(list)
        for line in file.lines:
            theirs[line.order].append(line)
        theirs = {number: lines for number, lines in theirs.items() if _charged(lines)}
        with self._system.read() as work:
            ours = {order.order: order for order in work.core.payments.booked(day, channel)}
            doubted = work.core.payments.in_doubt(day, channel)
        asked = {number: query(acquirer, ours[number]).heard for number in ours.keys() - theirs.keys()}
        unheard = [order for number, order in ours.items() if number not in mentioned]
        elsewhere = self._elsewhere(acquirer, unheard, day) if channel == "card" else {}
        missing = [order for order in doubted if order.order not in theirs]
        ended = self._ended(acquirer, missing, day) if file.final else {}
        return Gathered(theirs, ours, asked, elsewhere, ended)

    def _elsewhere(self, acquirer: Acquirer, orders: Sequence[Order], day: date) -> dict[str, date | None]:
        """Where the orders stand that nobody can be asked about: a card acquirer's day need not end at midnight."""
        if not orders:
            return {}
        with self._system.read() as work:
            today = work.core.now.astimezone(CHINA).date()
        found: dict[str, date | None] = {}
        next_file = _file_of(acquirer, day + ONE_DAY)
        if (next_file is None or not next_file.final) and today <= day + NEXT_FILE_WITHIN:
            found = {order.order: None for order in orders}
        for other, file in ((day - ONE_DAY, _file_of(acquirer, day - ONE_DAY)), (day + ONE_DAY, next_file)):
            charged: Counter[str] = Counter()
            for line in file.lines if file is not None else ():
                charged[line.order] += line.amount_fen
            found |= {o.order: other for o in orders if charged[o.order] == o.amount_fen}
        return found

    def _expected(self, day: date, channel: PaymentChannel) -> bool:
        """Whether that day's file should have anything: an acquirer sends none for a day without payments."""
        with self._system.read() as work:
            payments = work.core.payments
            return bool(payments.booked(day, channel) or payments.in_doubt(day, channel))

    def _ended(
        self, acquirer: Acquirer, orders: Sequence[Order], day: date
    ) -> dict[str, tuple[Order, Ending]]:
        """Those of ``orders`` that no file can have any more, with what is known of each.

        One whose other day has no file yet waits on; it keeps nobody else from being compared.
        """
        files: dict[date, AcquirerFile | None] = {}
        found = {}
        for order in orders:
            lines: list[AcquirerLine] = []
            final = True
            for other in {
                moment.astimezone(CHINA).date() for moment in (order.created_at, order.expires_at)
            } - {day}:
                if other not in files:
                    files[other] = _file_of(acquirer, other)
                file = files[other]
                lines += [line for line in file.lines if line.order == order.order] if file else []
                final = final and file is not None and file.final
            if lines:
                found[order.order] = (order, Ending(lines))
            elif final:
                found[order.order] = (order, Ending(heard=close(acquirer, order).heard))
        return found

    def done(self, day: date) -> bool:
        """Whether the day was compared after it was over, cards too (after a start that is made sure of once)."""
        with self._system.read() as work:
            found = work.core.payments.comparison_of(day)
        over = found is not None and found.at.astimezone(CHINA).date() > day
        return over and (self._acquirers.card is None or day in self._complete)


def missed(system: System, day: date, why: AcquirerError) -> None:
    """That day's file does not come: an officer asks the acquirer's desk. One case, however often it is told."""
    with system.write() as work:
        work.core.cases.open("no-daily-file", day.isoformat(), {"why": str(why)})


def _file_of(acquirer: Acquirer, day: date) -> AcquirerFile | None:
    try:
        return acquirer.daily(day)
    except AcquirerError as error:
        log.info("orders wait for the file of %s: %s", day, error)
        return None


def _charged(lines: Sequence[AcquirerLine]) -> int:
    """What was charged in the end; a charge taken back at the terminal (撤销) leaves nothing."""
    return sum(line.amount_fen for line in lines)


def _both(core: Core, order: Order, lines: Sequence[AcquirerLine]) -> ComparedLine:
    charged = _charged(lines)
    if charged == order.amount_fen:
        return ComparedLine(order.order, "MATCH", order.amount_fen, charged, "")
    case = core.cases.open(
        "amount-differs",
        order.order,
        {"ours_fen": order.amount_fen, "theirs_fen": charged, "lines": len(lines)},
    )
    return ComparedLine(order.order, "AMOUNT_DIFF", order.amount_fen, charged, "case", case)


def _in_another(order: Order, other: date | None, day: date) -> ComparedLine:
    """Paid around the end of the acquirer's day: nobody need look into it, or not yet."""
    where = f"in the file of {other}" if other is not None else f"waits for the file of {day + ONE_DAY}"
    return ComparedLine(order.order, "OURS_ONLY", order.amount_fen, None, where)


def _ours_only(core: Core, order: Order, heard: AcquirerOrder | None, day: date) -> ComparedLine:
    """Paid around midnight it stands in the file of the other day; else somebody looks into it."""
    if heard is not None and heard.state is PaymentStateName.APPROVED and heard.paid_at is not None:
        other = heard.paid_at.astimezone(CHINA).date()
        if other != day:
            return _in_another(order, other, day)
    said = heard.state.value if heard is not None else "no answer"
    case = core.cases.open("ours-only", order.order, {"ours_fen": order.amount_fen, "acquirer": said})
    return ComparedLine(order.order, "OURS_ONLY", order.amount_fen, None, "case", case)


def _in_no_file(core: Core, order: Order, ending: Ending) -> ComparedLine:
    """In doubt with us and in no final file: it was not charged. It is closed and its dues can be paid again."""
    number, heard = order.order, ending.heard
    if ending.lines:
        return _theirs_only(core, ending.lines)
    silent = heard is None or heard.state in (PaymentStateName.UNKNOWN, PaymentStateName.CREATED)
    if silent:
        heard = AcquirerOrder(number, order.amount_fen, PaymentStateName.CLOSED)
    assert heard is not None
    order = core.payments.learn(order, heard, "reconciliation")
    if order.settled and order.state is not PaymentStateName.APPROVED and not silent:
        log.info("order %s was in doubt and is in no file: closed, not charged", number)
        return ComparedLine(number, "OURS_ONLY", None, None, "closed, not charged")
    # the file and the acquirer's own answer differ, or it says nothing: an officer asks its desk
    details: dict[str, object] = {"ours_fen": order.amount_fen, "state": order.state.value}
    case = core.cases.open("in-no-file", number, details)
    log.warning("order %s was in doubt and is in no file: %s, case %s", number, order.state.value, case)
    action = "closed by the file alone" if order.state is PaymentStateName.CLOSED else "case"
    return ComparedLine(number, "OURS_ONLY", None, None, action, case)


def _theirs_only(core: Core, lines: Sequence[AcquirerLine]) -> ComparedLine:
    """The money came and we did not know: book it when its dues still wait, else it goes back."""
    first, charged = lines[0], _charged(lines)
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
