"""Another vendor's cabinet: Auxiliaries with Lights in one service, Auxiliaries' UPS with PowerManagement in another.

Written from the message definitions alone, as ``vendor.py`` is. What people and the mains do are methods here.
"""

from __future__ import annotations

from typing import Any

from tests.drivers.xfs.vendor_service import Failed, Service

RATES = ("off", "slow", "medium", "quick", "continuous")
STATUS_OF_SET = {"openClose": "openClosedIndicator", "consumerDisplayBackLight": "consumerDisplayBacklight"}
DARK = {
    "heating": "off",
    "audibleAlarm": "off",
    "openClosedIndicator": "closed",
    "audio": {"rate": "off"},
    "volume": 500,
}


class VendorCabinet:
    """``board`` and ``ups`` are the services."""

    def __init__(self) -> None:
        self.registered: dict[str, str] = {}
        self.startup: dict[str, Any] = {}
        self.board = self._board()
        self.ups = self._ups()

    async def door(self, state: str, name: str = "cabinetFrontDoor") -> None:
        """Somebody opens, shuts, locks or forces a door."""
        await self.board.change(**{name: state})

    async def told_as_of_old(self, **status: Any) -> None:
        """A change, told as releases before 2023 did."""
        self.board.status |= status
        old = {name if name == "tamperSensor" else f"{name}State": value for name, value in status.items()}
        await self.board.tell("Auxiliaries.AuxiliaryStatusEvent", old, "2.0")

    def goes_dark(self) -> None:
        """The board loses its power and comes back without anything set; nobody is told."""
        self.board.status |= DARK
        self.board.other_status["lights"] = _lights()

    async def mains(self, there: bool, *, low: bool = False) -> None:
        """The mains fail or come back."""
        state = {"low": low, "engaged": not there, "powering": True, "recovered": there}
        self.ups.status |= {"UPS": state}
        info = {
            "powerInStatus": "powering" if there else "noPower",
            "batteryStatus": "low" if low else "full",
        }
        self.ups.other_status["powerManagement"]["info"] |= info
        payload = {"auxiliaries": {"UPS": state}, "powerManagement": {"info": info}}
        await self.ups.tell("Common.StatusChangedEvent", payload)

    def _board(self) -> Service:
        commands = {
            "Auxiliaries.SetAuxiliaries": ("2.0", "2.0", self._set),
            "Auxiliaries.Register": ("2.0", "2.0", self._register),
            "Auxiliaries.SetAutoStartupTime": ("2.0", "2.0", self._set_startup),
            "Auxiliaries.GetAutoStartupTime": ("2.0", "2.0", self._get_startup),
            "Auxiliaries.ClearAutoStartupTime": ("2.0", "2.0", self._clear_startup),
            "Lights.SetLight": ("3.0", "2.0", self._light),
        }
        capabilities = {
            "operatorSwitch": {"run": True, "maintenance": True, "supervisor": False},
            "tamperSensor": True,
            "proximitySensor": True,
            "ambientLightSensor": True,
            "frontCabinet": dict.fromkeys(("closed", "open", "locked", "tampered"), True),
            "safeDoor": {"closed": True, "open": True, "bolted": True},
            "vandalShield": dict.fromkeys(("closed", "open", "tampered"), True),
            "openCloseIndicator": True,
            "audio": True,
            "heating": True,
            "audibleAlarm": True,
            "volume": 10,
            "autoStartupMode": {"specific": True, "daily": True, "weekly": True},
        }
        status = {
            "operatorSwitch": "run",
            "tamperSensor": "off",
            "proximitySensor": "notPresent",
            "ambientLightSensor": "light",
            "cabinetFrontDoor": "locked",
            "safeDoor": "bolted",
            "vandalShield": "open",
            **DARK,
        }
        able = {"flashRate": dict.fromkeys(RATES, True), "color": {"green": True, "red": True}}
        plain = {"flashRate": {"off": True, "continuous": True}}
        places = {"scanner": {"default": able}, "contactless": {"left": plain, "right": plain}}
        return Service(
            "Board",
            "auxiliaries",
            "auxiliaries",
            commands,
            capabilities,
            status,
            other_capabilities={"lights": {"individualFlashRates": True, "lights": places}},
            other_status={"lights": _lights()},
        )

    def _ups(self) -> Service:
        info = {
            "powerInStatus": "powering",
            "powerOutStatus": "powering",
            "batteryStatus": "full",
            "batteryChargingStatus": "notCharging",
        }
        return Service(
            "Ups",
            "auxiliaries",
            "auxiliaries",
            {},
            {"ups": dict.fromkeys(("low", "engaged", "powering", "recovered"), True)},
            {"UPS": {"low": False, "engaged": False, "powering": True, "recovered": False}},
            other_capabilities={"powerManagement": {"powerSaveControl": False, "batteryRechargeable": True}},
            other_status={"powerManagement": {"info": info}},
        )

    async def _set(self, payload: dict[str, Any]) -> dict[str, Any]:
        known = {STATUS_OF_SET.get(name, name): value for name, value in payload.items()}
        if not known or known.keys() - DARK.keys():
            raise Failed("commandErrorCode", "invalidAuxiliary")
        await self.board.change(**known)
        return {}

    async def _register(self, payload: dict[str, Any]) -> dict[str, Any]:
        assert set(payload.values()) == {"register"} and "cabinetFront" in payload
        self.registered |= payload
        return {}

    async def _set_startup(self, payload: dict[str, Any]) -> dict[str, Any]:
        assert {"hour", "minute"} <= payload["startTime"].keys()
        self.startup = payload
        return {}

    async def _get_startup(self, _: dict[str, Any]) -> dict[str, Any]:
        return self.startup

    async def _clear_startup(self, _: dict[str, Any]) -> dict[str, Any]:
        self.startup = {}
        return {}

    async def _light(self, payload: dict[str, Any]) -> dict[str, Any]:
        lights = self.board.other_capabilities["lights"]["lights"]
        if any(places.keys() != lights.get(name, {}).keys() for name, places in payload.items()):
            raise Failed("commandErrorCode", "invalidLight")
        await self.board.tell_part("lights", **payload)
        return {}


def _lights() -> dict[str, Any]:
    off = {"flashRate": "off"}
    return {"scanner": {"default": dict(off)}, "contactless": {"left": dict(off), "right": dict(off)}}
