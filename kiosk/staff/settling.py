"""The card terminal's batch as staff settle it, and the end of payments as they enter it, by two touches each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from drivers import bench
from drivers.client import DeviceHub, PaymentClient
from drivers.client.errors import DeviceClientError, DeviceCommandFailed
from drivers.payment import BY_STAFF, ClosingReason, Payment
from kiosk.domain.ids import uuid7
from kiosk.staff.front import Front
from kiosk.staff.settlement_pages import CHARGED, NOT_CHARGED, ROLE, Stand
from kiosk.staff.signing import Signing
from kiosk.staff.tasks import Tasks
from kiosk.staff.views import StaffView

NOT_SETTLED: Final = "notSettled"


class Settling:
    """What terminal and book told when the page was opened, and the touch that waits for its second one."""

    def __init__(self, front: Front, signing: Signing, tasks: Tasks, hub: DeviceHub) -> None:
        self._front, self._signing, self._tasks, self._hub = front, signing, tasks, hub
        self._client = PaymentClient(hub, ROLE)
        self._stand: Stand | None = None
        self._asked = ""

    def page(self) -> StaffView:
        """How the settlements stand."""
        return self._front.pages.settlement.page(self._stand, self._asked)

    async def look(self) -> None:
        """Ask book and terminal; what was asked about stands no more."""
        self._asked = ""
        self._front.draw()
        last: Mapping[str, Any] = {"known": False}
        doubts: Sequence[Mapping[str, Any]] = ()
        try:
            last, doubts = await self._client.last_settlement(), await self._client.unresolved()
            self._stand = Stand(last, await self._client.totals(), closed=self._closed(), doubts=doubts)
        except DeviceClientError as error:
            self._stand = Stand(last, trouble=bench.code_of(error), doubts=doubts)

    def _closed(self) -> bool:
        told = self._hub.status(ROLE).details.get(ROLE)
        return isinstance(told, Mapping) and told.get("batch") == "closed"

    async def step(self, value: str) -> None:
        """What was touched. ``ask``, ``close:KEY`` and ``resolve:KEY`` wait for a second touch.

        Anything unasked is passed over.
        """
        what, _, key = value.partition(":")
        if what in ("ask", "close", "resolve"):
            self._asked = value
        elif what == "sure" and self._asked == "ask":
            await self._settle()
        elif what in [*ClosingReason] and self._asked == f"close:{key}":
            await self._close(key, ClosingReason(what))
        elif what in (CHARGED, NOT_CHARGED) and self._asked == f"resolve:{key}":
            await self._resolve(key, charged=what == CHARGED)
        elif what == "query":
            await self._query(key)
        elif what == "again":
            await self._again(key)
        elif what == "start":
            await self._start()
        else:
            self._asked = ""

    # --- what is done ----------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Close the batch. The key is noted before, so that the journal names who began what was interrupted."""
        key = f"staff-{uuid7()}"
        told: dict[str, Any] = {}

        async def settle() -> None:
            told.update(await self._client.settle(key))

        await self._signing.note("staff.settling", {"key": key})
        if await self._tasks.ask(settle, "bench.settle.done"):
            agrees = bool(told["balanced"] and told["agrees"])
            data = {"key": key, "batch": told["batch"], "agrees": agrees, "terminal": told["terminal"]}
            await self._signing.note("staff.settled", data)
            if not agrees:
                self._front.say("bench.settle.doneDiffers", "bad")
        await self.look()

    async def _again(self, key: str) -> None:
        """Ask how one ended. Its key closes nothing a second time; that it was not closed is an answer, too."""

        async def ask() -> None:
            try:
                await self._client.settle(key)
            except DeviceCommandFailed as error:
                if error.error_code != NOT_SETTLED:
                    raise

        if await self._tasks.ask(ask, "bench.settle.told"):
            await self._signing.note("staff.settlementAsked", {"key": key})
        await self.look()

    async def _close(self, key: str, reason: ClosingReason) -> None:
        signed = self._signing.signed
        if signed is None:
            return
        name = signed.name
        if await self._tasks.ask(
            lambda: self._client.close_settlement(key, reason, name), "bench.settle.closedByHand"
        ):
            await self._signing.note("staff.settlementClosed", {"key": key, "reason": str(reason)})
        await self.look()

    async def _query(self, key: str) -> None:
        """Ask the terminal what became of a payment; nothing is charged by that."""
        if await self._tasks.ask(lambda: self._client.query(key), "bench.settle.told"):
            await self._signing.note("staff.paymentAsked", {"key": key})
        await self.look()

    async def _resolve(self, key: str, *, charged: bool) -> None:
        """Enter what the acquirer's statement says of a payment. The terminal's own word comes first, if it has one."""
        signed = self._signing.signed
        if signed is None:
            return
        name = signed.name
        told: list[Payment] = []

        async def resolve() -> None:
            told.append(await self._client.resolve(key, charged=charged, by=name))

        if await self._tasks.ask(resolve, "bench.settle.doubt.done"):
            outcome = str(told[0].outcome)
            await self._signing.note(
                "staff.paymentResolved", {"key": key, "charged": charged, "outcome": outcome}
            )
            if told[0].error_code != BY_STAFF:
                self._front.say("bench.settle.told", "ok")
        await self.look()

    async def _start(self) -> None:
        """Sign in at the bank, which opens a batch."""
        if await self._tasks.ask(self._client.start, "bench.settle.started"):
            await self._signing.note("staff.batchOpened", {})
        await self.look()
