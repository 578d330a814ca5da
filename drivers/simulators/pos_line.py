"""The simulated POS's end of its line: frames answered, repeated, and handed on as questions."""

from __future__ import annotations

import asyncio
import contextlib
from abc import abstractmethod
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from drivers.simulators.base import Pace
from drivers.simulators.pos_frames import ACK, NAK, Acknowledged, FrameReader, Question, build
from drivers.simulators.serial_device import SerialSimulator

ACK_S = 1.0
CANCEL = "08"
_REPEATS = 3
_FRAME_GAP_S = 0.2


class PosLine(SerialSimulator):
    """A frame that came before is not obeyed again: its stored reply is sent, or nothing while it is at work."""

    def __init__(self, name: str, link: Path, pace: Pace, ack_s: float = ACK_S) -> None:
        super().__init__(name, link, pace)
        self.powered = True
        self.naks = 0
        self.mute_replies = 0
        self._ack_s = ack_s
        self._reader = FrameReader()
        self._torn: asyncio.TimerHandle | None = None
        self._last: Question | None = None
        self._reply: bytes | None = None
        self._again = 0
        self._acknowledged: asyncio.Future[bool] | None = None
        self._due: deque[float] = deque()
        self._sending: asyncio.Task[None] | None = None

    @abstractmethod
    def asked(self, question: Question) -> None:
        """A question that has not been asked before."""

    def forget(self) -> None:
        """The power is gone, and with it what was said last."""
        self._last = self._reply = None
        self._due.clear()
        self._reader.reset()
        if self._sending is not None:
            self._sending.cancel()

    def received(self, data: bytes) -> None:
        """Answer each frame with ACK or NAK and obey the good ones."""
        if not self.powered:
            return
        if self._torn is not None:
            self._torn.cancel()
        for heard in self._reader.feed(data):
            if isinstance(heard, Acknowledged):
                self._answered(heard.good)
            elif isinstance(heard, Question) and not self.naks:
                self.send(bytes([ACK]))
                self._take(heard)
            else:
                self.naks = max(0, self.naks - isinstance(heard, Question))
                self.send(bytes([NAK]))
        if self._reader.waiting:
            self._torn = asyncio.get_running_loop().call_later(_FRAME_GAP_S, self._frame_torn)

    def _answered(self, good: bool) -> None:
        """An ACK says nothing of its frame: that of a notice comes first, and is never taken for the reply's.

        A NAK asks for the last reply again in any case.
        """
        if good and self._is_of_a_notice():
            return
        if self._acknowledged is not None and not self._acknowledged.done():
            self._acknowledged.set_result(good)
        elif not good and self._reply is not None and self._again < _REPEATS:
            self._again += 1
            self.send(self._reply)

    def _is_of_a_notice(self) -> bool:
        now = asyncio.get_running_loop().time()
        while self._due:
            if self._due.popleft() > now:
                return True
        return False

    def _send_once(self, frame: bytes) -> None:
        """Never sent again, and acknowledged all the same."""
        self._due.append(asyncio.get_running_loop().time() + self._ack_s * _REPEATS)
        self.send(frame)

    def _frame_torn(self) -> None:
        self._reader.reset()
        if self.powered:
            self.send(bytes([NAK]))

    def _take(self, question: Question) -> None:
        if question == self._last:
            if self._reply is not None:
                self._deliver(self._reply)
            return
        if question.kind != CANCEL:
            self._last, self._reply, self._again = question, None, 0
        self.asked(question)

    def reply(self, question: Question, values: Mapping[str, object], *, order: bool = False) -> None:
        """Answer a question."""
        frame = build("R", question.kind, question.seq, values)
        if order and self.mute_replies > 0:
            self.mute_replies -= 1
            return
        if question.kind == CANCEL:  # comes between an order and its reply, which may be waiting for its ACK
            self._send_once(frame)
            return
        if question == self._last:
            self._reply = frame
        self._deliver(frame)

    def notice(self, question: Question, stage: str) -> None:
        """Tell what goes on; never repeated."""
        if self.powered:
            self._send_once(build("N", question.kind, question.seq, {"stage": stage}))

    def _deliver(self, frame: bytes) -> None:
        if self._sending is not None:
            self._sending.cancel()
        self._acknowledged = asyncio.get_running_loop().create_future()
        self.send(frame)
        self._sending = self.spawn(self._until_acknowledged(frame))

    async def _until_acknowledged(self, frame: bytes) -> None:
        """Send it again, three times more at most."""
        for _ in range(_REPEATS):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._ack_s):
                    if self._acknowledged is not None and await self._acknowledged:
                        return
            self._acknowledged = asyncio.get_running_loop().create_future()
            self.send(frame)

    def clear_faults(self) -> None:
        """Take back what was done to the line."""
        super().clear_faults()
        self.naks = self.mute_replies = 0
