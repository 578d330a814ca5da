"""A serial port of the simulated cabinet: a pseudo terminal behind a stable link, with a cable to pull."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import pty
import tty
from collections.abc import Callable
from pathlib import Path

_READ_SIZE = 4096
_STALE_AFTER_S = 1.0
"""What the host has not read by then is lost, as on a line that nobody listens to."""


class PtyPort:
    """The device's end of the line; the host opens ``link``.

    ``baud`` paces what is *received* (a pty itself moves any amount at once); ``None`` does not pace.
    Lives on one event loop; ``plug`` and ``unplug`` are idempotent.
    """

    def __init__(self, link: Path, on_data: Callable[[bytes], None], baud: int | None = None) -> None:
        self.link = link
        self._on_data = on_data
        self._baud = baud
        # On a paced line bytes come one after the other: ten milliseconds' worth at a time here.
        self._bite = _READ_SIZE if baud is None else max(1, baud // 1000)
        self._master = -1
        self._slave = -1
        self._pending = bytearray()
        self._timers: list[asyncio.TimerHandle] = []
        self._held = False

    @property
    def plugged(self) -> bool:
        """True while the link exists and answers."""
        return self._master >= 0

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def plug(self) -> None:
        """Make the pseudo terminal and its link; a new one each time, under the same path."""
        if self.plugged:
            return
        self._master, self._slave = pty.openpty()
        # Raw from the first moment: the line discipline must neither echo nor translate. The slave
        # stays open here, so that the host may come and go without hanging up the line.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.link.with_name(f".{self.link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self.link)
        self._held = False
        self._loop.add_reader(self._master, self._readable)

    def unplug(self) -> None:
        """Pull the cable: the host's open port fails, the link vanishes."""
        if not self.plugged:
            return
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        self.link.unlink(missing_ok=True)
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._master = self._slave = -1
        self._pending.clear()

    def hold(self, held: bool) -> None:
        """Stop or go on taking bytes: a full receive buffer blocks the host, as flow control does."""
        if not self.plugged or held == self._held:
            return
        self._held = held
        if held:
            self._loop.remove_reader(self._master)
        else:
            self._loop.add_reader(self._master, self._readable)

    def send(self, data: bytes) -> None:
        """Put bytes on the line; without a cable they are lost."""
        if self.plugged and data:
            self._pending += data
            self._writable()

    def _readable(self) -> None:
        try:
            data = os.read(self._master, self._bite)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno == errno.EIO:  # nobody holds the other end any more
                return
            raise
        if self._baud is not None and data:
            self._loop.remove_reader(self._master)
            # 8N1: ten bit times a byte.
            self._later(len(data) * 10 / self._baud, self._resume)
        self._on_data(data)

    def _resume(self) -> None:
        if self.plugged and not self._held:
            self._loop.add_reader(self._master, self._readable)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        self._timers = [
            timer for timer in self._timers if not timer.cancelled() and timer.when() > self._loop.time()
        ]
        self._timers.append(self._loop.call_later(seconds, call))

    def _writable(self) -> None:
        self._loop.remove_writer(self._master)
        try:
            written = os.write(self._master, self._pending)
        except BlockingIOError:
            written = 0
        del self._pending[:written]
        if self._pending:
            self._loop.add_writer(self._master, self._writable)
            self._later(_STALE_AFTER_S, self._drop_stale)

    def _drop_stale(self) -> None:
        if self.plugged:
            self._loop.remove_writer(self._master)
            self._pending.clear()
