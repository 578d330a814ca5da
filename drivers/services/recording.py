"""Supervision.Record: tells an operator, line by line, what passes between a driver and its device."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from drivers.errors import SequenceError
from drivers.recording.lines import MISSING, Line
from drivers.recording.tap import Recorder
from drivers.recording.watched import Watched
from drivers.xfs.messages import supervision
from drivers.xfs.request import Request

if TYPE_CHECKING:
    from drivers.services.base import DeviceService

CONNECT_S: Final = 15.0
"""How long the queue waits for the device to be connected anew."""
SETTLE_S: Final = 0.2
"""So long the end of a recording may be on its way, from a driver in a process of its own."""
MOST_WAITING: Final = 20_000
"""Lines that wait for a client that writes them down more slowly than they come; more of them are counted instead."""
_MOST_UNREAD: Final = 128
"""Messages on their way to the client before it is waited for: with many more it would be cut off (``BACKLOG``)."""
_LOOK_EVERY_S: Final = 0.005


async def record(
    service: DeviceService[Any], recorder: Recorder, request: Request, payload: supervision.RecordIn
) -> supervision.RecordOut:
    """Until the time is up or the request is cancelled.

    Between two commands the device is connected anew, so that the beginning of the conversation is in it: without
    that it could not be played back. Raise ``SequenceError`` while somebody else records it.
    """
    supervisor = service.supervisor
    if supervisor.observe is not None:
        raise SequenceError("this device is being recorded already; end that first")
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[Line] = asyncio.Queue()
    began = time.monotonic()

    lost = 0

    def put(line: Line) -> None:
        nonlocal lost
        if lines.qsize() >= MOST_WAITING:
            lost += 1
            return
        if lost:
            lines.put_nowait(Line(line.t, MISSING, lost))
            lost = 0
        lines.put_nowait(line)

    def sink(line: Line) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(put, line)

    def note(kind: str, name: str, more: dict[str, Any]) -> None:
        put(Line(time.monotonic(), kind, name, more))

    async def begin() -> None:
        if supervisor.observe is watch:
            recorder.start(sink)
            await supervisor.reconnected(CONNECT_S)

    def watch(device: Any) -> Any:
        return Watched(device, note)

    supervisor.observe = watch
    service.by_itself(begin)
    told = 0

    async def room() -> None:
        while request.peer.unread > _MOST_UNREAD:
            await asyncio.sleep(_LOOK_EVERY_S)

    def tell(line: Line) -> None:
        nonlocal told
        body = supervision.RecordedBody(line=replace(line, t=line.t - began).dump())
        request.event(supervision.RECORDED, body)
        told += 1

    try:
        async with asyncio.timeout(payload.seconds):
            while True:
                await room()
                tell(await lines.get())
    except TimeoutError:
        await _ended(recorder)
        while not lines.empty():
            await room()
            tell(lines.get_nowait())
        if lost:
            tell(Line(time.monotonic(), MISSING, lost))
        return supervision.RecordOut(lines=told)
    finally:
        supervisor.observe = None
        recorder.stop()


async def _ended(recorder: Recorder) -> None:
    """What was held back comes with the end, through the loop: a torn answer is what a fault is known by."""
    recorder.stop()
    await asyncio.sleep(SETTLE_S)
