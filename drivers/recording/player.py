"""Plays a recording against a driver in lockstep: each answer comes when the driver has asked what it answers.

The driver's own polls come at other moments than they did, so a poll may be asked again (it gets the newest
answer of its kind) or left out. Anything else that differs is a *deviation*: it is counted, told, and the recording
goes on at the next request that fits.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from drivers.protocols.wire import Wire
from drivers.recording.lines import Line, Recording

CLOSED_BY_US = "closed"
"""Why a line was closed that the driver closed itself (``Channel.close``)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the device did after a request: bytes in the pieces in which they came, and whether the line was lost.

    A line lost by itself is so ``lost_after_s`` seconds later: a driver that waits is told otherwise than one that
    has just asked.
    """

    pieces: tuple[bytes, ...] = ()
    lost: str | None = None
    lost_after_s: float = 0.0


@dataclass(slots=True)
class _Step:
    """One request of the recording and what came before the next one. The first step has no request."""

    at: int
    request: bytes
    key: bytes | None
    pieces: list[bytes] = field(default_factory=list)
    lost: str | None = None
    lost_after_s: float = 0.0
    opens: bool = False


class Player:
    """A recording and how far it has come; used from several threads."""

    def __init__(self, recording: Recording, wire: Wire) -> None:
        self._wire = wire
        self._guard = threading.Lock()
        self._steps = _steps(recording.lines, wire)
        self._next = 0
        self._limit = len(recording.lines)
        self._newest: dict[bytes, _Step] = {}
        self.opened = 0
        """How often the driver has opened the line."""
        self.lost = 0
        """How often it has been told that the line is lost."""
        self.owed = 0
        """What came by itself and has not been handed to the driver yet."""
        self.watched = False
        """Whether somebody looks on, for whom a camera is opened."""
        self.deviations: list[str] = []

    def until(self, at: int) -> None:
        """Play no further than line ``at``: what stands behind it answers a call that has not been made yet."""
        with self._guard:
            self._limit = at

    def passed(self, at: int) -> bool:
        """Whether all requests before line ``at`` have been made, but for polls, which may still come."""
        with self._guard:
            rest = self._steps[self._next :]
            return all(step.key is None or self._wire.idle(step.key) or step.at >= at for step in rest)

    def open(self) -> Reply | None:
        """The driver opens the line: what came then by itself; None when it could never be opened again."""
        with self._guard:
            for number in range(self._next, len(self._steps)):
                if self._steps[number].opens:
                    self._next = number + 1
                    self.opened += 1
                    self._wire.settle()  # what the driver sends now begins anew
                    return self._reply(self._steps[number], b"")
            return None

    def ask(self, request: bytes) -> Reply:
        """The driver sends ``request``: what the device answered."""
        with self._guard:
            key = self._wire.key(self._wire.outgoing(request))
            if key is None:
                return Reply()
            found = self._find(key)
            if found is not None:
                self._pass(found)
                return self._reply(self._steps[found], request)
            if not self._wire.idle(key):
                self._deviate(f"the driver asked what the recording does not have here: {_short(key)}")
                return Reply()
            known = self._newest.get(key) or self._later(key)
            return Reply() if known is None else self._reply(known, request, lose=False)

    def end(self) -> None:
        """The run is over; what waits for the recording waits no more."""

    def _find(self, key: bytes) -> int | None:
        """The step that is asked for: the next one, else one that only polls stand before, else the next like it."""
        ahead = [n for n in range(self._next, len(self._steps)) if self._steps[n].at < self._limit]
        fitting = next((n for n in ahead if self._steps[n].key == key), None)
        if fitting is None:
            return None
        between = [self._steps[n] for n in ahead if n < fitting]
        if any(step.lost is not None or step.opens for step in between):
            return None  # the line is lost first
        skipped = [step for step in between if step.key is not None and not self._wire.idle(step.key)]
        if skipped and self._wire.idle(key):
            return None  # a poll that came early
        for step in skipped:
            self._deviate(f"the driver left out {_short(step.key or b'')}")
        return fitting

    def _pass(self, found: int) -> None:
        for step in self._steps[self._next : found + 1]:
            if step.key is not None:
                self._newest[step.key] = step
        self._next = found + 1

    def _later(self, key: bytes) -> _Step | None:
        return next((step for step in self._steps[self._next :] if step.key == key), None)

    def _reply(self, step: _Step, request: bytes, *, lose: bool = True) -> Reply:
        whole = b"".join(step.pieces)
        if request:
            whole = self._wire.readdressed(step.request, request, whole)
        cut, at = [], 0
        for piece in step.pieces:
            cut.append(whole[at : at + len(piece)])
            at += len(piece)
        return Reply(tuple(cut), step.lost if lose else None, step.lost_after_s)

    def _deviate(self, what: str) -> None:
        self.deviations.append(what)


def _steps(lines: tuple[Line, ...], wire: Wire) -> list[_Step]:
    steps = [_Step(-1, b"", None)]
    for at, line in enumerate(lines):
        step = steps[-1]
        if line.kind == "opened":
            steps.append(_Step(at, b"", None, opens=True))
        elif line.kind == "out":
            key = wire.key(line.data)
            if key is not None:
                steps.append(_Step(at, line.data, key))
        elif line.kind == "in":
            _asking(line.data, steps, wire).pieces.append(line.data)
        elif line.kind == "closed" and line.value != CLOSED_BY_US:
            step.lost, step.lost_after_s = str(line.value), line.t - lines[at - 1].t if at else 0.0
    return steps


def _asking(data: bytes, steps: list[_Step], wire: Wire) -> _Step:
    """The step whose request ``data`` answers: the last one, or one before it that still waits for its answer."""
    if wire.answers(steps[-1].request, data):
        return steps[-1]
    waiting = (step for step in reversed(steps) if not step.pieces and wire.answers(step.request, data))
    return next(waiting, steps[-1])


def _short(key: bytes) -> str:
    return key[:16].hex(" ") + ("…" if len(key) > 16 else "")
