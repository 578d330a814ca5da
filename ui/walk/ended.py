"""A walk that is ended from outside takes its programs along: nothing of it keeps running, nor holds a port."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C is not among them: it comes as ``KeyboardInterrupt``, and to the programs as well."""
END_WITHIN_S = 10.0


@contextmanager
def taking_programs_along() -> Iterator[None]:
    """While this is open, a signal to end goes to every program that was started, and ends this process after them.

    It raises nothing, since an exception from a handler ends wherever Qt happens to call Python, and a pool of
    threads would wait for every visit that is still to come. For the main thread.
    """
    before = {number: signal.signal(number, lambda number, _frame: _end(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int) -> None:
    """Leave with the status that shells expect; whoever does not end when told to is killed.

    Asked again until nobody is left: a thread may have been about to start another.
    """
    until = time.monotonic() + END_WITHIN_S
    while programs := _programs():
        for pid in programs:
            _signal(pid, signal.SIGTERM if time.monotonic() < until else signal.SIGKILL)
        time.sleep(0.05)
    os._exit(128 + number)


def _programs() -> list[int]:
    """The children of this process; those that have ended are collected."""
    return [
        pid
        for pid in map(int, filter(str.isdigit, os.listdir("/proc")))
        if _is_child(pid) and not _ended(pid)
    ]


def _is_child(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # it ended meanwhile
        return False
    return int(status.rpartition(")")[2].split()[1]) == os.getpid()


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) != (0, 0)
    except ChildProcessError:  # collected by the thread that started it
        return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
