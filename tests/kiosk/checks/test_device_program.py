"""The doctor asking the device program, with a hub that answers like the real one."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from config.settings import DevicesSettings, TerminalSettings, load_terminal
from kiosk.checks import device_program as checked
from kiosk.checks.finding import Level


@dataclass
class Status:
    device: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class FakeHub:
    """Each role's states, one a look; the last stays."""

    states: dict[str, list[str]] = field(default_factory=dict)
    token: str = ""
    closed: bool = False
    refuses: bool = False
    lacking: dict[str, str] = field(default_factory=dict)

    async def start(self) -> None:
        if self.refuses:
            raise ConnectionRefusedError

    async def close(self) -> None:
        self.closed = True

    def status(self, role: str) -> Status:
        queue = self.states.get(role, ["unknown"])
        details = {"connection": {"lacking": self.lacking[role]}} if role in self.lacking else {}
        return Status(queue.pop(0) if len(queue) > 1 else queue[0], details)

    def connect(self, publisher: str, token: str, roles: Mapping[str, str]) -> FakeHub:
        self.token = token
        return self


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[TerminalSettings]:
    """A terminal whose publisher's port is open, with a token."""
    (tmp_path / "tokens.json").write_text(
        json.dumps({"t0": {"client": "bench", "roles": []}, "t1": {"client": "kiosk-run", "roles": []}})
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        uri = f"ws://127.0.0.1:{server.getsockname()[1]}/xfs4iot/v1.0"
        yield load_terminal(None, {"KIOSK_STATE_DIR": str(tmp_path), "KIOSK_DEVICES__PUBLISHER": uri})


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "ANSWER_WITHIN_S", 0.3)
    monkeypatch.setattr(checked, "LOOK_EVERY_S", 0.01)


def test_each_device_it_has_is_told(settings: TerminalSettings) -> None:
    hub = FakeHub({"idReader": ["unknown", "starting", "online"], "receiptPrinter": ["hardwareError"]})
    levels = {f.check: f.level for f in checked.device_program(settings, hub.connect)}
    assert levels == {
        "device-program.idReader": Level.OK,
        "device-program.receiptPrinter": Level.FAULT,
    }
    assert (hub.token, hub.closed) == ("t1", True)


def test_a_service_that_cannot_play_the_role_it_is_named_for_is_told_with_what_it_lacks(
    settings: TerminalSettings,
) -> None:
    hub = FakeHub({"idReader": ["unknown"]}, lacking={"idReader": "ResidentIdReader"})
    (found,) = checked.device_program(settings, hub.connect)
    assert (found.check, found.level) == ("device-program.idReader", Level.FAULT)
    assert "has no ResidentIdReader" in found.what and "devices.toml" in str(found.fix)


@pytest.mark.parametrize("hub", [FakeHub(), FakeHub(refuses=True)])
def test_a_device_program_that_tells_nothing_is_a_fault(settings: TerminalSettings, hub: FakeHub) -> None:
    (found,) = checked.device_program(settings, hub.connect)
    assert found.level is Level.FAULT
    assert "tells nothing" in found.what


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"t": 1}', '{"t": {"client": "other"}}'])
def test_without_a_token_it_says_so(settings: TerminalSettings, text: str) -> None:
    settings.devices.token_file.write_text(text)
    (found,) = checked.device_program(settings, FakeHub().connect)
    assert found.level is Level.FAULT
    assert "has no token" in found.what


def test_a_device_program_that_does_not_run_is_a_note(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    uri = f"ws://127.0.0.1:{port}/xfs4iot/v1.0"
    env = {"KIOSK_STATE_DIR": str(tmp_path), "KIOSK_DEVICES__PUBLISHER": uri}
    (found,) = checked.device_program(load_terminal(None, env), FakeHub().connect)
    assert found.level is Level.NOTE


def test_a_service_that_the_bench_alone_knows_is_a_note(settings: TerminalSettings, tmp_path: Path) -> None:
    theirs, other = "ws://127.0.0.1:5999/xfs4iot/v1.0/Printer", "ws://127.0.0.1:5998/xfs4iot/v1.0/Printer"
    devices = DevicesSettings(token_file=tmp_path / "tokens.json", roles={"receiptPrinter": theirs})
    (unused,) = checked.bench_alone(settings, devices)
    assert unused.level is Level.NOTE and "does not use it" in unused.what and "kiosk.toml" in unused.fix

    def screen(uri: str) -> TerminalSettings:
        clients = settings.devices.model_copy(update={"roles": {"receiptPrinter": uri}})
        return settings.model_copy(update={"devices": clients})

    (differs,) = checked.bench_alone(screen(other), devices)
    assert f"uses {other}" in differs.what
    assert not list(checked.bench_alone(screen(theirs), devices))
