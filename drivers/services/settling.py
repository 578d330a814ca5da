"""Closing a batch so that its totals are never lost: entered first, and asked for when no answer came."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Final

from config.clock import Deadline
from drivers import crashpoints
from drivers.books.payment import PaymentBook
from drivers.books.settlement import SettlementBook, SettlementJob
from drivers.errors import DeviceError
from drivers.payment import BatchTotals, ClosingReason, PaymentTerminal, Settlement, SettlementState
from drivers.services.paying import ASK_S, LONGEST_S, REMEMBERS
from drivers.store import Store
from drivers.xfs.failure import CommandFailed
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.payment")

MOTION: Final = crashpoints.register("settlement.motion", "the settlement is with the terminal")
UNRESOLVED: Final = "unresolvedSettlement"


class _Untold(Exception):
    """The terminal does not say how a settlement ended; ``ever``: nor will it."""

    def __init__(self, *, ever: bool) -> None:
        super().__init__(ever)
        self.ever = ever


class Settler:
    """Works between the books and the terminal; ``last`` is the settlement entered last."""

    def __init__(self, store: Store, payments: PaymentBook, service: str) -> None:
        self.book = SettlementBook(store, service)
        self._store, self._payments = store, payments
        self.last: SettlementJob | None = None
        self.unresolved = 0
        self._complained: set[str] = set()

    async def count(self) -> None:
        """Look into the book: which was the last, and how many are open."""
        self.last = await self.book.last()
        self.unresolved = len(await self.book.unfinished())

    async def settle(
        self, request: Request, terminal: PaymentTerminal, serial: str, key: str
    ) -> SettlementJob:
        """Close the batch under a new key. Raise ``CommandFailed`` or ``DeviceError`` when it is not closed.

        ``unresolvedSettlement`` when nobody knows: the terminal is asked again until it tells.
        """
        await self.clear(terminal, serial)
        limit = request.deadline.within(LONGEST_S)
        before = await terminal.last_settlement(limit.within(ASK_S))
        batch = (await terminal.totals(limit.within(ASK_S))).batch
        job = SettlementJob(key, batch, serial, await self.counted(batch, serial), before)
        await self.book.begin(job, request.client.name)
        try:
            return await self._carry_out(terminal, job, Deadline.after((limit.remaining or 0.0) - ASK_S))
        finally:
            await asyncio.shield(self.count())

    async def counted(self, batch: str, serial: str) -> BatchTotals:
        """What our book has counted of the batch that is open: one of the same number may have been settled before."""
        return await self._payments.totals(batch, serial, await self.book.settled(batch, serial))

    async def clear(self, terminal: PaymentTerminal, serial: str) -> None:
        """Find out how every earlier settlement of this terminal ended, or raise ``CommandFailed``."""
        await self.resolve(terminal)
        if any(job.serial == serial for job in await self.book.unfinished()):
            raise CommandFailed(
                "whether the last batch was closed is not known yet; the terminal is asked again", UNRESOLVED
            )

    async def resolve(self, terminal: PaymentTerminal) -> None:
        """Ask the terminal about every settlement that is open; nothing is closed by that."""
        for job in await self.book.unfinished():
            await self.truth(terminal, job)
        await self.count()

    async def ask(self, terminal: PaymentTerminal, job: SettlementJob) -> SettlementJob:
        """Ask about one that is open, and count what is left."""
        try:
            return await self.truth(terminal, job)
        finally:
            await asyncio.shield(self.count())

    async def truth(
        self, terminal: PaymentTerminal, job: SettlementJob, error_code: str | None = None
    ) -> SettlementJob:
        """How it ended, as far as the terminal tells; still open when it does not."""
        try:
            found = await self._told(terminal, job)
        except _Untold:
            return job
        return await self._enter(job, found, None if found else error_code or "notSettled")

    async def close(
        self, terminal: PaymentTerminal | None, job: SettlementJob, reason: ClosingReason, by: str
    ) -> SettlementJob:
        """Enter staff's word for a settlement that no terminal can tell of.

        Raise ``CommandFailed``: ``unresolvedSettlement`` while the terminal may still tell, ``alreadyKnown`` when it
        has told meanwhile.
        """
        if not await self._beyond(terminal, job):
            if terminal is not None and not (await self.truth(terminal, job)).open:
                raise CommandFailed("the terminal has told how that settlement ended", "alreadyKnown")
            why = f"the terminal may still tell how the batch {job.batch} ended; connect it and ask again"
            raise CommandFailed(why, UNRESOLVED)
        await self.book.close(job, reason, by)
        log.warning("batch %s of terminal %s: closed by staff (%s)", job.batch, job.serial, reason)
        return await self.book.find(job.key) or job

    async def _beyond(self, terminal: PaymentTerminal | None, job: SettlementJob) -> bool:
        """Whether no terminal will ever tell: another one stands here, or it is away and the batch long past."""
        if terminal is None:
            return self._forgotten(job)
        try:
            await self._told(terminal, job)
        except _Untold as untold:
            return untold.ever
        return False

    async def _told(self, terminal: PaymentTerminal, job: SettlementJob) -> Settlement | None:
        """The settlement of that batch, None when the terminal has not closed it; raise ``_Untold``."""
        try:
            limit = Deadline.after(ASK_S)
            if await terminal.serial(limit) != job.serial:
                self._complain(job, f"was settled at another terminal ({job.serial})")
                raise _Untold(ever=True)
            found = await terminal.last_settlement(limit)
        except DeviceError as error:
            log.warning("whether the batch %s was closed cannot be asked now: %s", job.batch, error)
            raise _Untold(ever=False) from error
        if found == job.before:
            return None
        if found is None or found.totals.batch != job.batch:
            self._complain(job, "is not that of the settlement that the terminal tells of")
            raise _Untold(ever=True)
        return found

    def _complain(self, job: SettlementJob, what: str) -> None:
        """Once: the terminal is asked again and again, and says the same."""
        if job.key not in self._complained:
            self._complained.add(job.key)
            log.error("the batch %s %s; take its totals from the acquirer's statement", job.batch, what)

    def _forgotten(self, job: SettlementJob) -> bool:
        """Whether it is so old that a terminal that is away need not be waited for."""
        now = datetime.fromisoformat(self._store.now())
        return job.begun_at is not None and now - job.begun_at > REMEMBERS

    async def _carry_out(
        self, terminal: PaymentTerminal, job: SettlementJob, limit: Deadline
    ) -> SettlementJob:
        try:
            with crashpoints.around(MOTION):
                closed = await terminal.settle(limit)
        except DeviceError as error:
            ended = await self.truth(terminal, job, error.code or error.completion)
            if ended.open:
                why = (
                    f"whether the batch {job.batch} was closed is not known yet; the terminal is asked again"
                )
                raise CommandFailed(why, UNRESOLVED) from error
            if ended.result is None:
                raise
            return ended
        return await self._enter(job, closed, None)

    async def _enter(
        self, job: SettlementJob, result: Settlement | None, error_code: str | None
    ) -> SettlementJob:
        await self.book.finish(job, result, error_code)
        known = await self.book.find(job.key)
        log.info(
            "batch %s: %s", job.batch, SettlementState.SETTLED if result else SettlementState.NOT_SETTLED
        )
        return known or job
