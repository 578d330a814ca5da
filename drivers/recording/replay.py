"""Plays a whole recording: builds its driver, makes its calls at their places, and compares what came of them."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from config.clock import Clock
from drivers.devices import registry
from drivers.devices.escp import EscpPrinter
from drivers.devices.escpos import EscposPrinter
from drivers.devices.xfs4iot_printers import XfsReceiptPrinter
from drivers.errors import DeviceError, DeviceNotReady, DriverConfigError
from drivers.ports import Device
from drivers.protocols.escp import FORM_FEED, down_to
from drivers.protocols.escp_wire import Page, page_of
from drivers.protocols.escpos_raster import Bits
from drivers.protocols.escpos_wire import silhouette
from drivers.recording.calls import argument, told_error, told_look, told_result
from drivers.recording.client import play, recorded
from drivers.recording.film import FilmPlayer
from drivers.recording.lines import CLIENT, NONSENSE, Head, Line, Outcome, Recording, RecordingError
from drivers.recording.player import Player
from drivers.recording.stage import ReplayTap
from drivers.recording.tap import LOST
from drivers.supervision import WELL

ANYWHERE: Final[Mapping[str, Mapping[str, Any]]] = {
    "serial": {"port": "recording"},
    "tcp": {"host": "recording"},
    "ipp": {"uri": "ipp://recording/"},
    "ipps": {"uri": "ipps://recording/"},
    "http": {"uri": "http://recording/"},
    "https": {"uri": "https://recording/"},
    "sane": {"device": "recording"},
    "ws": {"uri": "ws://recording/"},
    "wss": {"uri": "wss://recording/"},
}
"""Options in place of those that said where the device was plugged in, by transport."""
CALL_S: Final = 60.0
"""The longest that a recorded call may take here."""
ASKED_S: Final = 20.0
"""How long the driver has for what it did between two calls; its slowest poll comes every few seconds."""
_REST_PASSES: Final = (down_to(0) + b"0\r",) * 20
_REST_ROWS: Final = 480
"""A receipt of which not all was sent goes on: what was not sent cannot be known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it: the outcomes in order, what was expected, and where the driver went another way."""

    head: Head
    expected: tuple[Outcome, ...]
    outcomes: tuple[Outcome, ...]
    deviations: tuple[str, ...]
    unended: tuple[str, ...] = ()
    """The calls that had not ended when the recording did: nothing is expected of them."""

    @property
    def same(self) -> bool:
        """Whether every call came to what was expected."""
        return self.outcomes == self.expected

    @property
    def tells(self) -> bool:
        """Whether anything that was asked of the driver came to an end: without that nothing can differ."""
        return bool(self.expected or self.outcomes)

    def dump(self, file: str) -> str:
        """One JSON object."""
        content = {
            "file": file,
            "driver": self.head.driver,
            "same": self.same,
            "tells": self.tells,
            "expected": [dict(outcome) for outcome in self.expected],
            "outcomes": [dict(outcome) for outcome in self.outcomes],
            "deviations": list(self.deviations),
            "unended": list(self.unended),
        }
        return json.dumps(content, ensure_ascii=False)


async def replay(recording: Recording, clock: Clock | None = None) -> Verdict:
    """Play ``recording``.

    Raise ``DriverConfigError`` for a driver or transport that cannot be played to, ``RecordingError`` for a recording
    that lacks lines.
    """
    head = recording.head
    if recording.gaps:
        raise RecordingError(
            f"it is for reading and cannot be played, since it lacks {recording.gaps}; record the fault again"
        )
    if head.driver == CLIENT:
        found, deviations = await play(recording)
        expected = [outcome for session in recorded(recording) for outcome in session.outcomes]
        return Verdict(head, head.expect or tuple(expected), tuple(found), tuple(deviations))
    wire = registry.traits(head.driver).wired(head.options)
    if not wire.plays:
        raise DriverConfigError(f"a recording of {head.driver} is for reading: it cannot be played")
    if not all(map(wire.brings_about, recording.expected)):
        raise DriverConfigError("a call of this recording was a matter of the picture, which is not kept")
    player = FilmPlayer(recording, wire) if wire.films else Player(recording, wire)
    options = {**head.options, **ANYWHERE.get(head.transport, {})}
    device = registry.create(head.driver, options, clock=clock, tap=ReplayTap(player))
    try:
        outcomes = await _Play(recording, player, device).run()
    finally:
        player.end()
        await device.close()
    return Verdict(
        head,
        _expected(recording, device),
        tuple(outcomes),
        tuple(player.deviations),
        _unended(recording, device),
    )


def _expected(recording: Recording, device: Device) -> tuple[Outcome, ...]:
    """What each call must come to; a service may have asked more of what stands around its driver."""
    if recording.head.expect is not None:
        return recording.head.expect
    return tuple(
        line.more for line in recording.lines if line.kind == "done" and _asks(device, str(line.value))
    )


def _unended(recording: Recording, device: Device) -> tuple[str, ...]:
    """The driver's calls without an outcome, in the order in which they began."""
    begun: list[str] = []
    for line in recording.lines:
        name = str(line.value)
        if line.kind == "call" and _asks(device, name):
            begun.append(name)
        elif line.kind == "done" and name in begun:
            begun.remove(name)
    return tuple(begun)


def _asks(device: Device, name: str) -> bool:
    """Whether that is a call of the driver's; what begins with an underscore is nobody's to ask."""
    return not name.startswith("_") and callable(getattr(device, name, None))


class _Play:
    """One run."""

    def __init__(self, recording: Recording, player: Player, device: Device) -> None:
        self._lines = recording.lines
        self._player = player
        self._device = device
        self._calls: list[tuple[str, asyncio.Task[Outcome]]] = []
        self._outcomes: list[Outcome] = []
        self._losses = 0

    async def run(self) -> list[Outcome]:
        """The outcomes of all calls, in the order in which they ended when they were recorded."""
        self._player.until(self._next_call(-1))
        await self._connect()
        for at, line in enumerate(self._lines):
            if line.kind == "opened" and self._losses:
                await self._connect()
            elif line.kind == "call" and _asks(self._device, str(line.value)):
                await self._call(at, line)
            elif line.kind == "done":
                await self._done(at, str(line.value))
            elif line.kind == "closed" and line.value == LOST:
                await self._lost()
        await self._end()
        return self._outcomes

    async def _end(self) -> None:
        """The recording ended in the middle of these calls."""
        tasks = [task for _, task in self._calls]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _next_call(self, at: int) -> int:
        later = (n for n in range(at + 1, len(self._lines)) if self._lines[n].kind == "call")
        return next(later, len(self._lines))

    async def _connect(self) -> None:
        """Until the driver is connected; a recording may begin with attempts that fail."""
        end = asyncio.get_running_loop().time() + ASKED_S
        while True:
            try:
                return await self._device.open()
            except DeviceNotReady:
                if asyncio.get_running_loop().time() > end:
                    return
                await asyncio.sleep(0.05)

    async def _call(self, at: int, line: Line) -> None:
        await self._come_to(at)
        self._player.until(self._next_call(at))
        task = asyncio.create_task(self._made(at, line), name=f"recorded {line.value}")
        self._calls.append((str(line.value), task))
        await asyncio.sleep(0)

    async def _come_to(self, at: int) -> None:
        """Until the driver has done what it did by itself before line ``at``."""
        end = asyncio.get_running_loop().time() + ASKED_S
        while asyncio.get_running_loop().time() < end and (self._player.owed or not self._player.passed(at)):
            await asyncio.sleep(0.005)

    async def _lost(self) -> None:
        """Until the driver knows that the line is lost: what it is asked next, it was asked without a line."""
        self._losses += 1
        end = asyncio.get_running_loop().time() + ASKED_S
        while asyncio.get_running_loop().time() < end:
            knows = self._device.snapshot.device not in WELL or self._player.opened > self._losses
            if self._player.lost >= self._losses and knows:
                return
            await asyncio.sleep(0.005)

    async def _done(self, at: int, name: str) -> None:
        mine = next((call for call in self._calls if call[0] == name), None)
        if mine is None:
            return
        self._calls.remove(mine)
        if inspect.isasyncgenfunction(getattr(self._device, name)):
            await self._come_to(at)
            mine[1].cancel()  # whoever looked had seen enough
        try:
            async with asyncio.timeout(CALL_S):
                self._outcomes.append(await mine[1])
        except TimeoutError:
            self._outcomes.append({"raised": "TimeoutError"})

    async def _made(self, at: int, line: Line) -> Outcome:
        """Make the call with arguments like the recorded ones."""
        method = getattr(self._device, str(line.value))
        given = _arguments(method, line)
        if inspect.isasyncgenfunction(method):
            self._player.watched = True
            outcome = await _watched(method(*given))
            self._player.watched = False
            return {**outcome, **told_look(self._device)}
        if isinstance(self._device, EscpPrinter) and line.value in ("print_form", "print_raw"):
            page = self._page(at)
            raw = line.value == "print_raw"
            method, given[0] = (
                (method, b"".join((page.opening, *page.passes, page.ending)))
                if raw
                else (
                    self._device.print_page,
                    page,
                )
            )
        if isinstance(self._device, EscposPrinter) and line.value == "print_receipt":
            method, given[0] = self._device.print_picture, self._picture(at, self._device.dots)
        if isinstance(self._device, XfsReceiptPrinter) and line.value == "print_receipt":
            # The raster is not kept, and any is answered alike.
            method, given = self._device.print_raw, [b"", given[1]]
        try:
            outcome = told_result(await method(*given))
        except DeviceError as error:
            outcome = told_error(error)
        return {**outcome, **told_look(self._device)}

    def _writes(self, at: int) -> list[bytes]:
        """What the driver sent for the call at ``at``."""
        until = next(
            (n for n in range(at, len(self._lines)) if self._lines[n].kind == "done"), len(self._lines)
        )
        return [line.data for line in self._lines[at:until] if line.kind == "out"]

    def _page(self, at: int) -> Page:
        """The form as far as it was sent, and more of it when it did not come to its end."""
        page = page_of(self._writes(at))
        return page if page.ending else replace(page, passes=(*page.passes, *_REST_PASSES), ending=FORM_FEED)

    def _picture(self, at: int, dots: int) -> Bits:
        """The receipt as far as its silhouette was sent, and more of it when it was not cut off."""
        writes = self._writes(at)
        drawn = silhouette(writes, dots)
        if drawn is None:
            drawn = np.ones((_REST_ROWS, dots), np.bool_)
        elif not any(write.startswith(b"\x1dV") or write.startswith(b"\x1bd") for write in writes):
            drawn = np.vstack([drawn, np.ones((_REST_ROWS, dots), np.bool_)])
        return drawn


def _arguments(method: Callable[..., Any], line: Line) -> list[Any]:
    """Arguments like the recorded ones; raise ``RecordingError`` for what the call cannot take."""
    try:
        given = [argument(told) for told in line.more.get("with", ())]
        inspect.signature(method).bind(*given)
    except NONSENSE:
        raise RecordingError(
            f"the call '{line.value}' at {line.t} s has not what it takes; "
            "record it anew, or take the call and its 'done' out"
        ) from None
    return given


async def _watched(stream: AsyncGenerator[Any, None]) -> Outcome:
    """Look on until this is cancelled, or the stream ends by itself."""
    try:
        async with aclosing(stream) as found:
            async for _ in found:
                pass
    except DeviceError as error:
        return told_error(error)
    except asyncio.CancelledError:
        pass
    return told_result(None)
