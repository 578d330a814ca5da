"""Whatever another vendor's service says of its board: words of the standard come out, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.cabinet_ports import SHIELD_WORDS, FlashRate
from drivers.devices import xfs4iot_board_words as words
from drivers.services.board_words import capabilities
from drivers.services.status import checked
from drivers.xfs.messages.auxiliaries import AuxiliariesStatus
from drivers.xfs.messages.lights import LightMap

NAMES = st.sampled_from(
    [
        "cabinetFrontDoor",
        "frontCabinet",
        "audio",
        "rate",
        "signal",
        "UPS",
        "ups",
        "lights",
        "scanner",
        "volume",
    ]
    + ["default", "flashRate", "color", "low", "engaged", "vandalShield", "heating", "tamperSensorState"]
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from(["open", "on", "slow", "red", "warning", "x"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner),
    max_leaves=20,
)
OBJECTS = st.dictionaries(NAMES, JSON)


@given(OBJECTS)
@example({"volume": True})
def test_a_status_is_read_as_far_as_our_interface_knows_it(told: dict[str, Any]) -> None:
    found = words.seen(told)
    assert checked(AuxiliariesStatus, found).keys() == found.keys()
    lights = words.seen_lights(told, ["scanner", "lights"])
    assert checked(LightMap, lights).keys() == lights.keys()
    assert all(isinstance(on, bool) for on in words.power(told).values())


@given(OBJECTS, OBJECTS, st.booleans())
def test_capabilities_become_a_wiring_that_our_service_can_tell(
    auxiliaries: dict[str, Any], lights: dict[str, Any], startup: bool
) -> None:
    found = words.wiring(auxiliaries, lights, startup)
    told: Any = capabilities(found)
    assert told["lights"]["lights"].keys() == found["lights"].keys()
    assert set(found["vandalShield"]) <= set(SHIELD_WORDS)
    assert all(set(lamp["rates"]) <= set(FlashRate) for lamp in found["lights"].values())


@given(
    st.sampled_from(["Auxiliaries.AuxiliaryStatusEvent", "Common.StatusChangedEvent", "Other.Event"]), OBJECTS
)
def test_an_event_stays_an_event(name: str, payload: dict[str, Any]) -> None:
    called, told = words.event(name, payload)
    assert isinstance(told, dict)
    assert called == ("Common.StatusChangedEvent" if name != "Other.Event" else name)


def test_the_older_event_s_names_are_those_of_the_status() -> None:
    payload = {"tamperSensor": "on", "cabinetFrontDoorState": "open", "upsState": {"low": True}}
    assert words.event("Auxiliaries.AuxiliaryStatusEvent", payload)[1] == {
        "auxiliaries": {"tamperSensor": "on", "cabinetFrontDoor": "open", "UPS": {"low": True}}
    }
    small = {"common": {"device": "online"}, "auxiliaries": {"ups": {"engaged": True}}}
    _, told = words.event("Common.StatusChangedEvent", small)
    assert told == {"common": {"device": "online"}, "auxiliaries": {"UPS": {"engaged": True}}}


@pytest.mark.parametrize(
    ("wanted", "doors"),
    [("all", ["cabinetDoor", "safeDoor"]), ("none", []), ("safeDoor cabinetFrontDoor", ["safeDoor"])],
)
def test_the_interlock_names_doors_that_are_there(wanted: str, doors: list[str]) -> None:
    assert words.interlock(words.checked_interlock(wanted), ["cabinetDoor", "safeDoor"]) == doors
