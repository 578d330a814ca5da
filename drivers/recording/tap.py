"""The tap that writes down what passes a line, made fit for a file before anybody sees it."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from drivers.protocols.wire import Wire
from drivers.recording.lines import MISSING, Line

log = logging.getLogger("kiosk.devices.recording")

Sink = Callable[[Line], None]
"""Takes each finished line, in order, on whatever thread it was finished; its ``t`` is that of the machine's clock."""
Holding = Callable[[bool], None]
"""Hears when lines begin to be held back, and when none is any more."""
LOST: Final = "lost"
_T = TypeVar("_T")
_MOST_WAITING: Final = 4096
"""Lines held back for one answer that does not end; then it is ended as torn."""


class Recorder(Protocol):
    """What can be told to write down a device's line, wherever its driver runs."""

    def start(self, sink: Sink) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """End."""
        ...


class RecordingTap:
    """In every line, and idle until ``start``. Nothing but what the ``Wire`` lets through leaves it."""

    def __init__(self, wire: Callable[[], Wire]) -> None:
        self._make = wire
        self._guard = threading.Lock()
        self._session: _Session | None = None

    @property
    def running(self) -> bool:
        """Whether somebody records."""
        return self._session is not None

    def start(self, sink: Sink, holding: Holding | None = None) -> None:
        """Begin; what is under way is not part of it. One recording at a time: the last one begun goes on."""
        with self._guard:
            self._session = _Session(self._make(), sink, holding)

    def stop(self) -> None:
        """End, with what was held back."""
        with self._guard:
            self._see(_Session.end)
            self._session = None

    def line(self, real: _T) -> _T:
        """The real way to the hardware."""
        return real

    def opened(self) -> None:
        """The line is open."""
        self._note("opened", True)

    def closed(self, reason: str) -> None:
        """The line is closed; a reason in words names a place of this machine and is not kept."""
        self._note("closed", LOST if " " in reason else reason)

    def incoming(self, data: bytes) -> bytes:
        """Bytes from the device."""
        with self._guard:
            self._see(lambda session: session.incoming(data))
        return data

    def outgoing(self, data: bytes) -> bytes:
        """Bytes to the device."""
        with self._guard:
            self._see(lambda session: session.outgoing(data))
        return data

    def _note(self, kind: str, value: object) -> None:
        with self._guard:
            self._see(lambda session: session.note(kind, value))

    def _see(self, act: Callable[[_Session], None]) -> None:
        """Let the recording see it. One that fails is over, and says so: the line goes on as if nobody had looked."""
        session = self._session
        if session is None:
            return
        try:
            act(session)
        except Exception as error:  # its words may hold what passed the line
            self._session = None
            with contextlib.suppress(Exception):  # whoever takes the lines may be what failed
                session.broken()
            log.error("a recording has ended by a fault of its own (%s)", type(error).__name__)


class _Session:
    """One recording. Lines wait behind an answer of which not all may be written down yet."""

    def __init__(self, wire: Wire, sink: Sink, holding: Holding | None) -> None:
        self._wire = wire
        self._sink = sink
        self._holding = holding or (lambda _: None)
        self._held = False
        self._waiting: deque[Line | tuple[float, int]] = deque()  # a tuple: so many bytes came at that time
        self._released = bytearray()

    def incoming(self, data: bytes) -> None:
        self._waiting.append((self._now(), len(data)))
        self._released += self._wire.incoming(data)
        if len(self._waiting) > _MOST_WAITING:
            self._released += self._wire.settle()
        self._flush()

    def outgoing(self, data: bytes) -> None:
        self._waiting.append(Line(self._now(), "out", self._wire.outgoing(data).hex()))
        self._flush()

    def note(self, kind: str, value: object) -> None:
        self._released += self._wire.settle()
        self._waiting.append(Line(self._now(), kind, value))
        self._flush()

    def end(self) -> None:
        self._released += self._wire.settle()
        self._flush()

    def broken(self) -> None:
        """Say that what passes from here on is not written down."""
        self._sink(Line(self._now(), MISSING, None))

    def _now(self) -> float:
        return time.monotonic()

    def _flush(self) -> None:
        self._release()
        if (held := bool(self._waiting)) is not self._held:
            self._held = held
            self._holding(held)

    def _release(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            if isinstance(first, Line):
                self._sink(first)
            else:
                t, size = first
                if len(self._released) < size:
                    return
                self._sink(Line(t, "in", bytes(self._released[:size]).hex()))
                del self._released[:size]
            self._waiting.popleft()
