"""The cabinet's own services in the application's words: doors and sensors, lights, UPS, stamp, watchdog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from drivers.cabinet_ports import Color, FlashRate
from drivers.client.answers import understood
from drivers.client.errors import DeviceClientError
from drivers.client.hub import DeviceHub

ASK_WITHIN_S = 10.0
STAMP_WITHIN_S = 60.0
_POSITION = "default"


class AuxiliariesClient:
    """Doors, sensors and switches. What is not known is absent from ``state``, never "closed"."""

    def __init__(self, hub: DeviceHub, role: str = "auxiliaries") -> None:
        self._hub, self._role = hub, role

    def state(self) -> Mapping[str, Any]:
        """The ``auxiliaries`` object as last told; empty while the board is not on line."""
        status = self._hub.status(self._role)
        return status.details.get("auxiliaries", {}) if status.device == "online" else {}

    def on_alarm(self, callback: Callable[[str, str, str], None]) -> Callable[[], None]:
        """Call back with (sensor, value, time) of each door and alarm; call the result to stop."""

        def hear(role: str, name: str, payload: Mapping[str, Any]) -> None:
            if role == self._role and name == "CabinetBoard.SensorEvent":
                callback(str(payload["sensor"]), str(payload["value"]), str(payload["at"]))

        return self._hub.on_unsolicited(hear)

    async def set(self, **values: str | int) -> None:
        """Set auxiliaries by their names in SetAuxiliaries: ``audibleAlarm="on"``, ``volume=600``."""
        await self._hub.request(self._role, "Auxiliaries.SetAuxiliaries", values, ASK_WITHIN_S)

    async def events(self, limit: int = 100) -> Sequence[Mapping[str, str]]:
        """The journal of doors and alarms, newest first."""
        told = await self._hub.request(self._role, "CabinetBoard.GetEvents", {"limit": limit}, ASK_WITHIN_S)
        with understood(self._role, "CabinetBoard.GetEvents"):
            return [dict(event) for event in told["events"]]


class LightsClient:
    """Lights. A device's own guide is lit by the device program while a command waits for a person."""

    def __init__(self, hub: DeviceHub, role: str = "auxiliaries") -> None:
        self._hub, self._role = hub, role

    async def set(self, light: str, rate: FlashRate, color: Color | None = None) -> None:
        """Let one light shine."""
        await self._set({light: (rate, color)})

    async def all_on(self) -> Sequence[str]:
        """Every light the cabinet has, for a look; their names."""
        lights = list(self._hub.status(self._role).details.get("lights", {}))
        await self._set(dict.fromkeys(lights, (FlashRate.CONTINUOUS, None)))
        return lights

    async def all_off(self) -> None:
        """Every light off."""
        lights = self._hub.status(self._role).details.get("lights", {})
        await self._set(dict.fromkeys(lights, (FlashRate.OFF, None)))

    async def _set(self, lights: Mapping[str, tuple[FlashRate, Color | None]]) -> None:
        payload = {
            light: {_POSITION: {"flashRate": rate.value} | ({"color": color.value} if color else {})}
            for light, (rate, color) in lights.items()
        }
        await self._hub.request(self._role, "Lights.SetLight", payload, ASK_WITHIN_S)


class UpsClient:
    """The cabinet's UPS."""

    def __init__(self, hub: DeviceHub, role: str = "ups") -> None:
        self._hub, self._role = hub, role

    async def read(self) -> Mapping[str, Any]:
        """Charge, runtime, load and voltages now, and whether a shutdown is asked for."""
        return await self._hub.request(self._role, "UpsMonitor.Read", {}, ASK_WITHIN_S)

    def on_shutdown(self, callback: Callable[[str, float | None], None]) -> Callable[[], None]:
        """Call back with (reason, seconds left) when the machine is to be brought down; call the result to stop."""

        def hear(role: str, name: str, payload: Mapping[str, Any]) -> None:
            if role == self._role and name == "UpsMonitor.ShutdownRequestedEvent":
                callback(str(payload["reason"]), payload.get("runtimeS"))

        return self._hub.on_unsolicited(hear)


class StampClient:
    """Stamp unit; the same key never stamps twice."""

    def __init__(self, hub: DeviceHub, role: str = "stampUnit") -> None:
        self._hub, self._role = hub, role

    async def stamp(self, job_key: str, timeout_s: float = STAMP_WITHIN_S) -> Mapping[str, Any]:
        """Stamp one sheet: ``outcome`` is ``stamped``, ``notStamped`` or ``uncertain``, with ``impressions``.

        Raises ``DeviceCommandFailed`` with the reason when nothing was stamped for one the person can mend
        (``noMedia``, ``inkOut``, ``coverOpen``), and ``DeviceUnavailable`` when no answer came: then ``query``.
        """
        payload = {"jobKey": job_key}
        return await self._hub.request(self._role, "StampUnit.Stamp", payload, timeout_s)

    async def query(self, job_key: str) -> str | None:
        """What became of a job; None when it was never begun, or is under way."""
        told = await self._hub.request(self._role, "StampUnit.Query", {"jobKey": job_key}, ASK_WITHIN_S)
        return told.get("outcome")


class WatchdogClient:
    """The hardware that cuts the power: the machine's own where there is one, else the board's."""

    def __init__(self, hub: DeviceHub) -> None:
        self._hub = hub

    @property
    def _role(self) -> str:
        return "watchdog" if "watchdog" in self._hub.roles() else "auxiliaries"

    async def prove(self, within_s: int = 60) -> bool:
        """Say that the screen lives, for ``within_s`` seconds; False when there is nobody to tell."""
        try:
            await self._hub.request(self._role, "Watchdog.Prove", {"withinS": within_s}, ASK_WITHIN_S)
        except DeviceClientError:
            return False
        return True

    async def disarm(self) -> None:
        """Before an orderly end: the power stays on."""
        await self._hub.request(self._role, "Watchdog.Disarm", {}, ASK_WITHIN_S)
