"""Closing a batch so that its totals are never lost: entered first, and asked for when no answer came."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from config.clock import Deadline
from drivers import crashpoints
from drivers.books.payment import PaymentBook
from drivers.books.settlement import SettlementBook, SettlementJob
from drivers.errors import DeviceError
from drivers.payment import PaymentTerminal, Settlement, SettlementState
from drivers.services.paying import ASK_S, LONGEST_S
from drivers.store import Store
from drivers.xfs.failure import CommandFailed
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.payment")

MOTION: Final = crashpoints.register("settlement.motion", "the settlement is with the terminal")
UNRESOLVED: Final = "unresolvedSettlement"


class Settler:
    """Works between the books and the terminal; ``last`` is the settlement entered last."""

    def __init__(self, store: Store, payments: PaymentBook, service: str) -> None:
        self.book = SettlementBook(store, service)
        self._payments = payments
        self.last: SettlementJob | None = None
        self.unresolved = 0

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
        job = SettlementJob(key, batch, serial, await self._payments.totals(batch, serial), before)
        await self.book.begin(job, request.client.name)
        try:
            return await self._carry_out(terminal, job, Deadline.after((limit.remaining or 0.0) - ASK_S))
        finally:
            await asyncio.shield(self.count())

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

    async def truth(
        self, terminal: PaymentTerminal, job: SettlementJob, error_code: str | None = None
    ) -> SettlementJob:
        """How it ended, as far as the terminal tells; still open when it does not."""
        try:
            limit = Deadline.after(ASK_S)
            if await terminal.serial(limit) != job.serial:
                log.error("the batch %s was settled at another terminal (%s)", job.batch, job.serial)
                return job
            found = await terminal.last_settlement(limit)
        except DeviceError as error:
            log.warning("whether the batch %s was closed cannot be asked now: %s", job.batch, error)
            return job
        if found == job.before:
            return await self._enter(job, None, error_code or "notSettled")
        if found is None or found.totals.batch != job.batch:
            log.error("the terminal tells of another settlement than that of the batch %s", job.batch)
            return job
        return await self._enter(job, found, None)

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
