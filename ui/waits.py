"""Watches that nothing waits on the Qt thread: a call there that waits for a device or a program freezes the picture.

Whatever Python code waits for passes through one of a few functions of the standard library: locks of events, queues
and futures, threads, sockets, pipes, processes, sleep. While armed, each of them looks which thread it is called
in. In the Qt thread the call is counted and its place told in the log, once; in tests it is refused.
"""

from __future__ import annotations

import functools
import logging
import select
import selectors
import socket
import subprocess
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

log = logging.getLogger("kiosk.ui.waits")

_WAYS: Final[tuple[tuple[Any, str], ...]] = (
    (threading.Condition, "wait"),  # Event.wait, Queue.get and Future.result end here
    (threading.Thread, "join"),
    *(
        (socket.socket, name)
        for name in ("connect", "accept", "recv", "recv_into", "recvfrom", "send", "sendall")
    ),
    (subprocess.Popen, "wait"),
    (subprocess.Popen, "communicate"),
    (select, "select"),
    (selectors.PollSelector, "select"),
    (selectors.EpollSelector, "select"),
    (time, "sleep"),
)


def _may_wait(args: tuple[Any, ...]) -> bool:
    """A socket that does not block never waits: asyncio wakes its loop by one."""
    return not (args and isinstance(args[0], socket.socket) and args[0].gettimeout() == 0)


class WaitedError(AssertionError):
    """Code in the Qt thread called something that waits."""


class Waits:
    """Counts waiting calls in the thread that armed it. One is armed at a time; ``strict`` refuses instead."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._thread = 0
        self._allowed = 0
        self._places: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many calls waited since it was armed."""
        return self._places.total()

    @property
    def places(self) -> dict[str, int]:
        """How often, by the place in our code that called."""
        return dict(self._places)

    @contextmanager
    def armed(self) -> Iterator[Waits]:
        """Watch the calling thread until the end of the block."""
        self._thread = threading.get_ident()
        put_back = [self._put(owner, name) for owner, name in _WAYS]
        try:
            yield self
        finally:
            self._thread = 0
            for act in put_back:
                act()

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """What is called inside the block may wait: it is no device and no program of ours."""
        self._allowed += 1
        try:
            yield
        finally:
            self._allowed -= 1

    def _put(self, owner: Any, name: str) -> Callable[[], None]:
        """Put our look in front of one function; what is given takes it away again."""
        own = vars(owner).get(name)
        original = getattr(owner, name)

        @functools.wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if threading.get_ident() == self._thread and not self._allowed and _may_wait(args):
                self._caught(f"{getattr(owner, '__name__', owner)}.{name}")
            return original(*args, **kwargs)

        setattr(owner, name, watched)
        return lambda: setattr(owner, name, own) if own is not None else delattr(owner, name)

    def _caught(self, what: str) -> None:
        stack = traceback.extract_stack()[:-2]
        ours = next(
            (f for f in reversed(stack) if "/ui/" in f.filename or "/kiosk/" in f.filename), stack[-1]
        )
        place = f"{ours.filename.rpartition('/')[2]}:{ours.lineno} {ours.name}"
        self._places[place] += 1
        if self._places[place] == 1:
            log.error("%s waits in the Qt thread, called at %s", what, place)
        if self._strict:
            raise WaitedError(f"{what} waits in the Qt thread, called at {place}")


__all__ = ["WaitedError", "Waits"]
