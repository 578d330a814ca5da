"""``kiosk devices list`` while the device program runs, does not run, and for services that others publish."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from config.settings import DevicesSettings, Role
from drivers import cli, cli_list, last_states
from drivers.app import DeviceProgram, serve
from drivers.last_states import LastState, LastStates
from drivers.services.classes import CLASSES
from tests.drivers.xfs.vendor import Vendor

DRIVERS = {
    "idReader": ("sam-v", {"port": "/dev/none-id"}),
    "receiptPrinter": ("escpos-serial", {"port": "/dev/none-receipts"}),
    "documentPrinter": ("ipp", {"uri": "ipp://127.0.0.1:9/ipp/print"}),
    "invoiceDispenser": ("invoice-dispenser-serial", {"port": "/dev/none-dispenser"}),
    "barcodeReader": ("barcode-serial", {"port": "/dev/none-barcodes"}),
    "faceCamera": ("camera-opencv", {"uri": "http://127.0.0.1:9/video.mjpg"}),
    "invoicePrinter": ("escp-serial", {"port": "/dev/none-invoices"}),
    "smartCardReader": ("smart-card-pcsc", {"socket": "/dev/none"}),
    "auxiliaries": ("board-modbus", {"port": "/dev/none-board", "profile": "hall-16"}),
    "ups": ("ups-nut", {"host": "127.0.0.1", "port": 9, "ups": "cabinet"}),
    "stampUnit": ("stamp-serial", {"port": "/dev/none-stamp"}),
    "watchdog": ("watchdog-linux", {}),
    "signaturePad": ("signature-pad-serial", {"port": "/dev/none-signature"}),
    "pinPad": ("pin-pad-serial", {"port": "/dev/none-pin"}),
    "paymentTerminal": ("payment-terminal-ecr", {"port": "/dev/none-cards"}),
    "documentScanner": ("scanner-sane", {"device": "none"}),
    "documentCamera": ("document-camera-opencv", {"uri": "http://127.0.0.1:9/video.mjpg"}),
    "mrzReader": ("mrz-serial", {"port": "/dev/none-mrz"}),
}


def settings_in(folder: Path, port: int, *roles: str, **more: Any) -> DevicesSettings:
    services = [
        {"name": role.capitalize(), "role": role, "driver": DRIVERS[role][0], "options": DRIVERS[role][1]}
        for role in roles
    ]
    made: dict[str, Any] = {"state_dir": folder, "port": port, "bindings_file": folder / "bindings.toml"}
    return DevicesSettings.model_validate({**made, "services": services, **more})


def test_the_class_of_each_role_is_the_one_that_its_service_says(tmp_path: Path) -> None:
    assert set(CLASSES) == set(DRIVERS) == set(get_args(Role))
    program = DeviceProgram(settings_in(tmp_path, 1, *DRIVERS))
    services = program._build().values()
    of_all = {"Common", "Supervision", "Care"}
    said = {
        service.identity.role: next(
            entry["name"] for entry in service.capabilities()["interfaces"] if entry["name"] not in of_all
        )
        for service in services
    }
    assert said == CLASSES


def test_without_the_program_each_is_named_with_class_state_and_age(
    tmp_path: Path, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path, unused_tcp_port, "idReader", "receiptPrinter")
    at = datetime.now(UTC) - timedelta(hours=3)
    kept = {"Idreader": {"device": "userError", "at": at.isoformat(), "due": ["cleaning"]}}
    (tmp_path / last_states.FILE).write_text(json.dumps(kept))
    reader, printer = cli_list.rows(settings)
    assert (reader["class"], reader["status"], reader["last"]) == ("CardReader", "notRunning", "userError")
    assert 3 * 3600 <= reader["age_s"] < 3 * 3600 + 60 and reader["last_due"] == ["cleaning"]
    assert reader["due"] == [], "what is due now nobody knows"
    assert (printer["class"], printer["status"], printer["age_s"]) == ("Printer", "notRunning", None)
    assert "3 h ago, was userError" in cli_list.line(reader)
    assert "was due: cleaning" in cli_list.line(reader)
    assert capsys.readouterr().err.count("systemctl start kiosk-devices") == 1


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"A": 1}', '{"A": {"device": "online"}}', '{"A": {"device": 1, "at": "x", "due": []}}'],
)
def test_a_torn_file_of_last_states_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / last_states.FILE).write_text(text)
    assert last_states.read(tmp_path / last_states.FILE) == {}
    assert last_states.read(tmp_path / "none") == {}


def test_a_clock_that_was_set_back_makes_no_state_of_tomorrow() -> None:
    now = datetime(2026, 10, 12, 9, tzinfo=UTC)
    assert LastState("online", (now + timedelta(hours=1)).isoformat()).age_s(now) == 0


async def test_the_program_leaves_the_last_states_behind(
    tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_states, "EVERY_S", 0.05)
    stop, file = asyncio.Event(), tmp_path / last_states.FILE
    running = asyncio.create_task(serve(settings_in(tmp_path, unused_tcp_port, "idReader"), stop))
    async with asyncio.timeout(20):
        while "Idreader" not in last_states.read(file):
            await asyncio.sleep(0.01)
        monkeypatch.setattr(last_states, "EVERY_S", 3600)
        stop.set()
        await running
    found = last_states.read(file)
    assert found["Idreader"].device == "noDevice" and found["Idreader"].due == ("cleaning",)


async def test_a_disk_without_room_costs_the_file_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    LastStates(tmp_path / "no" / last_states.FILE, {})._write({})
    assert "cannot be written: No such file" in caplog.text


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    made = Vendor()
    await made.start()
    yield made
    await made.stop()


async def test_a_service_of_others_that_the_screen_program_names_is_in_the_list(
    tmp_path: Path, unused_tcp_port: int, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps({"t" * 40: {"client": "operator", "roles": ["operator", "application"]}}))
    tokens.chmod(0o600)
    devices, screen = tmp_path / "devices.toml", tmp_path / "kiosk.toml"
    devices.write_text(
        f'state_dir = "{tmp_path}"\nport = {unused_tcp_port}\ntoken_file = "{tokens}"\n'
        '[[services]]\nname = "IdReader"\nrole = "idReader"\ndriver = "sam-v"\noptions = { port = "/dev/none" }\n'
    )
    theirs = vendor.uri("Barcode").rstrip("/")
    screen.write_text(
        f'state_dir = "{tmp_path}"\n[devices.roles]\nbarcodeReader = "{theirs}"\nidReader = "{theirs}"\n'
    )
    monkeypatch.setenv("KIOSK_DEVICES_CONFIG", str(devices))
    monkeypatch.setenv("KIOSK_CONFIG", str(screen))
    result = await asyncio.to_thread(lambda: CliRunner().invoke(cli.app, ["list", "--json"]))
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    ours, other = told["services"]
    assert (ours["role"], ours["status"]) == ("idReader", "notRunning")
    assert (other["role"], other["address"], other["class"]) == ("barcodeReader", theirs, "BarcodeReader")
    assert other["status"] == "online", "it does not need our program"
    assert told["screen"] == {"idReader": theirs}
    shown = await asyncio.to_thread(lambda: CliRunner().invoke(cli.app, ["list"]))
    assert f"the screen does not use this idReader, but {theirs} (kiosk.toml)" in shown.output


def test_a_wrong_file_of_the_screen_program_is_told_and_stops_nothing(
    tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = tmp_path / "devices.toml"
    devices.write_text(
        f'state_dir = "{tmp_path}"\nport = {unused_tcp_port}\n'
        '[[services]]\nname = "IdReader"\nrole = "idReader"\ndriver = "sam-v"\noptions = { port = "/dev/none" }\n'
    )
    monkeypatch.setenv("KIOSK_DEVICES_CONFIG", str(devices))
    monkeypatch.setenv("KIOSK_CONFIG", str(tmp_path / "none.toml"))
    shown = CliRunner().invoke(cli.app, ["list"])
    assert shown.exit_code == 0 and "notRunning" in shown.output
    assert shown.output.count("services of others that the screen program may name are not known") == 1
