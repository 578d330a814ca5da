"""Auxiliaries and Lights of another vendor's service in the words of our board: pure, the service says what it has.

What is no word of the standard is left out, never guessed. A door has four spellings in the standard; the tables of
``drivers.xfs.messages.auxiliaries`` know them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from drivers.cabinet_ports import (
    AUDIO_RATES,
    AUDIO_SIGNALS,
    SHIELD_WORDS,
    Color,
    FlashRate,
    Light,
)
from drivers.devices.board_picture import AMBIENT, FULL_VOLUME
from drivers.devices.board_profile import SENSOR_WORDS, SWITCHES
from drivers.errors import DriverConfigError, InvalidData
from drivers.xfs.messages.auxiliaries import CAPABILITY_OF_STATUS, STATUS_OF_REGISTER, STATUS_OF_SET

DOORS: Final = (
    "cabinetDoor", "safeDoor", "cabinetFrontDoor", "cabinetRearDoor", "cabinetLeftDoor", "cabinetRightDoor",
)  # fmt: skip
DOOR_WORDS: Final = ("closed", "open", "locked", "bolted", "tampered")
POSITIONS: Final = ("run", "maintenance", "supervisor")
UPS_WORDS: Final = ("low", "engaged", "powering", "recovered")
_AMBIENT: Final = "ambientLightSensor"
_SET_OF_STATUS: Final = {status: name for name, status in STATUS_OF_SET.items()}
_REGISTER_OF_STATUS: Final = {status: name for name, status in STATUS_OF_REGISTER.items()}
_RENAMED: Final = {"ups": "UPS"}


# -- what the service has --------------------------------------------------------------------------------


def wiring(auxiliaries: Mapping[str, Any], lights: Mapping[str, Any], startup: bool) -> dict[str, Any]:
    """What of a board the service has, from its capabilities; ``startup``: it has the alarm clock's commands."""
    doors = {name: list(_offered(_capability(auxiliaries, name), DOOR_WORDS)) for name in DOORS}
    return {
        "doors": {name: words for name, words in doors.items() if words},
        "sensors": [name for name in (*SENSOR_WORDS, _AMBIENT) if _capability(auxiliaries, name)],
        "operatorSwitch": list(_offered(auxiliaries.get("operatorSwitch"), POSITIONS)),
        "vandalShield": list(_offered(auxiliaries.get("vandalShield"), SHIELD_WORDS)),
        "outputs": sorted(name for name in SWITCHES if _capability(auxiliaries, name)),
        "audio": bool(auxiliaries.get("audio")),
        "volume": FULL_VOLUME if auxiliaries.get("volume") else 0,
        "lights": dict(_lamps(lights)),
        "watchdog": 0,
        "autoStartup": startup,
        "interlock": [],
    }


def interlock(wanted: str, doors: Iterable[str]) -> list[str]:
    """The doors that forbid motion while they are open, of those that the service has."""
    there = list(doors)
    if wanted in ("all", "none"):
        return there if wanted == "all" else []
    return [name for name in wanted.split() if name in there]


def checked_interlock(wanted: str) -> str:
    """``wanted`` itself; raise ``DriverConfigError`` for what is neither ``all``, ``none`` nor names of doors."""
    if wanted not in ("all", "none") and (not wanted.split() or set(wanted.split()) - set(DOORS)):
        raise DriverConfigError(f"option 'interlock': write all, none, or some of {' '.join(DOORS)}")
    return wanted


def _capability(auxiliaries: Mapping[str, Any], status_name: str) -> object:
    return auxiliaries.get(CAPABILITY_OF_STATUS.get(status_name, status_name))


def _offered(told: object, words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if isinstance(told, Mapping) and told.get(word) is True)


def _lamps(lights: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each light with its places, and the rates and colours that it has at all of them."""
    listed = lights.get("lights")
    for name, places in _items(listed):
        able = {place: one for place, one in _items(places) if isinstance(one, Mapping)}
        if not able:
            continue
        rates = [rate.value for rate in FlashRate if _everywhere(able, "flashRate", rate)]
        colors = [color.value for color in Color if _everywhere(able, "color", color)]
        yield name, {"rates": rates, "colors": colors, "places": sorted(able)}


def _everywhere(able: Mapping[str, Mapping[str, Any]], kind: str, word: str) -> bool:
    return all(word in _offered(one.get(kind), (word,)) for one in able.values())


def _items(found: object) -> list[tuple[str, Any]]:
    return [(str(name), one) for name, one in found.items()] if isinstance(found, Mapping) else []


# -- what it tells -----------------------------------------------------------------------------------------


def seen(auxiliaries: Mapping[str, Any]) -> dict[str, Any]:
    """The ``auxiliaries`` of a status, as far as they are the standard's words."""
    known = {name: auxiliaries[name] for name, words in _WORDS.items() if auxiliaries.get(name) in words}
    volume = auxiliaries.get("volume")
    if isinstance(volume, int) and not isinstance(volume, bool) and 1 <= volume <= FULL_VOLUME:
        known["volume"] = volume
    audio = {part: word for part, word in _items(auxiliaries.get("audio")) if word is not None}
    if audio.get("rate") in AUDIO_RATES and audio.get("signal") in (None, *AUDIO_SIGNALS):
        known["audio"] = audio
    return known


_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(DOORS, DOOR_WORDS),
    **SENSOR_WORDS,
    **SWITCHES,
    _AMBIENT: AMBIENT,
    "operatorSwitch": POSITIONS,
    "vandalShield": SHIELD_WORDS,
}


def seen_lights(told: Mapping[str, Any], lamps: Iterable[str]) -> dict[str, Any]:
    """Each light as it shines; of several places one that shines stands for all."""
    found = {}
    for name in lamps:
        states = [state for _, place in _items(told.get(name)) if (state := _state(place))]
        lit = [state for state in states if state["flashRate"] != FlashRate.OFF]
        if states:
            found[name] = {"default": (lit or states)[0]}
    return found


def _state(told: object) -> dict[str, str]:
    if not isinstance(told, Mapping) or told.get("flashRate") not in list(FlashRate):
        return {}
    color = {"color": str(told["color"])} if told.get("color") in list(Color) else {}
    return {"flashRate": str(told["flashRate"]), **color}


def event(name: str, payload: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """An event of the class as StatusChangedEvent, any other as it is.

    AuxiliaryStatusEvent of earlier releases has the status' names with ``State`` behind most of them; the reference
    framework writes ``UPS`` small.
    """
    told = payload.get("auxiliaries")
    if name == "Auxiliaries.AuxiliaryStatusEvent":
        told = {part.removesuffix("State"): value for part, value in payload.items()}
    elif name != "Common.StatusChangedEvent" or not isinstance(told, Mapping):
        return name, payload
    renamed = {_RENAMED.get(part, part): value for part, value in told.items()}
    rest = payload if name == "Common.StatusChangedEvent" else {}
    return "Common.StatusChangedEvent", {**rest, "auxiliaries": renamed}


def power(auxiliaries: Mapping[str, Any]) -> dict[str, bool]:
    """The UPS of a status; the reference framework writes its name small."""
    told = _items(auxiliaries.get("UPS", auxiliaries.get("ups")))
    return {word: on for word, on in told if word in UPS_WORDS and isinstance(on, bool)}


# -- what is set -------------------------------------------------------------------------------------------


def checked(wires: Mapping[str, Any], values: Mapping[str, str | int]) -> None:
    """Raise ``InvalidData`` (``invalidAuxiliary``) for what the service has not, or what is not such a word."""
    for name, value in values.items():
        switch = name in wires.get("outputs", ()) and value in SWITCHES[name]
        volume = name == "volume" and bool(wires.get("volume")) and isinstance(value, int)
        audio = name == "audio" and bool(wires.get("audio")) and _audio(value) is not None
        if volume and not 1 <= int(value) <= FULL_VOLUME:
            raise InvalidData(f"a volume is 1 to {FULL_VOLUME}", "invalidAuxiliary")
        if not (switch or volume or audio):
            raise InvalidData(f"this cabinet has no {name} that can be '{value}'", "invalidAuxiliary")


def setting(values: Mapping[str, str | int]) -> dict[str, Any]:
    """The payload of SetAuxiliaries."""
    return {
        _SET_OF_STATUS.get(name, name): _audio(value) if name == "audio" else value
        for name, value in values.items()
    }


def as_told(values: Mapping[str, str | int]) -> dict[str, Any]:
    """What the status says once ``values`` are set."""
    return {name: _audio(value) if name == "audio" else value for name, value in values.items()}


def _audio(value: object) -> dict[str, str] | None:
    rate, _, signal = str(value).partition(" ")
    if rate == "off" and not signal:
        return {"rate": rate}
    return {"rate": rate, "signal": signal} if rate in AUDIO_RATES and signal in AUDIO_SIGNALS else None


def checked_lights(wires: Mapping[str, Any], lights: Mapping[str, Light]) -> None:
    """Raise ``InvalidData`` (``invalidLight``) for a light that is not there, or cannot shine so."""
    for name, light in lights.items():
        lamp = wires.get("lights", {}).get(name)
        if lamp is None:
            raise InvalidData(f"this cabinet has no light {name}", "invalidLight")
        if light.rate not in lamp["rates"] or (light.color is not None and light.color not in lamp["colors"]):
            raise InvalidData(f"the light {name} cannot shine so", "invalidLight")


def shining(wires: Mapping[str, Any], lights: Mapping[str, Light]) -> dict[str, Any]:
    """The payload of SetLight: a light shines alike at each of its places."""
    return {
        name: {place: lit(light) for place in wires["lights"][name]["places"]}
        for name, light in lights.items()
    }


def lit(light: Light) -> dict[str, str]:
    """One light as SetLight and the status have it."""
    color = {"color": light.color.value} if light.color is not None else {}
    return {"flashRate": light.rate.value, **color}


def registering(wires: Mapping[str, Any]) -> dict[str, str]:
    """The payload of Register: every change of all that the service has."""
    singles = [name for name in ("operatorSwitch", "vandalShield", "audio", "volume") if wires.get(name)]
    names = (*wires["doors"], *wires["sensors"], *wires["outputs"], *singles)
    return {_REGISTER_OF_STATUS.get(name, name): "register" for name in names}
