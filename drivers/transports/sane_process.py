"""The process that holds libsane, as messages to it and from it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any, Final

from drivers.errors import LinkLost, ProtocolError
from drivers.transports.sane_child import HEAD

_LONGEST: Final = 1 << 20
"""Of one message of the process."""


class SaneProcess:
    """``start`` may follow ``end`` any number of times; a recording takes its place when one is played."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def pid(self) -> int | None:
        """None while there is none."""
        return None if self._process is None else self._process.pid

    async def ended(self) -> None:
        """Wait until it has ended or has been killed."""
        if self._process is not None:
            await self._process.wait()

    async def start(self) -> None:
        """Start it."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = (sys.executable, "-m", "drivers.transports.sane_child", str(theirs.fileno()))
            self._process = await asyncio.create_subprocess_exec(
                *command, pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL
            )
        self._reader, self._writer = await asyncio.open_connection(sock=ours)

    def write(self, what: Mapping[str, Any]) -> None:
        """Send one message; raise ``LinkLost`` when the process has ended."""
        if self._writer is None or self._writer.is_closing():
            raise LinkLost("libsane has ended; it is started again")
        body = json.dumps(what).encode()
        self._writer.write(HEAD.pack(b"J", len(body)) + body)

    async def message(self) -> dict[str, Any] | bytes:
        """The next message of the process; raise ``LinkLost`` when there is none any more."""
        if self._reader is None:
            raise LinkLost("the scanner is not open")
        try:
            kind, length = HEAD.unpack(await self._reader.readexactly(HEAD.size))
            if length > _LONGEST:
                raise ProtocolError("libsane's process sent a message that is too long")
            body = await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise LinkLost("libsane has ended; it is started again") from error
        if kind == b"D":
            return body
        told: dict[str, Any] = json.loads(body)
        return told

    def kill(self) -> None:
        """End it at once; ``message`` tells that there is none any more."""
        if self._process is not None:
            _kill(self._process)

    async def end(self, within_s: float) -> None:
        """Let it end by itself for so long, then kill it; never raises."""
        process, self._process = self._process, None
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        if process is not None:
            # A backend that closes cleanly lets the paper out; one that hangs is not waited for.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await process.wait()
            _kill(process)
            await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
