"""The board's wiring in the words of XFS4IoT's capabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drivers.cabinet_ports import Color, FlashRate
from drivers.xfs.messages.auxiliaries import CAPABILITY_OF_STATUS

OUTPUT_S: Final = 5.0
"""For one order to the board when the client sets no limit."""
_DOOR_WORDS: Final = ("closed", "open", "locked", "bolted", "tampered")
_SHIELD_WORDS: Final = ("closed", "open", "locked", "service", "keyboard", "tampered")
_HEADSET: Final = {"manual": True, "auto": False, "semiAuto": False}


def auxiliaries_of(wiring: Mapping[str, Any]) -> frozenset[str]:
    """The status names of all that is wired."""
    switch = ["operatorSwitch"] if wiring.get("operatorSwitch") else []
    singles = [name for name in ("volume", "vandalShield", "audio") if wiring.get(name)]
    listed = (*wiring.get("doors", ()), *wiring.get("sensors", ()), *wiring.get("outputs", ()))
    return frozenset((*listed, *switch, *singles))


def capabilities(wiring: Mapping[str, Any]) -> dict[str, object]:
    """The ``auxiliaries`` and ``lights`` objects of Common.Capabilities."""
    found: dict[str, object] = {}
    for name, words in wiring.get("doors", {}).items():
        found[_named(name)] = {word: word in words for word in _DOOR_WORDS}
    for name in (*wiring.get("sensors", ()), *wiring.get("outputs", ())):
        found[_named(name)] = dict(_HEADSET) if name == "headsetMicrophoneSensor" else True
    if positions := wiring.get("operatorSwitch"):
        found["operatorSwitch"] = {word: word in positions for word in ("run", "maintenance", "supervisor")}
    if shield := wiring.get("vandalShield"):
        found["vandalShield"] = {word: word in shield for word in _SHIELD_WORDS}
    if wiring.get("audio"):
        found["audio"] = True
    if wiring.get("volume"):
        found["volume"] = wiring["volume"]
    if wiring.get("autoStartup"):
        found["autoStartupMode"] = {"specific": True, "daily": True, "weekly": True}
    return {"auxiliaries": found, "lights": _lights(wiring.get("lights", {}))}


def _lights(lamps: Mapping[str, Any]) -> dict[str, object]:
    shown = {
        name: {
            "default": {
                "flashRate": {rate.value: rate.value in lamp["rates"] for rate in FlashRate},
                "color": {color.value: color.value in lamp["colors"] for color in Color},
            }
        }
        for name, lamp in lamps.items()
    }
    return {"individualFlashRates": True, "lights": shown}


def _named(status_name: str) -> str:
    return CAPABILITY_OF_STATUS.get(status_name, status_name)
