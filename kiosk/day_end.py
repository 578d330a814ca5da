"""Settles the bank-card terminal's batch by itself at the end of the day (docs/pos-ecr.md).

The device program owns the truth: a settlement is entered there under our key before the terminal hears of it, so
one that was interrupted is found under that key and asked for, never begun again. Here is only decided when, and
whether the centre must hear that it has not come about.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from config.clock import CHINA, Clock
from drivers.client import DeviceHub, PaymentClient
from drivers.client.errors import DeviceClientError
from drivers.client.hub import UNKNOWN
from drivers.payment import SettlementState
from kiosk.books import ENDED, JournalBooks
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Origin
from kiosk.staff.settlement_pages import settlement_word
from sync.backoff import Backoff
from sync.files import write_private

log = logging.getLogger("kiosk.dayEnd")

ROLE: Final = "paymentTerminal"
ENDED_FILE: Final = "day-end"
"""Lies in the state directory: the day whose batch was settled last, or had nothing to settle."""
LOOK_EVERY_S: Final = 10.0
AGAIN: Final = Backoff(60.0, 900.0)
"""A bank that cannot be reached is mostly back in minutes; a quarter of an hour is often enough for one that is not."""
COUNTS: Final = ("saleCount", "voidCount", "refundCount")
LATE_S: Final = 3600.0
"""How long a day may wait for its end before the centre is told: six tries at a bank that is away."""
SET_BACK: Final = timedelta(days=1)
"""A clock that is set right by seconds may come back before the end of the day that it has just ended."""
SETTLED, LATE, DIFFERS = str(SettlementState.SETTLED), str(SettlementState.NOT_SETTLED), "differs"


class DayEnd:
    """``run`` for ever, on the core's loop. ``at`` is the time of day in China; ``quiet`` says that nobody is here."""

    def __init__(
        self,
        hub: DeviceHub,
        books: JournalBooks,
        clock: Clock,
        state_dir: Path,
        at: time,
        quiet: Callable[[], bool],
        again: Backoff = AGAIN,
    ) -> None:
        self._hub, self._books, self._clock = hub, books, clock
        self._client, self._file = PaymentClient(hub, ROLE), state_dir / ENDED_FILE
        self._at, self._quiet, self._again = at, quiet, again
        self._last: date | None = None
        self._failures = 0
        self._not_before = float("-inf")
        self._waits_since: float | None = None

    async def run(self) -> None:
        """Look every few seconds: the time of day is no matter of moments."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Settle when it is time and nobody is here; a failure is tried again later."""
        if self._clock.monotonic() < self._not_before or not self._ready():
            return
        day = day_of(self._clock.now(), self._at)
        try:
            if day > await self._ended(day):
                await self._end(day)
                await self._remember(day)
        except DeviceClientError as error:
            self._put_off(str(error))
        except Exception:
            log.exception("the end of the day failed in a way nobody foresaw")
            self._put_off("unforeseen")
        else:
            self._failures = 0

    async def word(self) -> str:
        """For the centre: ``settled``, ``differs``, or ``notSettled`` once a day has waited for too long.

        ``unknown`` in between. A day waits whether the terminal is away or people keep it busy.
        """
        day = day_of(self._clock.now(), self._at)
        if ROLE not in self._hub.roles():
            self._waits_since = None
            return UNKNOWN
        if day <= await self._ended(day):
            self._waits_since = None
            return self._counted()
        now = self._clock.monotonic()
        self._waits_since = now if self._waits_since is None else self._waits_since
        return LATE if now - self._waits_since >= LATE_S else UNKNOWN

    def _counted(self) -> str:
        """How the last settlement came out, as far as the device program knows it now."""
        status = self._hub.status(ROLE)
        word = settlement_word(status.details)
        if status.device != "online" or word == SettlementState.OPEN:
            return UNKNOWN
        return DIFFERS if word == DIFFERS else SETTLED

    def _ready(self) -> bool:
        """Whether a batch can be closed now; one that is closed the device program opens first, by itself."""
        return self._quiet() and self._hub.status(ROLE).device == "online" and self._batch() != "closed"

    def _put_off(self, why: str) -> None:
        wait_s = self._again.delay(self._failures)
        self._failures += 1
        self._not_before = self._clock.monotonic() + wait_s
        log.warning("the batch is not settled, again in %.0f s: %s", wait_s, why)

    # --- the batch -------------------------------------------------------------------------------------

    async def _end(self, day: date) -> None:
        """Close that day's batch, unless it is closed or empty. Raise ``DeviceClientError`` when that is not known."""
        # Asked first: it waits in the queue behind a settlement that is still under way there.
        totals = await self._client.totals()
        last = await self._client.last_settlement()
        key = str(last.get("key", ""))
        state = last["state"] if key.startswith(prefix(day)) else SettlementState.NOT_SETTLED
        if state == SettlementState.CLOSED_BY_STAFF:
            return
        if state == SettlementState.NOT_SETTLED and empty(totals):
            return log.info("the end of %s finds nothing to settle", day)
        if state == SettlementState.NOT_SETTLED:
            key = f"{prefix(day)}{uuid7()}"
        told = last if state == SettlementState.SETTLED else await self._client.settle(key)
        agrees = bool(told["balanced"] and told["agrees"])
        if not agrees:
            log.error("batch %s: bank, terminal and book have not counted the same", told["batch"])
        await self._note({"key": key, "batch": told["batch"], "agrees": agrees, "terminal": told["terminal"]})

    def _batch(self) -> str:
        told = self._hub.status(ROLE).details.get("paymentTerminal")
        return str(told.get("batch", "")) if isinstance(told, Mapping) else ""

    async def _note(self, data: Mapping[str, Any]) -> None:
        """One line of the journal, under a visit of its own: nobody was here."""
        origin = Origin(uuid7(), "", "", "", "", "zh-CN", {})
        await self._books.note("payment.settled", data, origin)
        await self._books.note(ENDED, {"cause": "done"}, origin)
        await self._books.shred(origin.visit)

    # --- which day was ended last ----------------------------------------------------------------------

    async def _ended(self, today: date) -> date:
        """The day ended last. A terminal that has ended none begins with ``today``: its batch is not cut in two.

        A day far ahead was written by a clock that was wrong: by it no batch would be settled for years.
        """
        if self._last is None:
            self._last = await asyncio.to_thread(self._read)
        if self._last is None:
            await self._remember(today)
        elif self._last > today + SET_BACK:
            log.warning("the day settled last, %s, has not come yet; %s is settled anew", self._last, today)
            self._last = today - timedelta(days=1)
        return self._last or today

    def _read(self) -> date | None:
        try:
            return date.fromisoformat(self._file.read_text("ascii").strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("which day was settled last cannot be read: %s", error)
            return date.min

    async def _remember(self, day: date) -> None:
        self._last = day
        try:
            await asyncio.to_thread(write_private, self._file, f"{day.isoformat()}\n".encode("ascii"))
        except OSError as error:  # the key of the settlement tells it too
            log.warning("which day was settled cannot be written: %s", error)


def day_of(now: datetime, at: time) -> date:
    """The day whose end has come last: today's from ``at`` on, yesterday's before."""
    here = now.astimezone(CHINA)
    return here.date() if here.time() >= at else here.date() - timedelta(days=1)


def prefix(day: date) -> str:
    """What the key of every settlement of that day begins with; each try has a key of its own."""
    return f"day-{day:%Y%m%d}-"


def empty(totals: Mapping[str, Any]) -> bool:
    """Whether neither terminal nor book has counted anything."""
    return not any(totals[side][name] for side in ("terminal", "book") for name in COUNTS)
