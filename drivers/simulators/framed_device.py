"""What simulated devices with our own serial frames share: acknowledge, answer once, repeat what was answered."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from pathlib import Path

from drivers.simulators.base import Pace
from drivers.simulators.dispenser_frames import ACK, EVENT_SEQ, NAK, Acknowledged, Frame, FrameReader, build
from drivers.simulators.serial_device import SerialSimulator

_FRAME_GAP_S = 0.2


class FramedSimulator(SerialSimulator):
    """A unit on the line of docs/dispenser-protocol.md.

    A frame with the SEQ of the last one is not obeyed, whatever it says: the stored reply is sent, or nothing
    more while the unit is at work on it.
    """

    def __init__(self, name: str, link: Path, pace: Pace) -> None:
        super().__init__(name, link, pace)
        self._reader = FrameReader()
        self._torn: asyncio.TimerHandle | None = None
        self._last: Frame | None = None
        self._reply: bytes | None = None
        self._sent = b""

    @property
    def listening(self) -> bool:
        """Whether the unit hears at all."""
        return True

    @abstractmethod
    def obey(self, frame: Frame) -> None:
        """Carry out a new command, and ``answer`` it now or later."""

    def at_work(self, seq: int) -> bool:
        """Whether the command with ``seq`` has begun and not ended."""
        return False

    def received(self, data: bytes) -> None:
        """Answer each frame with ACK or NAK and obey the good ones."""
        if not self.listening:
            return
        if self._torn is not None:
            self._torn.cancel()
        for heard in self._reader.feed(data):
            if isinstance(heard, Frame):
                self.send(bytes([ACK]))
                self._take_frame(heard)
            elif isinstance(heard, Acknowledged):
                if not heard.good and self._sent:
                    self.send(self._sent)
            else:
                self.send(bytes([NAK]))
        if self._reader.waiting:
            self._torn = asyncio.get_running_loop().call_later(_FRAME_GAP_S, self._frame_torn)

    def _frame_torn(self) -> None:
        self._reader.reset()
        self.send(bytes([NAK]))

    def _take_frame(self, frame: Frame) -> None:
        if self.at_work(frame.seq):
            return
        if self._last is not None and frame.seq == self._last.seq:
            if self._reply is not None:
                self.send(self._reply)
            return
        self._last, self._reply = frame, None
        self.obey(frame)

    def answer(self, frame: Frame, body: str) -> None:
        """Send the reply to ``frame`` and keep it for a repeat."""
        coded = build(frame.seq, body)
        if frame == self._last:
            self._reply = coded
        self._sent = coded
        self.send(coded)

    def event(self, body: str) -> None:
        """Say something without being asked."""
        if self.listening:
            self._sent = build(EVENT_SEQ, body)
            self.send(self._sent)

    def forget(self) -> None:
        """What a cut of the power does to stored replies."""
        self._last = self._reply = None
        self._reader.reset()
        self._sent = b""
