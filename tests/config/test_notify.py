"""``sd_notify`` against a real datagram socket, as systemd would hold it."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import notify


class Manager:
    """The receiving end."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(2.0)
        self.socket.bind(address)

    def hear(self) -> list[str]:
        return self.socket.recv(4096).decode().split("\n")


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    path = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    found = Manager(path)
    yield found
    found.socket.close()


def test_systemd_hears_each_message(manager: Manager) -> None:
    assert notify.ready("16 services")
    assert manager.hear() == ["READY=1", "STATUS=16 services"]
    assert notify.watchdog()
    assert manager.hear() == ["WATCHDOG=1"]
    assert notify.status("waiting\nfor the\r\ncentre")
    assert manager.hear() == ["STATUS=waiting for the centre"]
    assert notify.stopping()
    assert manager.hear() == ["STOPPING=1"]
    assert notify.extend(2.5)
    assert manager.hear() == ["EXTEND_TIMEOUT_USEC=2500000"]
    assert notify.trouble("the executor died")
    assert manager.hear() == ["WATCHDOG=trigger", "STATUS=the executor died"]


def test_an_abstract_socket_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"kiosk-test-{os.getpid()}"
    found = Manager("\0" + name)
    monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
    try:
        assert notify.ready()
        assert found.hear() == ["READY=1"]
    finally:
        found.socket.close()


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify.ready()
    assert not notify.watchdog()


def test_a_socket_that_has_gone_is_logged_once_and_once_again_after_it_was_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "gone"
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    with caplog.at_level(logging.WARNING, "kiosk.notify"):
        assert not notify.watchdog()
        assert not notify.watchdog()
        assert len(caplog.records) == 1
        found = Manager(str(path))
        assert notify.watchdog()
        found.socket.close()
        path.unlink()
        assert not notify.watchdog()
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    ("env", "interval"),
    [
        ({"WATCHDOG_USEC": "20000000"}, 10.0),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}, 10.0),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_at_half_its_time(env: dict[str, str], interval: float | None) -> None:
    assert notify.watchdog_interval_s(env) == interval
