"""Ports that are chosen now and listened at later: nobody else is given them meanwhile."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator

import pytest

from config import loopback
from config.loopback import free_ports

ASK = "from config import loopback; loopback.PORTS = range({0}, {1}); print(loopback.free_ports(*'{2}'))"


@pytest.fixture(autouse=True)
def marks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None are held yet, and none are when the test has ended."""
    held: deque[int] = deque()
    monkeypatch.setattr(loopback, "_marks", held)
    yield
    for mark in held:
        os.close(mark)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> range:
    """Three ports that are free, outside of those that other tests choose from meanwhile."""
    outside = range(loopback.PORTS.stop, 32_700, 7)
    start = next(p for p in outside if not any(map(loopback.answers, range(p, p + 3))))
    monkeypatch.setattr(loopback, "PORTS", range(start, start + 3))
    return loopback.PORTS


def asked(few: range, names: str) -> subprocess.CompletedProcess[str]:
    """What another program is given of the few."""
    line = [sys.executable, "-c", ASK.format(few.start, few.stop, names)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def test_another_program_is_given_none_of_those_that_were_chosen_here(few: range) -> None:
    here = set(free_ports("a", "b").values())
    (left,) = set(few) - here
    assert asked(few, "c").stdout.strip() == str({"c": left})
    assert "is free" in asked(few, "cd").stderr


def test_what_another_program_chose_is_free_again_when_it_has_ended(few: range) -> None:
    assert asked(few, "abc").returncode == 0
    assert set(free_ports("a", "b", "c").values()) == set(few)


def test_a_port_at_which_somebody_listens_is_not_chosen(few: range) -> None:
    with socket.create_server(("127.0.0.1", few[1])):
        assert set(free_ports("a", "b").values()) == {few[0], few[2]}
        with pytest.raises(OSError, match="is free"):
            free_ports("c")


def test_a_program_that_chooses_for_ever_holds_no_more_than_the_last_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loopback, "_MARKS", 5)
    free_ports(*map(str, range(40)))
    open_files = len(os.listdir("/proc/self/fd"))
    free_ports(*map(str, range(40)))
    assert len(os.listdir("/proc/self/fd")) == open_files
