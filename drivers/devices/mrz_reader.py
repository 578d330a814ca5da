"""The serial reader for passports and permits: swiped or laid on, it sends the lines of the zone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from config.clock import Clock, Deadline
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.errors import DeviceError, MediaInvalid, MediaMissing, ReadFailed
from drivers.ports import DeviceState
from drivers.protocols.mrz import Mrz, MrzError, MrzShapeWrong, parse
from drivers.protocols.mrz_frames import Framing, MrzFrames
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.waiting import Mailbox

CONFIRM_S = 5.0
"""How often the port is asked: well within the age at which a status is no longer believed."""


class SerialMrzReader(LineDevice):
    """Implements ``MrzReader``.

    Such a reader speaks only when a document passes it, and cannot be asked how it is: it is online while its port
    is there. What comes while nobody waits is thrown away: it is the document of the person before.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        frames: MrzFrames | None = None,
        check: Callable[[], None] = lambda: None,
        confirm_s: float = CONFIRM_S,
    ) -> None:
        super().__init__("mrzReader", clock, channel)
        self._frames = frames or MrzFrames()
        self._check = check
        self._confirm_s = confirm_s
        self._documents: Mailbox[Sequence[str]] = Mailbox()
        self._lock = asyncio.Lock()
        self._waiting = False

    async def read_mrz(self, deadline: Deadline) -> Mrz:
        """Wait for a document; raise ``MediaMissing`` at the deadline.

        Raise ``ReadFailed`` (``invalidData``) when a check digit is wrong, ``MediaInvalid`` for what is no zone.
        """
        self._require()
        async with self._lock:
            self._documents.drain()
            self._frames.reset()
            self._waiting = True
            try:
                lines = await self._documents.get(deadline)
            finally:
                self._waiting = False
                self._documents.drain()
        if lines is None:
            raise MediaMissing("no document was swiped in time")
        try:
            return parse(lines, self.clock.now().date())
        except MrzShapeWrong as error:
            raise MediaInvalid(f"what was read is no travel document ({error})") from None
        except MrzError as error:
            raise ReadFailed(str(error)) from None

    async def reset(self, deadline: Deadline) -> None:
        """Forget what has been read half."""
        self._require()
        async with self._lock:
            self._frames.reset()
            self._documents.drain()

    async def _greet(self) -> None:
        self._documents.clear()
        self._frames.reset()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._confirm_s)
            await self.channel.call(self._check)
            self._announce()

    def _received(self, data: bytes) -> None:
        for lines in self._frames.feed(data):
            if self._waiting:
                self._documents.put(lines)

    def _broken(self, error: DeviceError) -> None:
        self._documents.fail(error)

    def _announce(self) -> None:
        # "inferred": it is the port that answers, not the reader.
        self._board.publish(DeviceState.ONLINE, {"mrzReader": {"scanner": "on"}}, "inferred")

    def _away(self) -> Mapping[str, object]:
        return {"mrzReader": {"scanner": "unknown"}}


@driver("mrz-serial")
def _create(options: Options, clock: Clock) -> SerialMrzReader:
    link = SerialLink(options.text("port"), options.integer("baud", 9600, 1200, 921600))
    framing = Framing(options.choice("framing", tuple(Framing), Framing.STX_ETX))
    channel = Channel(link, options.tap)
    return SerialMrzReader(channel, clock, MrzFrames(framing), channel.check)
