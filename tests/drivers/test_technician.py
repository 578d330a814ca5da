"""What the technician's commands print and write, apart from any device."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from config.settings import DevicesSettings, Role
from drivers import bench, bench_hands, cli, cli_list
from drivers.binding.identity import Identity, Kind, Port
from drivers.cli_bind import _named
from drivers.cli_common import with_hub
from drivers.cli_record import _new, _write
from drivers.client import DeviceHub, DispenserClient, RoleStatus, StampClient
from drivers.client.errors import DeviceClientError
from drivers.errors import DriverConfigError
from drivers.recording.lines import head_of


def test_a_status_line_tells_what_lies_in_an_inner_object() -> None:
    details = {
        "common": {"device": "online"},
        "printer": {"media": "notPresent", "paper": {"upper": "out"}},
        "upsMonitor": {"chargePercent": 37.0},
    }
    assert cli_list.brief(details) == "media=notPresent paper.upper=out chargePercent=37.0"


def test_the_list_shows_no_password() -> None:
    shown = cli_list.shown(
        {"host": "10.0.0.9", "password": "pw1", "uri": "rtsp://cam:pw2@10.0.0.8/1", "user": ""}
    )
    assert shown == {"host": "10.0.0.9", "password": "***", "uri": "rtsp://***@10.0.0.8/1", "user": ""}


def test_the_age_is_that_of_the_devices_own_word() -> None:
    facts = {"class": "Printer", "device": "online", "age_s": 0.1, "health": {"ageMs": 1853}}
    assert cli_list._state("receiptPrinter", facts)["age_s"] == 1.853
    facts["health"] = {"cause": "nobody answered"}
    assert cli_list._state("receiptPrinter", facts)["age_s"] == 0.1


HEAD = head_of("sam-v", "idReader", {}, datetime(2026, 10, 12, tzinfo=UTC))


def test_without_the_device_program_it_is_said_how_to_start_it(
    tmp_path: Path, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = SETTINGS.model_copy(update={"port": unused_tcp_port, "bindings_file": tmp_path / "b.toml"})

    async def act(_hub: DeviceHub) -> None:
        raise AssertionError("not reached")

    with pytest.raises(ConnectionError, match="systemctl start kiosk-devices"):
        with_hub(settings, act)
    (row,) = cli_list.rows(settings)
    assert row["status"] == "notRunning" and row["age_s"] is None
    assert "systemctl start kiosk-devices" in capsys.readouterr().err


def test_a_recording_is_never_written_over_another(tmp_path: Path) -> None:
    kept = tmp_path / "jam.jsonl"
    kept.write_text("the fault of last week\n")
    with pytest.raises(DriverConfigError, match="there already; give another name"), _new(kept, HEAD):
        raise AssertionError("not reached")
    assert kept.read_text() == "the fault of last week\n"
    with pytest.raises(DriverConfigError, match="cannot be written"), _new(tmp_path / "no" / "x.jsonl", HEAD):
        raise AssertionError("not reached")


def test_a_recording_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError), _new(tmp_path / "a.jsonl", HEAD):
        raise OSError("no device program")
    with _new(tmp_path / "b.jsonl", HEAD) as file:
        file.put("a line")
    assert [path.name for path in tmp_path.iterdir()] == ["b.jsonl"]


SETTINGS = DevicesSettings.model_validate(
    {
        "services": [
            {"name": "Reader", "role": "idReader", "driver": "sam-v", "options": {"port": "kiosk/idReader"}}
        ]
    }
)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("idReader", "write ROLE=NODE"),
        ("printer=/dev/ttyUSB0", "no service 'printer' is configured; there are idReader"),
        ("idReader=/dev/ttyUSB7", "no port '/dev/ttyUSB7'; there is /dev/ttyUSB0"),
    ],
)
def test_a_wrong_binding_by_hand_is_refused_with_what_there_is(word: str, told: str) -> None:
    there = [Port("/dev/ttyUSB0", Identity(Kind.SERIAL, "1-1.1"))]
    with pytest.raises(DriverConfigError, match=told):
        _named([word], there, SETTINGS)


def test_a_service_may_be_bound_by_its_name() -> None:
    port = Port("/dev/ttyUSB0", Identity(Kind.SERIAL, "1-1.1"))
    assert _named(["reader=/dev/ttyUSB0"], [port], SETTINGS) == {"idReader": "/dev/ttyUSB0"}


@pytest.mark.parametrize(
    ("role", "paper", "tried"),
    [
        ("receiptPrinter", False, False),
        ("receiptPrinter", True, True),
        ("mrzReader", True, False),
        ("ups", False, True),
    ],
)
def test_a_run_that_asks_the_device_nothing_is_known(role: str, paper: bool, tried: bool) -> None:
    hub = DeviceHub("ws://127.0.0.1:1/", "token")
    assert bench.can_try(hub, role, paper=paper, hand=False) == tried


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("paper", [True, False])
def test_who_has_to_do_something_is_told_what_and_nobody_else_is(role: str, paper: bool) -> None:
    hub = DeviceHub("ws://127.0.0.1:1/", "token")
    names = [{name for name, _ in bench._trials(hub, role, paper=paper, hand=hand)} for hand in (True, False)]
    waits_for_a_hand = names[0] != names[1]
    assert bool(bench_hands.hint(role, 20.0, paper=paper)) == waits_for_a_hand


async def test_a_test_stamp_that_was_not_made_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    async def jammed(client: object, key: str) -> dict[str, object]:
        return {"outcome": "uncertain", "errorCode": "mediaJammed"}

    monkeypatch.setattr(StampClient, "stamp", jammed)
    hub = DeviceHub("ws://127.0.0.1:1/", "token")
    ((_, stamp),) = bench._trials(hub, "stampUnit", paper=True, hand=True)
    with pytest.raises(bench.TrialError, match="uncertain") as caught:
        await stamp()
    assert caught.value.code == "mediaJammed"


class NoPaperNoHand:
    """The device program, with a device that is connected and that nobody touches."""

    def __init__(self, device: str) -> None:
        self.device = device

    def __call__(
        self, _settings: object, act: Callable[[DeviceHub], Awaitable[object]], role: str = ""
    ) -> object:
        hub = DeviceHub("ws://127.0.0.1:1/", "token")
        hub.status = lambda role: RoleStatus(self.device, {}, 0.0)  # type: ignore[method-assign]
        return asyncio.run(act(hub))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "flags", "why"),
    [
        ("stampUnit", ["--no-hand"], "leave out --no-hand"),
        ("stampUnit", ["--no-hand", "--no-paper"], "leave out --no-hand and --no-paper"),
        ("receiptPrinter", ["--no-paper"], "leave out --no-paper"),
        ("watchdog", [], "watchdog has no trial"),
    ],
)
def test_a_device_of_which_nothing_was_tried_is_not_told_to_be_well(
    role: str, flags: list[str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "settings_of", lambda _config: SETTINGS)
    monkeypatch.setattr(cli, "role_of", lambda _settings, word: word)
    monkeypatch.setattr(cli, "with_hub", NoPaperNoHand("online"))
    told = CliRunner().invoke(cli.app, ["test", role, *flags])
    assert told.exit_code == cli.EX_UNTRIED
    assert f"nothing tried: {why}" in told.output
    assert "ok  " not in told.output


@pytest.mark.parametrize("command", ["reset", "reconnect"])
@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("online", 0, ""),
        ("noDevice", 1, "plug its cable in"),
        ("unknown", 1, "systemctl status kiosk-devices"),
    ],
)
def test_a_device_that_is_not_well_after_it_was_looked_after_is_told_with_what_to_do(
    command: str, state: str, code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "settings_of", lambda _config: SETTINGS)
    monkeypatch.setattr(cli, "with_hub", lambda _settings, _act, role: state)
    told = CliRunner().invoke(cli.app, [command, "idReader"])
    assert told.exit_code == code
    assert f"and is {state}" in told.output and words in told.output


@pytest.mark.parametrize(("state", "said"), [("online", ""), ("offline", "the dispenser is offline")])
def test_whose_word_the_stock_is_is_said_while_the_dispenser_is_away(
    state: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ranges(_client: DispenserClient) -> dict[str, dict[str, object]]:
        return {"unit1": {"count": 7, "status": "ok"}}

    monkeypatch.setattr(cli, "settings_of", lambda _config: SETTINGS)
    monkeypatch.setattr(cli, "with_hub", NoPaperNoHand(state))
    monkeypatch.setattr(DispenserClient, "ranges", ranges)
    monkeypatch.setattr(bench.connected, "__defaults__", (0.0,))
    told = CliRunner().invoke(cli.app, ["stock"])
    assert told.exit_code == 0 and "unit1" in told.stdout and "    7 ok" in told.stdout
    assert (said in told.stderr) and bool(told.stderr) is bool(said)


async def test_who_records_what_is_not_connected_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def ready(hub: object, role: str, wait_s: float) -> str:
        return "noDevice"

    monkeypatch.setattr(bench, "ready", ready)
    hub = DeviceHub("ws://127.0.0.1:1/", "token")
    with _new(tmp_path / "a.jsonl", HEAD) as file, pytest.raises(DeviceClientError):
        await _write(hub, "idReader", file, 1.0, False)
    assert "idReader is noDevice: its port is not there: plug its cable in" in capsys.readouterr().err
