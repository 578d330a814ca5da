"""``kiosk screen`` as systemd would start it: whose words arrive, how it stops, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

UCRED = struct.Struct("iII")
SCREEN = """
import os, signal, sys, time
from config import notify
signal.signal(signal.SIGTERM, lambda *_: (notify.stopping(), sys.exit(7)))
open(sys.argv[1], "w").write(str(os.getpid()))
notify.ready()
while True:
    time.sleep(0.05)
    notify.watchdog()
"""
"""Stands where the screen program stands, under a shell in the compositor's place."""


class Manager:
    """systemd's end: hears who told it what."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(20.0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind(str(path))

    def hear(self) -> tuple[int, str]:
        message, extra, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(UCRED.size))
        (pid, _, _) = UCRED.unpack(extra[0][2])
        return pid, message.decode()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    found = Manager(tmp_path / "systemd")
    yield found
    found.socket.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    (tmp_path / "run").mkdir()
    env = {
        **os.environ,
        "NOTIFY_SOCKET": str(tmp_path / "systemd"),
        "RUNTIME_DIRECTORY": str(tmp_path / "run"),
    }
    started: list[subprocess.Popen[bytes]] = []

    def run(*words: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "kiosk.cli", "screen", *words], env=env))
        return started[-1]

    yield run
    for one in started:
        one.kill()
        one.wait()


def under_a_compositor(pid: Path) -> tuple[str, ...]:
    """It starts the screen program, passes a signal on to it and ends with its status."""
    script = 'trap "kill -TERM $child" TERM; "$@" & child=$!; trap "kill -TERM $child" TERM; wait $child; wait $child'
    return ("sh", "-c", script, "cage", sys.executable, "-c", SCREEN, str(pid))


def gone(pid: int) -> bool:
    """Nobody has it, or it waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_what_the_screen_tells_is_told_by_the_main_process_until_both_end(
    manager: Manager, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    main = start(*under_a_compositor(tmp_path / "pid"))
    assert manager.hear() == (main.pid, "READY=1")
    assert manager.hear() == (main.pid, "WATCHDOG=1")
    main.send_signal(signal.SIGTERM)
    heard = [manager.hear()]
    while heard[-1][1] == "WATCHDOG=1":
        heard.append(manager.hear())
    assert heard[-1] == (main.pid, "STOPPING=1")
    assert main.wait(20) == 7
    assert list((tmp_path / "run").iterdir()) == []


def test_nothing_of_it_stays_when_the_main_process_is_killed(
    manager: Manager, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """As by the watchdog: the compositor goes at once, so that the next one gets the screen."""
    pid = tmp_path / "pid"
    main = start(sys.executable, "-c", SCREEN, str(pid))
    assert manager.hear()[1] == "READY=1"
    main.kill()
    main.wait(20)
    deadline = time.monotonic() + 20
    while not gone(int(pid.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_how_it_ended_is_told_by_the_status(start: Callable[..., subprocess.Popen[bytes]]) -> None:
    assert start("sh", "-c", "exit 3").wait(20) == 3
    assert start("sh", "-c", "kill -9 $$").wait(20) == 128 + 9
    assert start("/nothing/here").wait(20) == 127
    assert start().wait(20) == 2
