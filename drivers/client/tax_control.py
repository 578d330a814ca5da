"""A tax-control device in the chip card reader, in the application's words."""

from __future__ import annotations

from datetime import date

from drivers.client.answers import understood
from drivers.client.hub import DeviceHub
from drivers.ports_tax import SealedWord, TaxState
from drivers.xfs.messages.tax_control import Sealed, StateOut

ASK_WITHIN_S = 15.0


class TaxControlClient:
    """The tax-control application of the card or UKey that is in the reader. Nothing here waits for one."""

    def __init__(self, hub: DeviceHub, role: str = "smartCardReader") -> None:
        self._hub, self._role = hub, role

    async def state(self, timeout_s: float = ASK_WITHIN_S) -> TaxState:
        """What the device says of itself."""
        told = await self._hub.request(self._role, "TaxControl.ReadState", {}, timeout_s)
        with understood(self._role, "TaxControl.ReadState"):
            return StateOut.model_validate(told).state()

    async def report(self, month: date, timeout_s: float = ASK_WITHIN_S) -> SealedWord:
        """The report of the month that begins on ``month``, sealed by the device for the bureau."""
        payload = {"month": f"{month:%Y-%m}"}
        told = await self._hub.request(self._role, "TaxControl.ReadReport", payload, timeout_s)
        with understood(self._role, "TaxControl.ReadReport"):
            return Sealed.model_validate(told).word()

    async def write(self, order: SealedWord, timeout_s: float = ASK_WITHIN_S) -> TaxState:
        """Write the bureau's order to unlock, and what the device says then; the same one may be written again."""
        payload = Sealed.of(order).wire()
        told = await self._hub.request(self._role, "TaxControl.WriteOrder", payload, timeout_s)
        with understood(self._role, "TaxControl.WriteOrder"):
            return StateOut.model_validate(told).state()
