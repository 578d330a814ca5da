"""Where a driver's code runs: in this process, or in one of its own that may hang or die without harm.

``hosted`` gives a device either way. A remote one behaves like the driver itself; when its process dies it
reports ``noDevice`` and every call under way ends with ``LinkLost``, so that the supervisor opens it again,
which starts a new process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

from drivers.assembly import DeviceSpec, build, port_of, tap_of
from drivers.errors import DeviceError, DeviceNotReady, DriverConfigError, LinkLost, ProtocolError
from drivers.hosting_codec import Method, load_error, load_snapshot, methods_of, receive, send
from drivers.ports import Device, DeviceState, Snapshot, StatusListener
from drivers.recording.lines import RecordingError, line_of
from drivers.recording.tap import Recorder, Sink

log = logging.getLogger("kiosk.devices.hosting")

PING_S: Final = 2.0
SILENT_S: Final = 10.0
"""A process that has not answered a ping for so long is stuck, and is killed."""
END_S: Final = 3.0
BEGIN_S: Final = 60.0
"""A process that is not ready so long after its turn came hangs while its library loads, and is killed."""
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
        self._child: _Child | None = None
        self._starting: asyncio.Task[None] | None = None
        self._sink: Sink | None = None

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

        Whoever gives up waiting leaves the start going on; the next attempt finds the process.
        """
        if self._child is None:
            if self._starting is None or self._starting.done():  # how an earlier one ended is old news
                self._starting = asyncio.create_task(self._begin(), name=f"start of {self._spec.name}")
            try:
                await asyncio.shield(self._starting)
            finally:
                if self._starting is not None and self._starting.done():
                    self._starting = None
        await self._call("open")

    async def _begin(self) -> None:
        async with _turn():
            child = await _Child.start(self._spec, self._status, self._ended, self._ping_s, self._silent_s)
        self._child = child
        child.recorded = self._recorded
        if self._sink is not None:  # the process is a new one, the recording goes on in it
            child.tell("record", True)

    def start(self, sink: Sink) -> None:
        """Write down the device's line, also over restarts of its process."""
        self._sink = sink
        if self._child is not None:
            self._child.tell("record", True)

    def stop(self) -> None:
        """End that."""
        self._sink = None
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

    def _living(self) -> _Child:
        if self._child is None:
            raise DeviceNotReady(f"{self._spec.name} has no process; it is being started")
        return self._child

    def _status(self, snapshot: Snapshot) -> None:
        self._show(snapshot)

    def _ended(self, child: _Child) -> None:
        if self._child is child:
            self._child = None
            self._show(Snapshot(DeviceState.NO_DEVICE, source="inferred"))

    def _show(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        same = replace(before, observed_at=None, source="") == replace(snapshot, observed_at=None, source="")
        for listener in [] if same else self._listeners:
            try:
                listener(snapshot)
            except Exception:  # whoever listens must not end the hearing of what the process says
                log.exception("%s: a listener to its status failed", self._spec.name)


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _turn() -> asyncio.Semaphore:
    """The turns of this loop's processes to start."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(STARTS))


class _Child:
    """One process and the pipe to it."""

    def __init__(
        self,
        name: str,
        process: asyncio.subprocess.Process,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.process = process
        self.recorded: Callable[[str], None] = lambda text: None
        self._name = name
        self._reader, self._writer = streams
        self._numbers = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._pong = asyncio.Event()

    @classmethod
    async def start(
        cls,
        spec: DeviceSpec,
        status: Callable[[Snapshot], None],
        ended: Callable[[_Child], None],
        ping_s: float,
        silent_s: float,
    ) -> _Child:
        """Start the process and tell it what to be; raise ``DriverConfigError`` when it cannot be that."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = (sys.executable, "-m", "drivers.hosting_child", str(theirs.fileno()), spec.name)
            process = await asyncio.create_subprocess_exec(
                *command, pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL
            )
        child = cls(spec.name, process, await asyncio.open_connection(sock=ours))
        try:
            async with asyncio.timeout(BEGIN_S):
                await child._introduce(spec)
        except BaseException:  # cancelled as well: a library that hangs while it is loaded must not stay
            await child.end()
            raise
        log.info("%s runs in process %d", spec.name, process.pid)
        child._tasks = [
            asyncio.create_task(child._listen(status, ended), name=f"from process of {spec.name}"),
            asyncio.create_task(child._ping(ping_s, silent_s), name=f"pulse of {spec.name}"),
        ]
        return child

    async def _introduce(self, spec: DeviceSpec) -> None:
        """Tell the process what to be; raise ``DriverConfigError`` when it cannot be that."""
        send(self._writer, ["be", spec.dump()])
        match await receive(self._reader):
            case ["ready"]:
                return
            case ["wrong", why]:
                raise DriverConfigError(f"{spec.name} cannot be built: {why}")
        raise DriverConfigError(f"{spec.name} cannot be built: its process ended")

    def number(self) -> int:
        """A fresh number for a question."""
        self._numbers += 1
        return self._numbers

    def tell(self, kind: str, *parts: Any) -> None:
        """Send without waiting for an answer."""
        if not self._writer.is_closing():
            send(self._writer, [kind, *parts])

    async def ask(self, kind: str, number: int, *parts: Any) -> Any:
        """Send and wait for the answer; a cancellation is passed on, and its effect waited for."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            if self._writer.is_closing():
                raise LinkLost(f"the process of {self._name} has ended; it is started again")
            self.tell(kind, number, *parts)
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            self.tell("stop", number)
            await asyncio.wait({answer}, timeout=END_S)
            raise
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()

    async def end(self) -> None:
        """Let the process close its device and leave; kill it when it does not."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._fail(LinkLost(f"{self._name} was closed"))
        self._writer.close()
        try:
            async with asyncio.timeout(END_S):
                await self.process.wait()
        except TimeoutError:
            await self._put_down()
        except asyncio.CancelledError:
            self._kill()
            raise
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _put_down(self) -> None:
        """Kill it. One that is stuck in the kernel cannot die, and nobody else must wait for it."""
        self._kill()
        try:
            async with asyncio.timeout(END_S):
                await self.process.wait()
        except TimeoutError:
            log.error("the process of %s cannot be killed; its device may need its cable pulled", self._name)

    async def _listen(self, status: Callable[[Snapshot], None], ended: Callable[[_Child], None]) -> None:
        try:
            while (message := await receive(self._reader)) is not None:
                self._heard(message, status)
        except ProtocolError as error:
            log.error("%s: %s", self._name, error)
        except Exception:  # nobody would hear the process any more: it is given up, and everybody told
            log.exception("%s: what its process said could not be taken in", self._name)
        self._kill()
        code = await self.process.wait()
        log.error("the process of %s has ended (%d)", self._name, code)
        self._writer.close()
        self._fail(LinkLost(f"the process of {self._name} has ended; it is started again"))
        self._tasks[1].cancel()
        ended(self)

    def _heard(self, message: list[Any], status: Callable[[Snapshot], None]) -> None:
        match message:
            case ["status", snapshot]:
                status(load_snapshot(snapshot))
            case ["recorded", str(text)]:
                self.recorded(text)
            case ["pong"]:
                self._pong.set()
            case ["result", int(number), value]:
                if waiting := self._asked(number):
                    waiting.set_result(value)
            case ["error", int(number), *parts]:
                error = load_error(parts)
                if waiting := self._asked(number):
                    waiting.set_exception(error)
            case _:
                raise ProtocolError("the device process sent a message of no known kind")

    def _asked(self, number: int) -> asyncio.Future[Any] | None:
        """The question of that number, if somebody still waits for its answer."""
        waiting = self._waiting.get(number)
        return None if waiting is None or waiting.done() else waiting

    async def _ping(self, ping_s: float, silent_s: float) -> None:
        while True:
            await asyncio.sleep(ping_s)
            self._pong.clear()
            self.tell("ping")
            try:
                async with asyncio.timeout(silent_s):
                    await self._pong.wait()
            except TimeoutError:
                log.error("the process of %s does not answer and is killed", self._name)
                self._kill()
                return

    def _kill(self) -> None:
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)

    def _fail(self, error: LinkLost) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(error)
