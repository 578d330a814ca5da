"""The daily comparison with the acquirers (对账), line by line on the order number; repeatable.

Theirs only: the money came and is booked late, or a case for officers to give it back. Ours only: asked about, then a
case. What they gave back has lines of its own, below zero, which confirm it (``bureau.engine.repaying``).
In doubt with us and in no file that is final: it was not charged, the order is closed.
The acquirer's file is the final word on what was charged (domain note, section 9).
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bureau.engine.conflicts import run_again
from bureau.engine.handlers.payments import close, query
from bureau.engine.repaying import cases, confirming
from bureau.errors import AcquirerError, AcquirerUnreachable
from bureau.ports.acquirer import Acquirer, AcquirerFile, AcquirerLine, AcquirerOrder, Acquirers
from bureau.ports.core import Core
from bureau.ports.payments import GIVEN_BACK, ComparedLine, Comparison, Order
from bureau.ports.repayments import Charge
from bureau.ports.system import System
from config.clock import CHINA
from sync.models import PaymentChannel, PaymentStateName

log = logging.getLogger("kiosk.bureau")

ONE_DAY: Final = timedelta(days=1)
BESIDE: Final[tuple[PaymentChannel, ...]] = ("card", "debit")
"""Channels whose file may come later than that of the codes, or not at all for a day without payments."""
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

    channel: PaymentChannel
    file: confirming.Sorted
    theirs: Mapping[str, Sequence[AcquirerLine]]
    ours: Mapping[str, Order]
    asked: Mapping[str, AcquirerOrder | None]
    elsewhere: Mapping[str, date | None]
    """Of ours in no line of it: in which other day's file they stand; None while that may still come."""
    ended: Mapping[str, tuple[Order, Ending]]

    def compare(self, core: Core, day: date) -> list[ComparedLine]:
        """Keep the file and act on each difference. What went back comes first: it says where the charges are."""
        lines = confirming.confirm(core, day, self.channel, self.file)
        charges = {one.order: one for one in core.repayments.charges(self._differ(), lock=True)}
        charges |= {
            one.order: one for one in core.repayments.charges(list(self.theirs.keys() - charges.keys()))
        }
        for number in sorted(self.ours.keys() | self.theirs.keys() | self.ended.keys()):
            charge = charges.get(number)
            if charge is not None and number in self.theirs and (charge.even or charge.asked_fen):
                lines.append(_going_back(core, charge, self.theirs[number]))
            elif number in self.ended:
                lines.append(_in_no_file(core, *self.ended[number]))
            elif number in self.elsewhere:
                lines.append(_in_another(self.ours[number], self.elsewhere[number], day))
            elif number not in self.theirs:
                lines.append(_ours_only(core, self.ours[number], self.asked[number], day))
            elif number not in self.ours:
                lines.append(_theirs_only(core, self.theirs[number]))
            else:
                lines.append(_both(core, self.ours[number], self.theirs[number], charge))
        return lines

    def _differ(self) -> list[str]:
        """Orders that may be booked or looked into now: nobody may give them back meanwhile."""
        ours = {number: order.amount_fen for number, order in self.ours.items()}
        found = [number for number, lines in self.theirs.items() if _charged(lines) != ours.get(number)]
        return [*found, *self.ended]


class Reconciler:
    """Compares one day: codes, cards, debits. Raises ``AcquirerError`` when a file cannot be had.

    A file of the cards or the debits that is not there yet keeps nobody from comparing the rest: that is kept, and then
    said.
    """

    def __init__(self, system: System, acquirers: Acquirers) -> None:
        self._system = system
        self._acquirers = acquirers
        self._complete: set[date] = set()

    def run(self, day: date) -> Comparison:
        """Fetch, compare, act, keep."""
        channels = [self._gather(self._acquirers.qr, "qr-shown", day)]
        late: AcquirerError | None = None
        for channel in BESIDE:
            acquirer = self._acquirers.of(channel)
            if acquirer is None:
                continue
            try:
                channels.append(self._gather(acquirer, channel, day))
            except AcquirerError as error:
                late = error if self._expected(day, channel) else late
        comparison = run_again(lambda: self._compare(channels, day))
        if late is not None:
            raise late
        if not any(other is None for channel in channels for other in channel.elsewhere.values()):
            self._complete.add(day)
        return comparison

    def _compare(self, channels: Sequence[Gathered], day: date) -> Comparison:
        with self._system.write() as work:
            core = work.core
            lines = [line for channel in channels for line in channel.compare(core, day)]
            if core.now.astimezone(CHINA).date() > day:
                lines += confirming.missing(core, day)
            comparison = Comparison(day, core.now, tuple(sorted(lines, key=lambda line: line.order)))
            core.payments.compared(comparison)
        return comparison

    def _gather(self, acquirer: Acquirer, channel: PaymentChannel, day: date) -> Gathered:
        file = _daily(acquirer, day)
        with self._system.read() as work:
            sorted_ = confirming.sort(work.core, day, file.lines)
            ours = {order.order: order for order in work.core.payments.booked(day, channel)}
            doubted = work.core.payments.in_doubt(day, channel)
        mentioned = {line.order for line in sorted_.rest}
        theirs: dict[str, list[AcquirerLine]] = defaultdict(list)
        for line in sorted_.rest:
            theirs[line.order].append(line)
        theirs = {number: lines for number, lines in theirs.items() if _charged(lines)}
        asked = {number: query(acquirer, ours[number]).heard for number in ours.keys() - theirs.keys()}
        unheard = [order for number, order in ours.items() if number not in mentioned]
        elsewhere = self._elsewhere(acquirer, unheard, day) if channel == "card" else {}
        missing = [order for order in doubted if order.order not in theirs]
        ended = self._ended(acquirer, missing, day) if file.final else {}
        return Gathered(channel, sorted_, theirs, ours, asked, elsewhere, ended)

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
                charged[line.order] += line.amount_fen if line.kind != "refund" else 0
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
        """Whether the day was compared after it was over, with every file (after a start that is made sure of once)."""
        with self._system.read() as work:
            found = work.core.payments.comparison_of(day)
        over = found is not None and found.at.astimezone(CHINA).date() > day
        codes_alone = all(self._acquirers.of(channel) is None for channel in BESIDE)
        return over and (codes_alone or day in self._complete)


def missed(system: System, day: date, why: AcquirerError) -> None:
    """That day's file does not come: an officer asks the acquirer's desk. One case, however often it is told."""
    with system.write() as work:
        work.core.cases.open("no-daily-file", day.isoformat(), {"why": str(why)})


def _daily(acquirer: Acquirer, day: date) -> AcquirerFile:
    """The day's file. One that has a charge twice is not believed: its second line would be money to give back.

    Raises ``AcquirerError``. Who is charged a second time has another reference there.
    """
    file = acquirer.daily(day)
    known = [(line.order, line.reference) for line in file.lines if line.kind == "sale" and line.reference]
    if twice := [order for (order, _), times in Counter(known).items() if times > 1]:
        raise AcquirerUnreachable(f"the file of {day} has the same charge of order {twice[0]} more than once")
    return file


def _file_of(acquirer: Acquirer, day: date) -> AcquirerFile | None:
    try:
        return _daily(acquirer, day)
    except AcquirerError as error:
        log.info("orders wait for the file of %s: %s", day, error)
        return None


def _charged(lines: Sequence[AcquirerLine]) -> int:
    """What was charged in the end; a charge taken back at the terminal (撤销) leaves nothing."""
    return sum(line.amount_fen for line in lines)


def _going_back(core: Core, charge: Charge, lines: Sequence[AcquirerLine]) -> ComparedLine:
    """Its charge is back, as far as it was not booked, and both sides know it; or it is on its way."""
    moved = _charged(lines)
    if charge.even:
        return ComparedLine(charge.order, "MATCH", moved, moved, GIVEN_BACK)
    case = next(one.case for one in core.repayments.of(charge.order) if one.under_way)
    booked = charge.booked_fen or None
    result: Literal["AMOUNT_DIFF", "THEIRS_ONLY"] = "THEIRS_ONLY" if booked is None else "AMOUNT_DIFF"
    return ComparedLine(charge.order, result, booked, moved, "refund under way", case)


def _both(core: Core, order: Order, lines: Sequence[AcquirerLine], charge: Charge | None) -> ComparedLine:
    charged = _charged(lines)
    if charged == order.amount_fen:
        again = charge is not None and charge.owed_fen > 0
        case = _charged_again(core, charge) if charge is not None and again else None
        return ComparedLine(order.order, "MATCH", order.amount_fen, charged, "refund" if again else "", case)
    case = cases.waits(
        core,
        "amount-differs",
        order.order,
        {"ours_fen": order.amount_fen, "theirs_fen": charged, "lines": len(lines)},
    )
    return ComparedLine(order.order, "AMOUNT_DIFF", order.amount_fen, charged, "case", case)


def _charged_again(core: Core, charge: Charge) -> str | None:
    """A booked order was charged once more, on another day."""
    return cases.waits(core, "paid-twice", charge.order, {"amount_fen": charge.owed_fen})


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
    details: dict[str, object] = {"ours_fen": order.amount_fen, "acquirer": said}
    case = cases.waits(core, "ours-only", order.order, details)
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
    case = cases.waits(core, "in-no-file", number, details)
    log.warning("order %s was in doubt and is in no file: %s, case %s", number, order.state.value, case)
    action = "closed by the file alone" if order.state is PaymentStateName.CLOSED else "case"
    return ComparedLine(number, "OURS_ONLY", None, None, action, case)


def _theirs_only(core: Core, lines: Sequence[AcquirerLine]) -> ComparedLine:
    """The money came and we did not know: book it when its dues still wait, else it goes back."""
    first, charged = lines[0], _charged(lines)
    if charged < 0:
        return _unasked(core, first.order, charged)
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
            return _booked(core, order, charged, action)
    details: dict[str, object] = {"theirs_fen": charged, "reference": first.reference}
    case = cases.waits(core, "theirs-only", first.order, details)
    return ComparedLine(first.order, "THEIRS_ONLY", None, charged, "refund", case)


def _booked(core: Core, order: Order, charged: int, action: str) -> ComparedLine:
    """The order is booked; what was charged beyond that goes back."""
    charge = cases.charge_of(core, order.order)
    if charge is not None and charge.owed_fen > 0:
        case = _charged_again(core, charge)
        return ComparedLine(order.order, "THEIRS_ONLY", None, charged, "refund", case)
    cases.end(core, order.order, cases.BOOKED, "daily comparison")
    return ComparedLine(order.order, "THEIRS_ONLY", None, charged, action)


def _unasked(core: Core, order: str, moved_fen: int) -> ComparedLine:
    """Money went back that no officers here had given back: at a POS, or by the acquirer's own desk."""
    case = cases.waits(core, "refund-unasked", order, {"theirs_fen": moved_fen})
    return ComparedLine(order, "THEIRS_ONLY", None, moved_fen, "case", case)
