"""A scanner behind libsane, from the loop: libsane has a process of its own, which is killed when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers.errors import DeadlinePassed, DeviceNotReady, LinkLost, ProtocolError, UnsupportedData
from drivers.protocols.sane import Frame, failure, lines_meant
from drivers.transports.link import Tap
from drivers.transports.sane_process import SaneProcess
from drivers.transports.sane_tap import SaneNotes

_log = logging.getLogger("kiosk.devices.sane")

MOST_BYTES: Final = 64 << 20
"""Of one frame: A4 in full colour at 400 dpi has 46 MB."""
ANSWER_S: Final = 8.0
"""For any call but a scan: backends load firmware while they open."""
STALL_S: Final = 15.0
"""A frame that has begun and brings nothing for so long has hung; libsane's net backend then says GOOD for ever."""
END_S: Final = 2.0
"""For a scan that was told to stop: feeders let the sheet out first."""


class SaneLink:
    """One scanner. One call at a time; ``open`` may follow ``close`` any number of times.

    Args:
        device: its SANE name, such as ``fujitsu:fi-7160:123456``; empty for the first one found.
        directory: where libsane reads ``dll.conf`` and the backends' settings; empty for /etc/sane.d.
        answer_s: how long a call other than a scan may take before libsane counts as hung.
        stall_s: how long a running scan may bring nothing.
        end_s: how much longer than its deadline a call may take to end by itself.
        tap: sees calls and answers, and of each page its facts alone.
    """

    def __init__(
        self,
        device: str = "",
        directory: str = "",
        answer_s: float = ANSWER_S,
        stall_s: float = STALL_S,
        end_s: float = END_S,
        tap: Tap | None = None,
    ) -> None:
        self._device = device
        self._directory = directory
        self._answer_s = answer_s
        self._stall_s = stall_s
        self._end_s = end_s
        self._process = SaneProcess() if tap is None else tap.line(SaneProcess())
        self._notes = SaneNotes(tap)
        self.dead = False
        """Whether libsane has ended or hung since ``open``; only opening anew helps."""

    @property
    def pid(self) -> int | None:
        """The process that holds libsane; None while there is none."""
        return self._process.pid

    async def ended(self) -> None:
        """Wait until the process has ended or has been killed."""
        await self._process.ended()

    async def open(self, deadline: Deadline) -> Mapping[str, Mapping[str, Any]]:
        """Start libsane and open the scanner; its options by name. Raise ``DeviceNotReady`` and its children."""
        await self.close()
        await self._start()
        try:
            await self.ask({"do": "init", "directory": self._directory}, deadline)
            return await self.reopen(deadline)
        except BaseException:
            await self.close()
            raise

    async def reopen(self, deadline: Deadline) -> Mapping[str, Mapping[str, Any]]:
        """Open the scanner again in the same process, which shows whether it is still there; its options."""
        try:
            found: Mapping[str, Mapping[str, Any]] = await self.ask(
                {"do": "open", "name": self._device}, deadline
            )
        except UnsupportedData as error:
            raise LinkLost(f"there is no scanner {self._device!r}; `scanimage -L` lists them") from error
        return found

    async def ask(self, what: Mapping[str, Any], deadline: Deadline) -> Any:
        """One call of libsane other than a scan; raise what its status means, or ``DeadlinePassed``."""
        return await self._within(self._exchange(what), deadline.within(self._answer_s), None)

    async def frame(
        self, deadline: Deadline, began: Callable[[], None] = lambda: None, *, drawn_in: bool = False
    ) -> Frame:
        """Scan one frame; ``began`` is called when the scanner has begun to deliver.

        ``drawn_in``: a feeder moves the sheet, which may end before the size that was set (``lines_meant``).
        At the deadline, and when the caller is cancelled, the scanner is told to stop.
        """
        found: Frame = await self._within(self._scan(began, drawn_in), deadline, {"do": "stop"})
        return found

    async def close(self) -> None:
        """End the process; never raises."""
        self._notes.closed("closed")
        await self._process.end(self._end_s)

    async def _start(self) -> None:
        await self._process.start()
        self._notes.opened()
        self.dead = False

    # -- one call -----------------------------------------------------------------------------------

    async def _within(
        self, work: Coroutine[Any, Any, Any], deadline: Deadline, stop: Mapping[str, Any] | None
    ) -> Any:
        """The result of ``work``. Afterwards libsane is quiet, or its process is dead: nothing runs on unseen."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task}, timeout=deadline.remaining)
            if not task.done():
                raise DeadlinePassed("the scanner was not ready in time")
        finally:
            if not task.done():
                await self._end(task, stop)
            if not task.cancelled():
                task.exception()  # nobody may be left to ask for it
        return task.result()

    async def _end(self, task: asyncio.Future[Any], stop: Mapping[str, Any] | None) -> None:
        """Give a call that nobody waits for a moment to end by itself; kill libsane when it does not."""
        if stop is not None:
            with contextlib.suppress(LinkLost):
                self._write(stop)
        try:
            await asyncio.wait({task}, timeout=self._end_s)
        finally:
            if not task.done():
                _log.error("libsane hangs; its process is killed")
                self._kill()
                await asyncio.shield(asyncio.wait({task}))  # it ends with its process

    def _kill(self) -> None:
        self.dead = True
        self._process.kill()

    async def _exchange(self, what: Mapping[str, Any]) -> Any:
        self._write(what)
        return _result(await self._answer())

    async def _scan(self, began: Callable[[], None], drawn_in: bool) -> Frame:
        self._write({"do": "frame"})
        first = await self._answer()
        if not isinstance(first, dict) or "frame" not in first:
            _result(first)
            raise ProtocolError("libsane's process began a frame without saying so")
        began()
        data = bytearray()
        try:
            told = await self._lines(first["frame"], data)
            lines = lines_meant(first["frame"], told, len(data), drawn_in=drawn_in)
            return Frame.of({**first["frame"], "lines": lines}, data)
        except BaseException:
            data[:] = bytes(len(data))  # half a page is somebody's too
            raise

    async def _lines(self, parameters: Mapping[str, Any], data: bytearray) -> Mapping[str, Any]:
        """Collect the frame's bytes as they come; what libsane says at its end."""
        while True:
            try:
                async with asyncio.timeout(self._stall_s):
                    message = await self._message()
            except TimeoutError:
                await self._notes.page(parameters, data)
                self._kill()
                raise LinkLost("the scanner has stopped in the middle of a page; check its cable") from None
            if isinstance(message, dict):
                await self._notes.page(parameters, data)
                self._notes.heard(message)
                told: Mapping[str, Any] = _result(message)
                return told
            if len(data) + len(message) > MOST_BYTES:
                self._write({"do": "stop"})
                await self._rest()
                raise UnsupportedData("the page is too large at this resolution; lower it")
            data += message

    async def _rest(self) -> None:
        """Throw away what comes until the call is over."""
        while not isinstance(message := await self._message(), dict):
            pass
        self._notes.heard(message)

    async def _answer(self) -> dict[str, Any] | bytes:
        """The next message, told to the tap when it is no picture."""
        message = await self._message()
        if isinstance(message, dict):
            self._notes.heard(message)
        return message

    async def _message(self) -> dict[str, Any] | bytes:
        """The next message of the process; raise ``LinkLost`` when there is none any more."""
        try:
            return await self._process.message()
        except LinkLost as error:
            if not self.dead:
                self._notes.closed(str(error))
            self.dead = True
            raise

    def _write(self, what: Mapping[str, Any]) -> None:
        self._notes.asked(what)
        self._process.write(what)


def _result(message: dict[str, Any] | bytes) -> Any:
    if isinstance(message, bytes):
        raise ProtocolError("libsane's process sent a picture nobody asked for")
    if "missing" in message:
        raise DeviceNotReady(f"libsane cannot be loaded ({message['missing']}); install libsane1")
    if "status" in message:
        raise failure(int(message["status"]))
    return message["good"]
