"""A cabinet's exchange as touches: each leads to the next step, to a second person, to the printed paper."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from drivers import bench
from drivers.client.errors import DeviceClientError
from kiosk.domain.ids import uuid7
from kiosk.staff.exchange import Count
from kiosk.staff.exchanging import Exchanging, Refused
from kiosk.staff.front import Front
from kiosk.staff.lookout import Lookout
from kiosk.staff.signing import CodeRefused, Signing
from kiosk.staff.tasks import Tasks
from kiosk.staff.views import StaffView
from sync.errors import SyncError
from sync.stock_note import Fate

log = logging.getLogger("kiosk.staff")


class ExchangeSteps:
    """Takes touches to the exchange and tells what came of them on the page."""

    def __init__(
        self, front: Front, signing: Signing, lookout: Lookout, tasks: Tasks, exchanging: Exchanging
    ) -> None:
        self._front, self._signing, self._lookout, self._tasks = front, signing, lookout, tasks
        self._work, self._paper = exchanging, False

    @property
    def awaits_witness(self) -> bool:
        """Whether the second person's code is to be typed."""
        return self._work.state.step == "witness"

    def page(self) -> StaffView:
        """The page of the step."""
        known, digits = self._lookout.known, self._signing.digits
        return self._front.pages.exchange.page(self._work.state, known, digits, paper=self._paper)

    def type(self, count: Callable[[Count], Count]) -> None:
        """Into the form of the unit that is open."""
        state = self._work.state
        self._work.state = replace(state, count=count(state.count))

    async def step(self, value: str) -> None:
        """What was touched; anything else is the first page."""
        work = self._work
        self._signing.forget()
        try:
            match value.partition(":"):
                case ("out", _, _):
                    await work.go_out()
                case ("in", _, _):
                    self._front.draw()
                    await work.go_in()
                case ("tab", _, tab):
                    self.type(lambda form: form.turn(tab))
                case ("recount", _, _):
                    work.state = replace(work.state, step="count")
                case ("check", _, _):
                    await work.check()
                case (("hall" | "move") as fate, _, _):
                    work.choose(Fate(fate))
                case ("print", _, _):
                    await self._print_paper()
                case _:
                    work.begin()
        except (Refused, DeviceClientError) as error:
            self._refused(error)
        if work.state.step == "scan":
            work.begin()
        self._paper = await work.paper() is not None

    async def witness(self, code: str) -> None:
        """The second person's code: both stand before the stock."""
        signed = self._signing.signed
        if signed is None:
            return
        try:
            name = await self._signing.whose(code, other_than=signed.name)
        except CodeRefused as error:
            return self._front.say(error.text_id, "bad")
        if self._signing.signed is not signed:
            return
        work = self._work
        try:
            await work.confirm(signed.name, name, signed.origin)
        except (DeviceClientError, SyncError) as error:
            log.warning("an exchange came to no end: %s", error)
            work.begin()  # where its intent is written, the probe goes on with it
            open_ = await work.under_way()
            return self._front.say("bench.exchange.open" if open_ else "bench.failed", "bad")
        except Refused as error:
            work.state = replace(work.state, step="check")
            return self._refused(error)
        note = work.state.note
        facts = {"witness": name, "way": work.state.way, "note": note.id if note else ""}
        await self._signing.note("staff.exchanged", facts)
        await self._lookout.look()
        if work.state.way == "out":
            await self._print_paper()

    async def _print_paper(self) -> None:
        found = await self._work.paper()
        if found is None:
            return self._front.say("bench.exchange.noPaperHere", "bad")
        blocks = self._front.pages.exchange.slip(*found)
        if await self._tasks.print(f"stock-{uuid7()}", blocks, "bench.exchange.printed"):
            await self._work.printed(found[0])

    def _refused(self, error: Refused | DeviceClientError) -> None:
        if isinstance(error, DeviceClientError):
            self._front.say_trouble(bench.code_of(error))
        elif error.text_id == "bench.refused":
            self._front.say_trouble(error.values["why"])
        else:
            self._front.say(error.text_id, "bad", **error.values)
