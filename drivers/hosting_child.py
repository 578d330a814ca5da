"""The child process of one device: builds the driver, does what its parent asks, dies with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any, Final

from config import heap, lifeline
from drivers import logs
from drivers.assembly import DeviceSpec, build, port_of, tap_of
from drivers.errors import DeviceError, DriverConfigError, HardwareFault
from drivers.hosting_codec import Method, dump_error, dump_snapshot, methods_of, receive, send
from drivers.ports import Device, Snapshot

log = logging.getLogger("kiosk.devices.child")

EX_CONFIG: Final = 78
"""sysexits.h: what an administrator wrote cannot be used."""


class Child:
    """Serves one device over one socket until it closes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._iterators: dict[int, tuple[Method, AsyncIterator[Any]]] = {}

    async def serve(self) -> int:
        """The exit status: 0, or 78 (EX_CONFIG) when the device cannot be built."""
        first = await receive(self._reader)
        if first is None or first[0] != "be":
            return 1
        spec = DeviceSpec.load(first[1])
        try:
            self._tap = tap_of(spec)
            device = build(spec, self._tap)
        except Exception as error:
            known = isinstance(error, DriverConfigError)
            if not known:
                log.exception("the driver cannot be built")
            send(self._writer, ["wrong", str(error) if known else f"{type(error).__name__}: {error}"])
            await self._writer.drain()
            return EX_CONFIG if known else 1
        methods = methods_of(port_of(spec.role))
        device.on_status(self._status)
        send(self._writer, ["ready"])
        self._status(device.snapshot)
        pulse = asyncio.create_task(self._keep_fresh(device))
        try:
            while (message := await receive(self._reader)) is not None:
                self._act(device, methods, message)
        finally:
            pulse.cancel()
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(pulse, *self._tasks.values(), return_exceptions=True)
            await device.close()
        return 0

    def _status(self, snapshot: Snapshot) -> None:
        send(self._writer, ["status", dump_snapshot(snapshot)])

    async def _keep_fresh(self, device: Device) -> None:
        """Tell the time of the last look even when nothing has changed, so that it does not seem old."""
        last = device.snapshot
        while True:
            await asyncio.sleep(1.0)
            if device.snapshot is not last:
                last = device.snapshot
                self._status(last)

    def _act(self, device: Device, methods: dict[str, Method], message: list[Any]) -> None:
        kind, *parts = message
        if kind == "ping":
            send(self._writer, ["pong"])
        elif kind == "record":
            self._record(parts[0])
        elif kind == "stop":
            self._stop(parts[0])
        elif kind == "call":
            number, name, arguments = parts
            self._spawn(number, self._call(number, device, methods[name], arguments))
        elif kind == "iterate":
            number, name, arguments = parts
            method = methods[name]
            values = method.load_arguments(arguments)
            self._iterators[number] = (method, getattr(device, name)(*values))
            send(self._writer, ["result", number, None])
        elif kind == "next":
            number, of = parts
            self._spawn(number, self._next(number, of))

    def _record(self, on: bool) -> None:
        loop = asyncio.get_running_loop()
        if on:
            self._tap.start(
                lambda line: _on_loop(loop, send, self._writer, ["recorded", line.dump()]),
                lambda held: _on_loop(loop, send, self._writer, ["held", held]),
            )
        else:
            self._tap.stop()

    def _spawn(self, number: int, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks[number] = task
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    def _stop(self, number: int) -> None:
        if number in self._tasks:
            self._tasks[number].cancel()
        found = self._iterators.pop(number, None)
        if found is not None and hasattr(found[1], "aclose"):
            self._spawn(-number, _finish(found[1]))

    async def _call(self, number: int, device: Device, method: Method, arguments: list[Any]) -> None:
        async def work() -> Any:
            values = method.load_arguments(arguments)
            return method.result.dump(await getattr(device, method.name)(*values))

        await self._answer(number, work())

    async def _next(self, number: int, of: int) -> None:
        async def work() -> Any:
            if of not in self._iterators:
                return None
            method, iterator = self._iterators[of]
            try:
                return [method.result.dump(await anext(iterator))]
            except StopAsyncIteration:
                return None

        await self._answer(number, work())

    async def _answer(self, number: int, work: Any) -> None:
        try:
            answer = ["result", number, await work]
        except DeviceError as error:
            answer = ["error", number, *dump_error(error)]
        except asyncio.CancelledError:
            send(self._writer, ["result", number, None])
            raise
        except Exception as error:
            log.exception("the driver failed by a fault of its own")
            fault = HardwareFault("internalError", f"fault of the driver: {type(error).__name__}")
            answer = ["error", number, *dump_error(fault)]
        send(self._writer, answer)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()


def _on_loop(loop: asyncio.AbstractEventLoop, function: Any, *args: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the process ends
        loop.call_soon_threadsafe(function, *args)


async def _finish(iterator: Any) -> None:
    with contextlib.suppress(Exception):
        await iterator.aclose()


async def _main(descriptor: int) -> int:
    connection = socket.socket(fileno=descriptor)
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        return await Child(reader, writer).serve()
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def main() -> None:
    """Serve on the descriptor given first and log as the parent does.

    The name in between is for whoever reads the list of processes.
    """
    heap.keep_steady()
    lifeline.die_with(os.getppid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    logs.set_up_as(*sys.argv[3:5])
    sys.exit(asyncio.run(_main(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
