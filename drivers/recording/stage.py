"""What a driver gets in place of its line when a recording is played: the same calls, answered by the player."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from config.clock import Deadline
from drivers.client.socket import Address
from drivers.errors import DriverConfigError, LinkLost
from drivers.recording.film import FilmPlayer, RecordedSource
from drivers.recording.played_xfs import PlayedAddress
from drivers.recording.player import Player, Reply
from drivers.transports.ipp import HttpLine, NotSent
from drivers.transports.pcsc_tap import CardCalls, RecordedCalls
from drivers.transports.sane_process import SaneProcess
from drivers.transports.sane_tap import RecordedProcess
from drivers.transports.video import VideoSource

NOT_SENT: Final = "notSent"
_T = TypeVar("_T")
_TAKEN_S: Final = 1.0


class ReplayTap:
    """The tap of a driver that is to be played to: puts the recording where its line would be."""

    def __init__(self, player: Player) -> None:
        self._player = player

    @property
    def running(self) -> bool:
        """Nothing is written down here."""
        return False

    def line(self, real: _T) -> _T:
        """What plays the part of ``real``; raise ``DriverConfigError`` for a line that cannot be played."""
        played: Any
        if isinstance(real, HttpLine):
            played = PlayedHttp(self._player)
        elif isinstance(real, CardCalls):
            played = RecordedCalls(self._player)
        elif isinstance(real, VideoSource) and isinstance(self._player, FilmPlayer):
            played = RecordedSource(self._player)
        elif isinstance(real, Address):
            played = PlayedAddress(self._player)
        elif isinstance(real, SaneProcess):
            played = RecordedProcess(self._player)
        elif hasattr(real, "read") and hasattr(real, "write"):
            played = PlayedLink(self._player)
        else:
            raise DriverConfigError(f"a recording of {type(real).__name__} cannot be played")
        return cast(_T, played)

    def opened(self) -> None:
        """Nothing is written down here."""

    def closed(self, reason: str) -> None:
        """Nothing is written down here."""

    def incoming(self, data: bytes) -> bytes:
        """As it is."""
        return data

    def outgoing(self, data: bytes) -> bytes:
        """As it is."""
        return data


@dataclass(frozen=True, slots=True)
class _Loss:
    """The line goes, so many seconds after what came before."""

    after_s: float


class PlayedLink:
    """A line of bytes whose other end is a recording."""

    name = "recording"

    def __init__(self, player: Player) -> None:
        self._player = player
        self._came: queue.SimpleQueue[bytes | _Loss] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._hungry = threading.Event()
        self._open = False

    def open(self) -> None:
        """Go on where the recording was opened next."""
        self.close()
        reply = self._player.open()
        if reply is None:
            raise LinkLost("the line was not opened again in the recording")
        self._came = queue.SimpleQueue()
        self._closing = threading.Event()
        self._open = True
        self._take(reply)

    def close(self) -> None:
        """End a read that waits."""
        if self._open:
            self._open = False
            self._closing.set()
            self._came.put(b"")

    def read(self) -> bytes:
        """The next bytes that came."""
        if self._came.empty():
            self._hungry.set()  # what came before is with the driver
        found = self._came.get()
        if isinstance(found, bytes):
            return found
        if self._closing.wait(found.after_s):
            return b""
        self._player.lost += 1
        raise LinkLost("the line was lost in the recording")

    def write(self, data: bytes) -> None:
        """Hand a request over, and its answer before this returns: the driver must not run ahead of it."""
        if not self._open:
            raise LinkLost("the line is closed")
        self._take(self._player.ask(data))

    def _take(self, reply: Reply) -> None:
        if reply.pieces:
            self._hungry.clear()
        for piece in filter(None, reply.pieces):
            self._came.put(piece)
        if reply.lost is not None:
            self._came.put(_Loss(reply.lost_after_s))
        elif reply.pieces and self._open:
            self._hungry.wait(_TAKEN_S)


class PlayedHttp(HttpLine):
    """A printer's HTTP address whose other end is a recording."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._begun = False

    async def post(self, request: bytes, deadline: Deadline) -> bytes:
        """The recorded answer; raise what the recording ended in."""
        if not self._begun:
            self._begun = True
            self._player.open()
        reply = self._player.ask(request)
        if reply.lost == NOT_SENT:
            raise NotSent("the printer could not be reached in the recording")
        if reply.lost is not None or not reply.pieces:
            raise LinkLost("the printer did not finish its answer in the recording")
        return b"".join(reply.pieces)
