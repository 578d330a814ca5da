"""What the watching leaves for the sync program."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.client.care import read_care
from drivers.client.errors import DeviceUnavailable
from drivers.client.hub import RoleStatus
from kiosk import watch
from kiosk.availability import device_word
from kiosk.care import due_now
from kiosk.flow.state import World
from kiosk.watch import ROLES, Watch
from sync.health import HEALTH_FILE, read_due, read_health, read_readings, read_supplies
from tests.shipped import CATALOGUE


class Hub:
    def __init__(self) -> None:
        self.now: dict[str, RoleStatus] = {}

    def roles(self) -> list[str]:
        return sorted(self.now)

    def status(self, role: str) -> RoleStatus:
        return self.now.get(role, RoleStatus())

    def on_change(self, callback: Callable[..., None]) -> None:
        pass


class Quiet:
    async def units(self) -> list[dict[str, Any]]:
        return []

    async def unsettled_collection(self) -> bool:
        return False


MAX_AGE_S = 72 * 3600.0


def watching(hub: Hub, folder: Path, tell: Callable[[World], None] = lambda _: None) -> Watch:
    quiet: Any = Quiet()
    return Watch(CATALOGUE, hub, quiet, quiet, quiet, folder, MAX_AGE_S, tell)  # type: ignore[arg-type]


async def test_each_look_leaves_the_state_of_every_device_for_the_heartbeat(tmp_path: Path) -> None:
    hub = Hub()
    looking = watching(hub, tmp_path)
    await looking.look()
    assert read_health(tmp_path, time.monotonic()) == dict.fromkeys(ROLES, "unknown")
    hub.now = {
        "idReader": RoleStatus("online", {}, 0.0),
        "documentPrinter": RoleStatus("online", {"printer": {"paper": {"upper": "out"}}}, 0.0),
        "barcodeReader": RoleStatus("noDevice", {}, 0.0),
    }
    await looking.look()
    told = read_health(tmp_path, time.monotonic())
    assert (told["idReader"], told["documentPrinter"], told["barcodeReader"]) == (
        "online",
        "paperOut",
        "noDevice",
    )


async def test_states_that_do_not_change_are_renewed_before_they_are_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = watching(Hub(), tmp_path)
    await looking.look()
    (tmp_path / HEALTH_FILE).unlink()
    await looking.look()
    assert not (tmp_path / HEALTH_FILE).exists(), "not at every look"
    monkeypatch.setattr(watch, "HEALTH_EVERY_S", 0.0)
    await looking.look()
    assert (tmp_path / HEALTH_FILE).exists()


async def test_a_place_that_cannot_be_written_does_not_end_the_watching(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / HEALTH_FILE / "in the way").mkdir(parents=True)
    hub = Hub()
    looking = watching(hub, tmp_path)
    await looking.look()
    hub.now = {"idReader": RoleStatus("online", {}, 0.0)}
    await looking.look()
    assert caplog.text.count("cannot be left for sync") == 1


@pytest.mark.parametrize(
    ("device", "paper", "word"),
    [
        ("online", {}, "online"),
        ("online", {"upper": "low", "lower": "jammed"}, "paperJammed"),
        ("online", {"upper": "low"}, "paperLow"),
        ("offline", {"upper": "out"}, "offline"),
    ],
)
def test_a_device_is_told_in_one_word(device: str, paper: dict[str, str], word: str) -> None:
    assert device_word("documentPrinter", device, {"printer": {"paper": paper}}) == word


@pytest.mark.parametrize(
    ("role", "details", "word"),
    [
        ("idReader", {"cardReader": {"media": "jammed"}}, "mediaJam"),
        ("documentScanner", {"documentScanner": {"mediaFeeder": "inoperative"}}, "feederInop"),
        ("receiptPrinter", {"paperJob": {"fault": "cutterError"}}, "cutterError"),
        ("documentPrinter", {"printer": {"toner": "out", "paper": {"upper": "low"}}}, "tonerOut"),
        ("documentPrinter", {"printer": {"toner": "out", "paper": {"upper": "out"}}}, "paperOut"),
        ("paymentTerminal", {"paymentTerminal": {"batch": "closed"}}, "batchClosed"),
        ("idReader", {"cardReader": {"media": "present"}}, "online"),
    ],
)
async def test_a_service_that_calls_itself_well_reads_at_the_centre_as_its_role_is(
    tmp_path: Path, role: str, details: dict[str, Any], word: str
) -> None:
    """Another vendor's service may be online and tell in one fact why it serves nobody."""
    hub, worlds = Hub(), list[World]()
    hub.now = {role: RoleStatus("online", details, 0.0)}
    await watching(hub, tmp_path, worlds.append).look()
    assert read_health(tmp_path, time.monotonic())[role] == word
    assert worlds[-1].devices[role] is (word == "online")


async def test_a_card_that_was_taken_away_is_told(tmp_path: Path) -> None:
    hub, worlds = Hub(), list[World]()
    looking = watching(hub, tmp_path, worlds.append)
    for media in ("present", "notPresent", "unknown"):
        hub.now = {"idReader": RoleStatus("online", {"cardReader": {"media": media}}, 0.0)}
        await looking.look()
    assert [world.card for world in worlds] == [True, False, None]


@pytest.mark.parametrize(("hours", "reason"), [(71.9, ""), (72.1, "overdue")])
async def test_returns_are_received_offline_only_while_what_waits_is_not_too_old(
    tmp_path: Path, hours: float, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.watch.told", lambda _: {"oldest_s": hours * 3600})
    hub, worlds = Hub(), list[World]()
    looking = watching(hub, tmp_path, worlds.append)
    hub.now = {"idReader": RoleStatus("online", {}, 0.0)}
    await looking._look_at_queue()
    await looking.look()
    assert worlds[-1].services["declare.vat-small"].reason == reason


class Cared(Hub):
    """Services that something is counted for, by what they tell of it."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__()
        self.told = told
        self.now = {"invoiceDispenser": RoleStatus("online", {}, 0.0)}

    def roles(self) -> list[str]:
        return ["idReader", "paymentTerminal", "receiptPrinter"]

    async def request(self, role: str, name: str, *_: object) -> Any:
        assert name == "Care.GetCare"
        if role not in self.told:
            raise DeviceUnavailable(role, "nobody plays it")
        return self.told[role]


def counted(name: str, used: int, *, due: bool = False, **limit: int) -> dict[str, Any]:
    return {
        "name": name,
        "zh": "x",
        "en": "x",
        "counter": "mm",
        "used": used,
        "share": 0.5,
        "due": due,
        **limit,
    }


async def test_what_is_due_goes_with_the_health_and_is_believed_until_a_service_says_otherwise(
    tmp_path: Path,
) -> None:
    cleaning = counted("cleaning", 5, every=9, due=True)
    hub = Cared({"receiptPrinter": {"parts": [], "plan": [cleaning]}, "idReader": {"parts": [], "plan": []}})
    looking = watching(hub, tmp_path)
    await looking.look_at_care()
    await looking.look()
    assert read_due(tmp_path) == {"receiptPrinter": ["cleaning"]}
    del hub.told["receiptPrinter"]
    before = {"receiptPrinter": ["cleaning"]}
    assert due_now(await read_care(hub, hub.roles()), before) == before  # type: ignore[arg-type]
    hub.told["receiptPrinter"] = {"parts": [], "plan": []}
    assert due_now(await read_care(hub, hub.roles()), before) == {}  # type: ignore[arg-type]


async def test_what_is_left_of_paper_parts_and_blanks_goes_with_the_health(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        "parts": [counted("cutter", 1200, life=1000)],
        "supplies": [counted("paper", 70, full=100), counted("ribbon", 101, full=100)],
        "plan": [counted("cleaning", 5, every=9)],
    }
    stock = {"unit": "unit1", "code": "099002600104", "next_number": "7", "last_number": "9", "count": 3}

    async def units(_: object) -> list[dict[str, Any]]:
        return [stock]

    monkeypatch.setattr(Quiet, "units", units)
    looking = watching(Cared({"receiptPrinter": told}), tmp_path)
    await looking.look_at_care()
    await looking.look()
    assert [(one.role, one.name, one.left, one.full, one.code) for one in read_supplies(tmp_path)] == [
        ("invoiceDispenser", "unit1", 3, None, "099002600104"),
        ("receiptPrinter", "cutter", 0, 1000, ""),
        ("receiptPrinter", "paper", 30, 100, ""),
        ("receiptPrinter", "ribbon", None, 100, ""),  # more was used than it holds: somebody filled it unseen
    ]


async def test_a_battery_that_is_low_closes_the_terminal_over_every_other_reason(tmp_path: Path) -> None:
    told: list[World] = []
    looking = watching(Hub(), tmp_path, told.append)
    looking.close_for("paused")
    looking.power("battery")
    await looking.look()
    assert (told[-1].power, told[-1].out_of_service) == ("battery", "paused")
    looking.power("low")
    await looking.look()
    assert (told[-1].power, told[-1].out_of_service) == ("low", "power")
    looking.power("")
    await looking.look()
    assert (told[-1].power, told[-1].out_of_service) == ("", "paused")


async def test_doors_and_battery_are_left_for_the_heartbeat_as_soon_as_they_change(tmp_path: Path) -> None:
    hub = Hub()
    looking = watching(hub, tmp_path)
    for value in ("closed", "open"):
        hub.now = {"auxiliaries": RoleStatus("online", {"auxiliaries": {"cabinetDoor": value}}, 0.5)}
        await looking.look()
        told = read_readings(tmp_path, time.monotonic())["cabinetDoor"]
        assert (told.value, told.source) == (value, "auxiliaries")
        assert told.age_s is not None and told.age_s >= 0.5


async def test_an_open_door_closes_what_has_moving_parts(tmp_path: Path) -> None:
    told: list[World] = []
    hub = Hub()
    well = RoleStatus("online", {}, 0.5)
    hub.now = dict.fromkeys(("invoiceDispenser", "stampUnit", "receiptPrinter"), well)
    looking = watching(hub, tmp_path, told.append)
    for motion, runs in (("allowed", True), ("blocked", False), ("allowed", True)):
        hub.now["auxiliaries"] = RoleStatus("online", {"cabinetBoard": {"motion": motion}}, 0.5)
        await looking.look()
        roles = told[-1].devices
        assert (roles["invoiceDispenser"], roles["receiptPrinter"]) == (runs, True)
