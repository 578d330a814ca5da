"""Where a driver's code runs: in this process, or in one of its own that may hang or die without harm.

``hosted`` gives a device either way. A remote one behaves like the driver itself; when its process dies it
reports ``noDevice`` and every call under way ends with ``DriverDied``, so that the supervisor opens it again,
which starts a new process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

from drivers.assembly import DeviceSpec, build, port_of, tap_of
from drivers.errors import DeviceError, DeviceNotReady, DriverDied, ProtocolError
from drivers.hosting_codec import Method, methods_of
from drivers.hosting_process import Child
from drivers.ports import Device, DeviceState, Snapshot, StatusListener
from drivers.recording.lines import MISSING, Line, RecordingError, line_of
from drivers.recording.tap import Recorder, Sink

log = logging.getLogger("kiosk.devices.hosting")

PING_S: Final = 2.0
SILENT_S: Final = 10.0
"""A process that has not answered a ping for so long is stuck, and is killed."""
TURN_S: Final = 10.0
"""For so long a start keeps others waiting. A library that takes longer, or hangs, goes on beside them."""
STARTS: Final = max(2, (os.cpu_count() or 1))
"""So many processes are started at a time. All seventeen of a cabinet at once on a small machine would each take longer
than an attempt to open may last, be given up together, and begin again together."""

P = TypeVar("P", bound=Device)


def hosted(spec: DeviceSpec, port: type[P], isolation: str) -> P:
    """The device of ``spec``: built here, or in a process of its own (``isolation`` "process")."""
    return hosted_with_recorder(spec, port, isolation)[0]


def hosted_with_recorder(spec: DeviceSpec, port: type[P], isolation: str) -> tuple[P, Recorder]:
    """The same, and what writes down the device's line.

    Raise ``DriverConfigError`` for wrong options of a device built here; those of a remote one are told when
    it is opened.
    """
    if isolation == "process":
        remote = RemoteDevice(spec)
        return cast(P, remote), remote
    tap = tap_of(spec)
    return cast(P, build(spec, tap)), tap


class RemoteDevice:
    """A device in a child process. ``open`` starts the process, ``close`` ends it."""

    def __init__(self, spec: DeviceSpec, ping_s: float = PING_S, silent_s: float = SILENT_S) -> None:
        self._spec = spec
        self._methods = methods_of(port_of(spec.role))
        self._ping_s = ping_s
        self._silent_s = silent_s
        self._listeners: list[StatusListener] = []
        self._snapshot = Snapshot(DeviceState.STARTING, source="inferred")
        self._child: Child | None = None
        self._starting: asyncio.Task[None] | None = None
        self._sink: Sink | None = None
        self._recording = False

    @property
    def snapshot(self) -> Snapshot:
        """The last status the child told."""
        return self._snapshot

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._child.process.pid if self._child is not None else None

    def on_status(self, listener: StatusListener) -> None:
        """Call ``listener`` on the loop with each status that differs from the one before."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """Start the process if need be and open the device in it.

        Whoever gives up waiting leaves the start going on; the next attempt finds the process, or that it died.
        """
        if self._child is None:
            if self._starting is None or _is_over(self._starting):
                self._starting = asyncio.create_task(self._begin(), name=f"start of {self._spec.name}")
                self._starting.add_done_callback(_noted)
            try:
                await asyncio.shield(self._starting)
            finally:
                if self._starting is not None and self._starting.done():
                    self._starting = None
        await self._call("open")

    async def _begin(self) -> None:
        async with _turn():
            start = asyncio.create_task(
                Child.start(self._spec, self._status, self._ended, self._ping_s, self._silent_s)
            )
            try:
                await asyncio.wait({start}, timeout=TURN_S)
            except asyncio.CancelledError:
                await _given_up(start)
                raise
        child = await start  # which ends it when this is cancelled
        self._child = child
        child.recorded = self._recorded
        if self._recording:  # the process is a new one, the recording goes on in it
            child.tell("record", True)

    def start(self, sink: Sink) -> None:
        """Write down the device's line, also over restarts of its process."""
        self._sink, self._recording = sink, True
        if self._child is not None:
            self._child.tell("record", True)

    def stop(self) -> None:
        """End that; what the process has still held back comes after it."""
        self._recording = False
        if self._child is not None:
            self._child.tell("record", False)

    def _recorded(self, text: str) -> None:
        if self._sink is None:
            return
        try:
            line = line_of(text)
        except RecordingError as error:
            raise ProtocolError(f"the device process sent what cannot be recorded: {error}") from None
        self._sink(line)

    @property
    def held_up(self) -> str:
        """That its process is still being started, where it is."""
        return f"the process of {self._spec.name} is still starting" if self._starting is not None else ""

    async def rest(self) -> None:
        """Close the device; its process stays, and so does a start under way: an attempt may fail often."""
        if self._child is not None:
            with contextlib.suppress(DeviceError):
                await self._call("close")

    async def close(self) -> None:
        """Close the device and end its process; never raises."""
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        child, self._child = self._child, None
        if child is not None:
            await child.end()
            self._show(Snapshot(DeviceState.OFFLINE, source="inferred"))

    def __getattr__(self, name: str) -> Any:
        """The port's other methods."""
        method = self.__dict__.get("_methods", {}).get(name)
        if method is None:
            raise AttributeError(name)
        return self._iterating(method) if method.iterates else self._calling(method)

    def _calling(self, method: Method) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            return method.result.load(await self._call(method.name, method.dump_arguments(args, kwargs)))

        return call

    def _iterating(self, method: Method) -> Callable[..., AsyncIterator[Any]]:
        async def iterate(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            child = self._living()
            number = child.number()
            await child.ask("iterate", number, method.name, method.dump_arguments(args, kwargs))
            try:
                while (found := await child.ask("next", child.number(), number)) is not None:
                    yield method.result.load(found[0])
            finally:
                child.tell("stop", number)

        return iterate

    async def _call(self, name: str, arguments: list[Any] | None = None) -> Any:
        child = self._living()
        return await child.ask("call", child.number(), name, arguments or [])

    def _living(self) -> Child:
        if self._child is None:
            raise DeviceNotReady(f"{self._spec.name} has no process; it is being started")
        return self._child

    def _status(self, snapshot: Snapshot) -> None:
        self._show(snapshot)

    def _ended(self, child: Child) -> None:
        if self._child is child:
            self._child = None
            if child.holds and self._sink is not None:  # what it had not written down yet went with it
                self._sink(Line(time.monotonic(), MISSING, None))
            self._show(Snapshot(DeviceState.NO_DEVICE, source="inferred"))

    def _show(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        same = replace(before, observed_at=None, source="") == replace(snapshot, observed_at=None, source="")
        for listener in [] if same else self._listeners:
            try:
                listener(snapshot)
            except Exception:  # whoever listens must not end the hearing of what the process says
                log.exception("%s: a listener to its status failed", self._spec.name)


def _is_over(starting: asyncio.Task[None]) -> bool:
    """Whether how it ended is old news, since the cause may have been mended; that the driver died is told."""
    return starting.done() and (starting.cancelled() or not isinstance(starting.exception(), DriverDied))


def _noted(starting: asyncio.Task[None]) -> None:
    """Nobody may be waiting any more for how it ended."""
    if not starting.cancelled():
        starting.exception()


async def _given_up(start: asyncio.Task[Child]) -> None:
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _turn() -> asyncio.Semaphore:
    """The turns of this loop's processes to start."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(STARTS))
