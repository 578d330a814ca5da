"""UPS behind another vendor's XFS4IoT service: Auxiliaries with its UPS, PowerManagement, or both.

The standard has no percents, seconds and volts: they stay unknown. Of mains and battery it has words, and those are
what our own service orders a shutdown by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.cabinet_ports import PowerReading
from drivers.client.connection import Connection
from drivers.devices import xfs4iot_board_words as words
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, part_of
from drivers.errors import DeviceNotReady, ProtocolError

_INFO: Final[Mapping[str, tuple[str, ...]]] = {
    "powerInStatus": ("powering", "noPower"),
    "powerOutStatus": ("powering", "noPower"),
    "batteryStatus": ("full", "low", "operational", "critical", "failure"),
    "batteryChargingStatus": ("charging", "discharging", "notCharging"),
}
"""PowerManagement's ``info``."""
_LOW: Final = ("low", "critical")


class XfsUps(XfsDevice):
    """Implements ``Ups``. ``recovered`` is told when mains are back, until the next failure."""

    interface = "PowerManagement"
    part = "powerManagement"
    needs = frozenset()

    def __init__(self, clock: Clock, uri: str, token: str = "", **more: Any) -> None:
        super().__init__("ups", clock, uri, token, **more)
        self._failed_once = False

    async def read(self, deadline: Deadline) -> PowerReading:
        """Ask now; raise ``DeviceNotReady`` when the service cannot say whether there are mains."""
        self._status = dict(await self._ask("Common.Status", {}, deadline))
        self._show("polled")
        found = self._reading()
        if found is None:
            raise DeviceNotReady("the service does not say whether there are mains; check its UPS")
        return found

    async def reset(self, deadline: Deadline) -> None:
        """There is nothing to reset: a UPS is only looked at."""
        await self.read(deadline)

    def _reading(self) -> PowerReading | None:
        """What the status says of mains and battery; None when it says nothing of mains."""
        state, info = self._told()
        mains = info.get("powerInStatus")
        if "engaged" not in state and mains is None:
            return None
        charging = info.get("batteryChargingStatus")
        return PowerReading(
            on_battery=state.get("engaged", False) or mains == "noPower",
            low=state.get("low", False) or info.get("batteryStatus") in _LOW,
            replace_battery=info.get("batteryStatus") == "failure",
            charging=None if charging is None else charging == "charging",
        )

    def _told(self) -> tuple[dict[str, bool], dict[str, str]]:
        info = part_of(part_of(self._status, "powerManagement"), "info")
        known = {name: str(info[name]) for name, fit in _INFO.items() if info.get(name) in fit}
        return words.power(part_of(self._status, "auxiliaries")), known

    # -- XfsDevice ----------------------------------------------------------------------------------

    def _fits(self, capabilities: Mapping[str, Any]) -> None:
        auxiliaries = part_of(capabilities, "auxiliaries")
        told = auxiliaries.get("ups") or auxiliaries.get("UPS") or part_of(capabilities, "powerManagement")
        if not told:
            raise ProtocolError(
                f"the service at {self._uri} has no UPS and no PowerManagement; name another URI"
            )

    async def _greet(self, line: Connection) -> None:
        if self._reading() is None and part_of(self._status, "common").get("device") == "online":
            raise ProtocolError(
                f"the service at {self._uri} is on line and tells nothing of mains; name another URI"
            )

    def _heard(self, name: str, payload: Mapping[str, Any]) -> None:
        super()._heard(*words.event(name, payload))

    def _details(self, part: Mapping[str, Any]) -> Mapping[str, object]:
        found = self._reading()
        if found is None:
            return self._away()
        self._failed_once = self._failed_once or found.on_battery
        state, info = self._told()
        ups = {
            "powering": info.get("powerOutStatus", "powering") == "powering",
            "recovered": self._failed_once and not found.on_battery,
            **state,
            "low": found.low,
            "engaged": found.on_battery,
        }
        info = {"powerInStatus": "noPower" if found.on_battery else "powering", **info}
        if found.on_battery and found.low:
            info["batteryStatus"] = "critical"
        return {
            "auxiliaries": {"UPS": ups},
            "powerManagement": {"info": info},
            "upsMonitor": {},
            "forced": False,
        }

    def _away(self) -> Mapping[str, object]:
        return {"upsMonitor": {"shutdown": "unknown"}}


@driver("xfs4iot-ups", TRAITS)
def _ups(options: Options, clock: Clock) -> XfsUps:
    return XfsUps(clock, *address(options), tap=options.tap)
