"""What a tap is told of a scanner's calls, and what answers them when a recording is played.

Each call is one JSON object to the tap, each answer one from it, as libsane's process takes and gives them. Of a page
only its facts go out (``drivers.imaging.facts``): how many bytes, how bright, a digest.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from drivers.errors import DeviceError, LinkLost, ProtocolError
from drivers.imaging.coding import wipe
from drivers.imaging.facts import NoFacts, PageFacts, page_facts
from drivers.protocols.sane import Frame
from drivers.transports.link import Tap
from drivers.transports.playing import Playing
from drivers.transports.sane_process import SaneProcess

PAGE: Final = "page"
"""The one answer that libsane's process does not give: the facts of the bytes that it gave."""
_MOST_BYTES: Final = 64 << 20


class SaneNotes:
    """Tells ``tap``; silent while nobody records, and without a tap."""

    def __init__(self, tap: Tap | None) -> None:
        self._tap = tap
        self._open = False

    @property
    def _running(self) -> Tap | None:
        return self._tap if self._tap is not None and self._tap.running else None

    def opened(self) -> None:
        """The process was started."""
        self._open = True
        if tap := self._running:
            tap.opened()

    def closed(self, reason: str) -> None:
        """The process has ended; told once."""
        was_open, self._open = self._open, False
        if was_open and (tap := self._running):
            tap.closed(reason)

    def asked(self, what: Mapping[str, Any]) -> None:
        """A call."""
        if tap := self._running:
            tap.outgoing(json.dumps(what).encode())

    def heard(self, message: Mapping[str, Any]) -> None:
        """An answer."""
        if tap := self._running:
            tap.incoming(json.dumps(message).encode())

    async def page(self, parameters: Mapping[str, Any], data: bytearray) -> None:
        """The bytes of a side, as far as they came."""
        if (tap := self._running) and data:
            facts = await asyncio.to_thread(_facts, parameters, bytearray(data))
            tap.incoming(json.dumps({PAGE: facts.dump()}).encode())


def _facts(parameters: Mapping[str, Any], data: bytearray) -> PageFacts:
    """Of ``data``, a copy for this alone: it is overwritten, and the picture that it makes."""
    try:
        # However many lines were promised: those that came are what is told of.
        picture = Frame.of({**parameters, "lines": -1}, data).picture()
    except DeviceError:
        picture = None
    try:
        return page_facts(data, picture)
    finally:
        data[:] = bytes(len(data))
        if picture is not None:
            wipe(picture)


class RecordedProcess(SaneProcess):
    """libsane's process as a recording has it; pages are made from their facts."""

    def __init__(self, player: Playing) -> None:
        super().__init__()
        self._player = player
        self._came: asyncio.Queue[dict[str, Any] | bytes | None] = asyncio.Queue()  # None: it has ended
        self._parameters: Mapping[str, Any] = {}
        self._alive = False

    async def start(self) -> None:
        """Go on where libsane was started next."""
        reply = self._player.open()
        if reply is None:
            raise LinkLost("libsane was not started again in the recording")
        self._came = asyncio.Queue()
        self._alive = True
        self._take(reply)

    def write(self, what: Mapping[str, Any]) -> None:
        """Hand a call over; what followed it is there at once."""
        if not self._alive:
            raise LinkLost("libsane has ended in the recording")
        self._take(self._player.ask(json.dumps(what).encode()))

    async def message(self) -> dict[str, Any] | bytes:
        """The next answer."""
        found = await self._came.get()
        if found is None:
            self._came.put_nowait(None)
            raise LinkLost("libsane has ended in the recording")
        return found

    def kill(self) -> None:
        """Nothing comes any more."""
        self._alive = False
        self._came.put_nowait(None)

    async def end(self, within_s: float) -> None:
        """Nothing comes any more."""
        self.kill()

    def _take(self, reply: Any) -> None:
        for piece in reply.pieces:
            self._came.put_nowait(self._made(piece))
        if reply.lost is not None:
            self._player.lost += 1
            self.kill()

    def _made(self, piece: bytes) -> dict[str, Any] | bytes:
        """The answer as libsane's process would give it; raise ``ProtocolError`` for what is none."""
        try:
            return self._read(json.loads(piece))
        except (ValueError, TypeError) as error:
            raise ProtocolError("the recording has an answer here that is none") from error

    def _read(self, message: dict[str, Any]) -> dict[str, Any] | bytes:
        if "frame" in message:
            self._parameters = message["frame"]
        if PAGE not in message:
            return message
        return page_like(PageFacts.load(message[PAGE]), self._parameters)


def page_like(facts: PageFacts, parameters: Mapping[str, Any]) -> bytes:
    """Bytes of which ``facts`` are true, in the form that ``parameters`` say; raise ``NoFacts``."""
    try:
        frame = Frame.of({**parameters, "lines": -1}, b"")
    except (DeviceError, ValueError, KeyError, TypeError) as error:
        raise NoFacts("no page has this form") from error
    if not 0 < facts.size <= _MOST_BYTES or frame.bytes_per_line > _MOST_BYTES:
        raise NoFacts("no page is so large")
    row = facts.tones().row(frame.pixels_per_line)
    samples = np.repeat(row, 3) if frame.kind == "rgb" else row
    if frame.depth == 1:
        line = np.packbits(samples < 128).tobytes()  # a set bit is black (SANE standard, 3.2.1)
    else:
        line = (samples if frame.depth == 8 else samples.astype(np.uint16) * 257).tobytes()
    line = line.ljust(frame.bytes_per_line, b"\0")
    return (line * (facts.size // len(line) + 1))[: facts.size]
