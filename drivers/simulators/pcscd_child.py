"""Inside the namespaces of a private ``pcscd``: starts the daemon and relays cards to its virtual reader.

``python -m drivers.simulators.pcscd_child DIRECTORY FD…``: each descriptor is a socket that listens on loopback
outside; its connections go to the slot of the same number in here. Ends with the daemon, or when stdin ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

from drivers.simulators.pcscd import VPCD_PORT

_SIOCGIFFLAGS: Final = 0x8913
_SIOCSIFFLAGS: Final = 0x8914
_IFF_UP: Final = 1
_IFREQ: Final = struct.Struct("16sH22x")
_EMPTY_S: Final = 0.6
"""How long a slot stays empty between two cards: pcscd looks every 0.4 s, and one changed between two looks, which no
hand can do, leaves pcscd 1.9.9 with a card that it powers and does not show."""


class _End(asyncio.Protocol):
    """One end of a relayed connection: the card's (outside) or the virtual reader's (in here)."""

    def __init__(self) -> None:
        self.other: _End | None = None
        self.heard = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self.heard = True
        # vpcd sends length and body in two pieces: a delayed acknowledgement would cost 40 ms each time.
        self._transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if self.other is None:
            self.abort()
        else:
            self.other.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        other, self.other = self.other, None
        if other is not None and other.other is self:  # else another card has taken our place
            other.left_alone()

    def left_alone(self) -> None:
        """The other end has gone."""
        self.other = None
        self.abort()

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class _ReaderEnd(_End):
    """Towards the virtual reader, which looks for a new card only now and then.

    A card that comes and goes before that look must not leave its connection in the queue, which has room for
    one and would keep the next card out for seconds. It is kept, and the next card gets it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.left_at = -_EMPTY_S

    def connection_lost(self, error: Exception | None) -> None:
        self.left_at = asyncio.get_running_loop().time()
        super().connection_lost(error)

    def left_alone(self) -> None:
        self.other = None
        if self.heard:
            self.abort()


async def _relay(outside: socket.socket, port: int) -> None:
    """Bring every connection of ``outside`` to ``port`` in here, one after the other."""
    loop = asyncio.get_running_loop()
    outside.setblocking(False)
    inner = _ReaderEnd()
    while True:
        connection, _ = await loop.sock_accept(outside)
        try:
            if inner.heard or not inner.is_open:
                inner.abort()
                await asyncio.sleep(0)  # let it say when that was
                await asyncio.sleep(inner.left_at + _EMPTY_S - loop.time())
                _, inner = await loop.create_connection(_ReaderEnd, "127.0.0.1", port)
            _, outer = await loop.connect_accepted_socket(_End, connection)
        except OSError:  # pcscd has no reader now, or the card has gone again
            connection.close()
            continue
        outer.other, inner.other = inner, outer
        if not inner.is_open:
            outer.abort()
        elif not outer.is_open:
            inner.left_alone()


def _loopback_up() -> None:
    """A new network has its loopback switched off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        name, flags = _IFREQ.unpack(fcntl.ioctl(control, _SIOCGIFFLAGS, _IFREQ.pack(b"lo", 0)))
        fcntl.ioctl(control, _SIOCSIFFLAGS, _IFREQ.pack(name, flags | _IFF_UP))


async def _until_eof() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        await reader.read()


async def _main(directory: Path, fds: list[int]) -> int:
    daemon = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL"),
        *("pcscd", "--foreground", "--config", str(directory / "readers")),
    )
    relays = [
        asyncio.create_task(_relay(socket.socket(fileno=fd), VPCD_PORT + slot)) for slot, fd in enumerate(fds)
    ]
    ended, told = asyncio.create_task(daemon.wait()), asyncio.create_task(_until_eof())
    await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
    if daemon.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            daemon.kill()
    told.cancel()
    for relay in relays:
        relay.cancel()
    return await ended


def main() -> None:
    """Set the namespaces up, then run until the daemon ends."""
    directory = Path(sys.argv[1])
    os.makedirs("/run/pcscd", exist_ok=True)
    subprocess.run(["mount", "--bind", str(directory / "run"), "/run/pcscd"], check=True)
    _loopback_up()
    sys.exit(asyncio.run(_main(directory, [int(fd) for fd in sys.argv[2:]])) and 1)


if __name__ == "__main__":
    main()
