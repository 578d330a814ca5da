"""A walk that is told to end leaves no program behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WITHIN_S = 60.0


def running(folder: Path) -> list[int]:
    """Processes that were given something below this folder, by their arguments or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:  # another's, or it ended meanwhile
            continue
        if str(folder).encode() in told:
            found.append(int(process.name))
    return found


def wait_for(folder: Path, count: int) -> None:
    """Until so many programs run there; a walk that comes to less has ended by itself."""
    until = time.monotonic() + WITHIN_S
    while len(running(folder)) < count:
        assert time.monotonic() < until, f"only {running(folder)} came up"
        time.sleep(0.1)


@pytest.mark.parametrize("services", [["pay.due"], ["pay.due", "certificate.iit-record"]])
def test_nothing_of_it_keeps_running(services: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with (tmp_path / "log").open("w") as log:
        walk = subprocess.Popen(
            [sys.executable, "-m", "kiosk.cli", "walk", *services, "--out", str(out)],
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(out, 4)
        walk.send_signal(signal.SIGTERM)
        assert walk.wait(WITHIN_S) == 128 + signal.SIGTERM
        until = time.monotonic() + WITHIN_S
        while left := running(out):
            assert time.monotonic() < until, f"{left} keep running"
            time.sleep(0.1)
    finally:
        walk.kill()
