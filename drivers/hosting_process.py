"""One process that runs a driver, and the pipe to it: questions and answers by number, status, a pulse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, Final

from drivers import logs
from drivers.assembly import DeviceSpec
from drivers.errors import DriverConfigError, DriverDied, LinkLost, ProtocolError
from drivers.hosting_codec import load_error, load_snapshot, receive, send
from drivers.ports import Snapshot

log = logging.getLogger("kiosk.devices.hosting")

END_S: Final = 3.0
BEGIN_S: Final = 60.0
"""A process that is not ready so long after it was started hangs while its library loads, and is killed."""


class Child:
    """The process and the pipe; ``start`` makes it, ``end`` ends it."""

    def __init__(
        self,
        name: str,
        process: asyncio.subprocess.Process,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.process = process
        self.recorded: Callable[[str], None] = lambda text: None
        self.holds = False
        """Whether it holds lines of a recording back, which would be lost with it."""
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
        ended: Callable[[Child], None],
        ping_s: float,
        silent_s: float,
    ) -> Child:
        """Start the process and tell it what to be; raise ``DriverConfigError`` when it cannot be that."""
        ours, theirs = socket.socketpair()
        with theirs:
            module = (sys.executable, "-m", "drivers.hosting_child")
            command = (*module, str(theirs.fileno()), spec.name, *logs.same())
            process = await asyncio.create_subprocess_exec(
                *command, pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL
            )
        child = cls(spec.name, process, await asyncio.open_connection(sock=ours))
        try:
            async with asyncio.timeout(BEGIN_S):
                await child._introduce(spec)
        except TimeoutError:
            await child.end()
            raise DriverDied(
                f"the driver of {spec.name} did not load within {BEGIN_S:.0f} s and was ended; have it looked at"
            ) from None
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
        raise DriverDied(f"the process of {spec.name} ended while its driver was loaded; have it looked at")

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
                raise DriverDied(f"the process of {self._name} has ended; it is started again")
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

    async def _listen(self, status: Callable[[Snapshot], None], ended: Callable[[Child], None]) -> None:
        try:
            while (message := await receive(self._reader)) is not None:
                self._heard(message, status)
        except ProtocolError as error:
            log.error("%s: %s", self._name, error)
        except Exception:  # nobody would hear the process any more: it is given up, and everybody told
            log.exception("%s: what its process said could not be taken in", self._name)
        self._kill()
        code = await self.process.wait()
        log.error("the process of %s has ended (%s)", self._name, _how(code))
        self._writer.close()
        self._fail(DriverDied(f"the process of {self._name} has ended ({_how(code)}); it is started again"))
        self._tasks[1].cancel()
        ended(self)

    def _heard(self, message: list[Any], status: Callable[[Snapshot], None]) -> None:
        match message:
            case ["status", snapshot]:
                status(load_snapshot(snapshot))
            case ["recorded", str(text)]:
                self.recorded(text)
            case ["held", bool(held)]:
                self.holds = held
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


def _how(code: int) -> str:
    """How a process ended, for a technician: by which signal, else with which status."""
    if code >= 0:
        return f"status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
