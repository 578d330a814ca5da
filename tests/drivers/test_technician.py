"""What the technician's commands print and write, apart from any device."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import DevicesSettings
from drivers import bench, cli_list
from drivers.binding.identity import Identity, Kind, Port
from drivers.binding.proposing import Candidate
from drivers.cli_bind import _given
from drivers.cli_common import with_hub
from drivers.cli_record import _new
from drivers.client import DeviceHub
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
    assert cli_list._state(facts)["age_s"] == 1.853
    facts["health"] = {"cause": "nobody answered"}
    assert cli_list._state(facts)["age_s"] == 0.1


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
    assert row["status"] == "unknown" and row["age_s"] is None
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
        file.write("a line\n")
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
    there = [Candidate(Port("/dev/ttyUSB0", Identity(Kind.SERIAL, "1-1.1")))]
    with pytest.raises(DriverConfigError, match=told):
        _given([word], there, SETTINGS)


def test_a_service_may_be_bound_by_its_name() -> None:
    port = Port("/dev/ttyUSB0", Identity(Kind.SERIAL, "1-1.1"))
    assert list(_given(["reader=/dev/ttyUSB0"], [Candidate(port)], SETTINGS)) == ["idReader"]


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
