"""Whatever waits is caught in the Qt thread, and in no other."""

from __future__ import annotations

import asyncio
import queue
import select
import selectors
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from ui.waits import WaitedError, Waits


def _socket_pair() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")


def _receive() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.recv(1)


def _select() -> None:
    with selectors.EpollSelector() as selector:
        selector.select(0)


ENDED = subprocess.Popen(["true"])
ENDED.wait()

WAITING: dict[str, Callable[[], object]] = {
    "Condition.wait": lambda: threading.Event().wait(0.01),
    "Condition.wait by a queue": lambda: queue.Queue[int]().get(timeout=0.01),
    "Condition.wait by a future": lambda: Future[int]().result(0.01),
    "socket.send": _socket_pair,
    "socket.recv": _receive,
    "Popen.wait": lambda: ENDED.wait(),
    "select.select": lambda: select.select([], [], [], 0),
    "EpollSelector.select": lambda: _select(),
    "time.sleep": lambda: time.sleep(0),
}


def _join() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


WAITING["Thread.join"] = _join


@pytest.mark.parametrize("way", WAITING)
def test_whatever_waits_is_refused_in_the_watched_thread(way: str) -> None:
    waits = Waits(strict=True)
    with waits.armed(), pytest.raises(WaitedError):
        WAITING[way]()


def test_other_threads_may_wait_and_so_may_what_is_allowed() -> None:
    waits = Waits(strict=True)
    ended: Future[str] = Future()

    def work() -> None:
        try:
            for act in (WAITING["time.sleep"], WAITING["socket.send"], _join):
                act()
            ended.set_result("well")
        except BaseException as error:
            ended.set_exception(error)

    with waits.armed():
        with waits.allowed():
            thread = threading.Thread(target=work)
            thread.start()
            assert ended.result(5) == "well"
            thread.join()
    assert waits.count == 0


def test_waking_the_cores_loop_is_no_wait() -> None:
    """``Session.send`` hands an intent over by it."""
    loop = asyncio.new_event_loop()
    with Waits(strict=True).armed():
        loop.call_soon_threadsafe(lambda: None)
    loop.close()


def test_in_production_it_is_counted_by_its_place_told_once_and_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waits = Waits()
    with waits.armed():
        for _ in range(3):
            time.sleep(0)
    assert waits.count == 3
    assert len(waits.places) == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_afterwards_everything_is_as_before() -> None:
    before = (threading.Condition.wait, socket.socket.recv, time.sleep, "recv" in vars(socket.socket))
    with Waits().armed():
        assert time.sleep is not before[2]
    assert before == (threading.Condition.wait, socket.socket.recv, time.sleep, "recv" in vars(socket.socket))
