"""What staff do to the devices: try them, load and unlock units, pause the terminal, print the handover."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from drivers import bench
from drivers.client import DeviceHub, DispenserClient
from drivers.client.errors import DeviceClientError
from drivers.ports import PrintOutcome
from kiosk.availability import device_faults
from kiosk.domain.ids import uuid7
from kiosk.machines import Machines
from kiosk.staff import handover
from kiosk.staff.front import Front
from kiosk.staff.loading import Loading, NotLoadable
from kiosk.staff.lookout import Lookout
from kiosk.staff.signing import Signing
from kiosk.staff.views import Trial

log = logging.getLogger("kiosk.staff")

DISPENSER: Final = "invoiceDispenser"
FULL_BINS: Final = frozenset({"rejectBinFull", "retractBinFull"})
"""A sheet found no room in a bin, so it lies in the machine's way or in its tray."""
PAUSED_FILE: Final = "paused"
"""Lies in the state directory while staff have paused the terminal, so that a restart does not open it."""


class Tasks:
    """Each is told on the page and noted in the journal."""

    def __init__(
        self,
        front: Front,
        signing: Signing,
        lookout: Lookout,
        hub: DeviceHub,
        machines: Machines,
        state_dir: Path,
        terminal: str,
    ) -> None:
        self._front, self._signing, self._lookout = front, signing, lookout
        self._hub, self._machines, self._dispenser = hub, machines, DispenserClient(hub)
        self._paused_file, self._terminal = state_dir / PAUSED_FILE, terminal
        self.trials: dict[str, Trial] = {}
        self.loading = Loading("")

    @property
    def paused(self) -> bool:
        """Whether staff have closed the terminal to the public."""
        return self._paused_file.exists()

    async def reset(self, role: str) -> None:
        """Let a device begin anew."""
        await self.ask(lambda: bench.reset(self._hub, role), "bench.reset.done")
        await self._signing.note("staff.reset", {"role": role})

    async def try_out(self, role: str) -> None:
        """One device, or with no name all that need no hand."""
        for one in [role] if role else list(self._lookout.known.statuses):
            self.trials[one] = self._front.pages.trial(one, "running")
            self._front.draw()
            tried = bench.can_try(self._hub, one, paper=True, hand=bool(role))
            checks = await bench.try_out(self._hub, one, paper=True, hand=bool(role))
            stands = self._front.pages.board.tile(one, self._hub.status(one)).text
            well = "ok" if tried else "untried"  # a connection alone is no test that was passed
            state = well if all(check.ok for check in checks) else "failed"
            self.trials[one] = self._front.pages.trial(one, state, checks, stands)
            results = {check.name: check.ok for check in checks}
            await self._signing.note("staff.tested", {"role": one, "checks": results})

    def begin_loading(self, unit: str) -> None:
        """An empty form for the unit, or for the first one."""
        self.loading = Loading(unit or next(iter(sorted(self._lookout.known.units)), ""))

    async def store(self) -> None:
        """Tell the dispenser which numbers lie in the unit of the form."""
        loading = self.loading
        try:
            code, kind, first, last = loading.ask()
        except NotLoadable as error:
            self.loading = loading.refused(error)
            return
        done = await self.ask(
            lambda: self._dispenser.load(loading.unit, code, str(kind), first, last), "bench.load.done"
        )
        if done:
            self.loading = Loading(loading.unit)
            facts = {"unit": loading.unit, "code": code, "first": first, "last": last}
            await self._signing.note("staff.loaded", facts)

    async def unlock(self, unit: str) -> None:
        """Somebody has looked into the unit."""
        if await self.ask(lambda: self._dispenser.unlock(unit), "bench.unlock.done"):
            await self._signing.note("staff.unlocked", {"unit": unit})

    async def emptied(self) -> None:
        """Somebody has emptied the dispenser's bins; how many sheets the book had in each is noted with it.

        A sheet that found no room in one of them still lies in the machine's way or its tray: it is brought there now.
        """
        held = {name: held.count for name, held in self._lookout.known.bins.items()}
        status = self._lookout.known.statuses.get(DISPENSER)
        waits = status is not None and FULL_BINS & {*device_faults(status.device, status.details)}
        if held and await self.ask(lambda: self._dispenser.emptied(sorted(held)), "bench.emptied.done"):
            await self._signing.note("staff.emptied", {"bins": held})
            if waits:
                await self.reset(DISPENSER)

    async def pause(self, pause: bool) -> None:
        """Close the terminal to the public, or open it again."""
        if pause:
            await asyncio.to_thread(self._paused_file.touch)
        else:
            await asyncio.to_thread(self._paused_file.unlink, missing_ok=True)
        await self._signing.note("staff.paused" if pause else "staff.resumed", {})
        self._front.say("bench.paused" if pause else "bench.resumed")

    async def print_handover(self) -> None:
        """What the next member of staff must know, to be signed by both."""
        front, signed = self._front, self._signing.signed
        if signed is None:
            return
        lines = handover.lines(front.text, front.pages.board, self._lookout.known, signed.name, self.paused)
        blocks = handover.slip(front.text, lines, self._terminal)
        if await self.print(f"handover-{uuid7()}", blocks, "bench.handover.printed"):
            await self._signing.note("staff.handedOver", {})

    async def print(self, key: str, blocks: Sequence[Mapping[str, Any]], done: str) -> bool:
        """A slip; True once it lies in the tray."""

        async def print_it() -> None:
            result = await self._machines.print_slip(key, blocks)
            if result.outcome is not PrintOutcome.PRINTED:
                raise bench.TrialError(str(result.outcome), result.error_code or "hardwareError")

        return await self.ask(print_it, done)

    async def ask(self, act: Callable[[], Awaitable[object]], done: str) -> bool:
        """Ask a device for something; its refusal is told on the page."""
        self._front.draw()
        try:
            await act()
        except (DeviceClientError, bench.TrialError) as error:
            log.warning("staff asked in vain: %s", error)
            self._front.say_trouble(bench.code_of(error))
            return False
        self._front.say(done)
        await self._lookout.look()
        return True
