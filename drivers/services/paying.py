"""Carrying out payments so that each key is charged once at most, and none is left without a known outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from config.clock import Deadline
from drivers import crashpoints
from drivers.books.payment import FINISH, RESOLVED, PaymentBook, PaymentJob
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, InvalidData, LinkLost
from drivers.payment import BatchTotals, Order, Outcome, Payment, PaymentTerminal
from drivers.store import Store
from drivers.xfs.failure import CommandFailed
from drivers.xfs.request import Request
from drivers.xfs.words import CompletionCode

log = logging.getLogger("kiosk.devices.payment")

MOTION: Final = crashpoints.register("payment.motion", "the order is with the terminal; money may be moving")
LONGEST_S: Final = 180.0
"""How long a payment may take when the client sets no limit: a minute each for card, PIN and bank."""
LEAST_S: Final = 8.0
"""With less time left than this a payment is not begun: nobody could find a card."""
ASK_S: Final = 4.0
"""Kept back from the client's limit for asking the terminal how it ended."""
END_S: Final = 20.0
"""How long a payment that was cancelled may take to end at the terminal, which may be with the bank."""
LOOK_S: Final = 0.1
REMEMBERS: Final = timedelta(hours=24)
"""How long "never begun" is believed: a terminal keeps its references for a day (docs/pos-ecr.md, "Memory")."""

NO_ANSWER: Final = "noAnswer"
OTHER_TERMINAL: Final = "otherTerminal"
FORGOTTEN: Final = "forgotten"
STRANGE: Final = "strangeAnswer"
"""Why an outcome is not known, besides the terminal's own ``inProgress`` and ``reversing``."""


class Teller:
    """Works between book and terminal. ``tell`` hears of each payment that gets its outcome later."""

    def __init__(self, store: Store, book: PaymentBook, tell: Callable[[PaymentJob], None]) -> None:
        self._store = store
        self.book = book
        self._tell = tell
        self.paying: str | None = None
        self.unresolved = 0
        self._complained: set[tuple[str, str]] = set()

    async def count(self) -> None:
        """Count the payments whose outcome is not known; one that is under way is none of them."""
        left = await self.book.unfinished()
        self.unresolved = sum(job.key != self.paying for job in left)

    async def pay(
        self, request: Request, terminal: PaymentTerminal, key: str, order: Order, original_key: str | None
    ) -> Payment:
        """A new key: enter it, carry it out, enter what became of it. Raise ``CommandFailed`` with nothing sent."""
        _still_time(request)
        limit = request.deadline.within(LONGEST_S)
        serial = await terminal.serial(limit.within(ASK_S))
        await self.clear(terminal, serial)
        counted = await _counted(terminal, limit.within(ASK_S))
        job = PaymentJob(key, order, serial, original_key, counted=counted)
        self.paying = key  # before it can be found: nobody may ask the terminal about it yet
        try:
            await self.book.begin(job, request.client.name)
            result = await self._carry_out(request, terminal, job, limit)
            if result.known:
                await self.book.finish(key, result, FINISH)
            return result
        finally:
            self.paying = None
            await self.count()

    async def clear(self, terminal: PaymentTerminal, serial: str) -> None:
        """Give every open payment of this terminal its outcome before another begins, or raise ``CommandFailed``."""
        await self.resolve(terminal)
        left = [job for job in await self.book.unfinished() if job.serial == serial]
        if left:
            raise CommandFailed(
                f"what became of {len(left)} earlier payments is not known yet; the terminal is asked again",
                "unresolvedPayment",
            )

    async def resolve(self, terminal: PaymentTerminal) -> None:
        """Ask the terminal about every payment whose outcome is not known; nothing is charged by that."""
        for job in await self.book.unfinished():
            await self.truth(terminal, job)

    async def truth(self, terminal: PaymentTerminal | None, job: PaymentJob) -> Payment:
        """The outcome of a known key; one that is open is asked for, where there is a terminal to ask."""
        if not job.open and job.result is not None:
            return job.result
        if terminal is None or job.key == self.paying:
            return _unknown(job, NO_ANSWER)
        found = await self._ask(terminal, job, Deadline.after(ASK_S))
        return await self.enter(job, found) if found.known else found

    async def enter(self, job: PaymentJob, result: Payment, by: str | None = None) -> Payment:
        """Enter an outcome that was found out later, and tell it; the one that stands, which may be an older one."""
        entered = await self.book.finish(job.key, result, RESOLVED, by)
        await self.count()
        known = await self.book.find(job.key)
        if known is None or known.result is None:
            raise LookupError(f"payment {job.key} was finished and is not in the book")
        if entered:
            log.warning(
                "payment %s (%s) was left open; it is %s", job.key, job.order.reference, result.outcome
            )
            self._tell(known)
        return known.result

    async def _carry_out(
        self, request: Request, terminal: PaymentTerminal, job: PaymentJob, limit: Deadline
    ) -> Payment:
        left = limit.remaining or 0.0
        task = asyncio.create_task(self._transact(terminal, job.order, Deadline.after(left - ASK_S)))
        try:
            while not task.done() and request.stopping is None:
                await asyncio.wait({task}, timeout=LOOK_S)
        finally:
            # The terminal is told to give up; how it ended is asked below.
            stopped = task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if stopped:
            return await self._ask(terminal, job, Deadline.after(END_S))
        result = self._believed(job, task.result())
        return result if result.known else await self._ask(terminal, job, limit)

    async def _transact(self, terminal: PaymentTerminal, order: Order, deadline: Deadline) -> Payment:
        """Whatever goes wrong becomes an outcome: only what certainly came before the first byte is no payment."""
        try:
            with crashpoints.around(MOTION):
                return await terminal.transact(order, deadline)
        except DeviceError as error:
            log.warning("a payment failed: %s", error)
            early = isinstance(error, DeviceNotReady | DeadlinePassed | InvalidData)
            sent = not early or isinstance(error, LinkLost)
            outcome = Outcome.UNKNOWN if sent else Outcome.END_APPLICATION
            return Payment(outcome, order.operation, order.amount_fen, error.code or error.completion)

    async def _ask(self, terminal: PaymentTerminal, job: PaymentJob, deadline: Deadline) -> Payment:
        """What the terminal says of a payment, as far as it may be believed."""
        try:
            if await terminal.serial(deadline) != job.serial:
                self._complain(job, OTHER_TERMINAL, f"was given to another terminal ({job.serial})")
                return _unknown(job, OTHER_TERMINAL)
            found = await terminal.query(job.order.reference, deadline)
            remembers = found is not None or await self._remembers(terminal, job, deadline)
        except DeviceError as error:
            log.info("the terminal cannot be asked about a payment: %s", error)
            return _unknown(job, NO_ANSWER)
        if found is not None:
            return self._believed(job, found)
        if self.forgotten(job):
            self._complain(job, FORGOTTEN, "is too old for the terminal's memory")
            return _unknown(job, FORGOTTEN)
        if not remembers:
            self._complain(job, FORGOTTEN, "was given to the terminal before it lost its memory")
            return _unknown(job, FORGOTTEN)
        return Payment(Outcome.END_APPLICATION, job.order.operation, job.order.amount_fen, "neverBegun")

    async def _remembers(self, terminal: PaymentTerminal, job: PaymentJob, deadline: Deadline) -> bool:
        """Whether the terminal still has the memory that it had when it was given the payment.

        One that was wiped at the desk of the acquirer, or whose memory was exchanged, knows none of its orders: its
        "never begun" says nothing. It has counted less than then, or has lost an earlier payment as well.
        """
        if job.counted is not None and _behind(await terminal.totals(deadline), job.counted):
            return False
        witness = await self.book.witness(job, datetime.fromisoformat(self._store.now()) - REMEMBERS)
        return witness is None or await terminal.query(witness.order.reference, deadline) is not None

    def _believed(self, job: PaymentJob, found: Payment) -> Payment:
        """An approval counts only for what was ordered; anything else a person has to look at."""
        order = job.order
        same = found.amount_fen == order.amount_fen and found.operation in (None, order.operation)
        if found.outcome is not Outcome.APPROVE or same:
            return found
        self._complain(job, STRANGE, "was approved as something else")
        return _unknown(job, STRANGE)

    def _complain(self, job: PaymentJob, why: str, what: str) -> None:
        """Once: the terminal is asked again and again, and says the same."""
        if (job.key, why) not in self._complained:
            self._complained.add((job.key, why))
            log.error("payment %s %s; see the acquirer's statement, then Resolve", job.key, what)

    def forgotten(self, job: PaymentJob) -> bool:
        """Whether the terminal may no longer remember a payment."""
        return (
            job.begun_at is not None and datetime.fromisoformat(self._store.now()) - job.begun_at > REMEMBERS
        )


async def _counted(terminal: PaymentTerminal, deadline: Deadline) -> BatchTotals | None:
    """What the terminal has counted; None where it does not tell, as with no batch open: the order gets its answer."""
    try:
        return await terminal.totals(deadline)
    except DeviceError as error:
        log.info("the terminal does not tell what it has counted: %s", error)
        return None


def _behind(now: BatchTotals, then: BatchTotals) -> bool:
    """Whether a terminal has counted less than it had: batches are numbered upwards, and none loses a payment."""
    counts = (
        now.sale_count - then.sale_count,
        now.void_count - then.void_count,
        now.refund_count - then.refund_count,
    )
    return int(now.batch) < int(then.batch) or (now.batch == then.batch and min(counts) < 0)


def _unknown(job: PaymentJob, why: str) -> Payment:
    return Payment(Outcome.UNKNOWN, job.order.operation, job.order.amount_fen, why)


def _still_time(request: Request) -> None:
    """End here, with nothing sent, when there is no time left or nobody wants the payment any more."""
    remaining = request.deadline.remaining
    if request.stopping is not None:
        raise CommandFailed("stopped before anything was sent", generic=request.stopping)
    if remaining is not None and remaining < LEAST_S:
        raise CommandFailed("too little time left to pay", generic=CompletionCode.TIME_OUT)
