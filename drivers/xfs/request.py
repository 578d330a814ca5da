"""One accepted command, from its acknowledge to its one completion."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, TypeVar

from config.clock import Deadline
from drivers.errors import DeviceError
from drivers.xfs.auth import Client
from drivers.xfs.catalogue import AnyCommand, Event
from drivers.xfs.envelope import write_completion, write_event
from drivers.xfs.failure import Ending, ending_of
from drivers.xfs.payload import Payload
from drivers.xfs.words import CompletionCode

log = logging.getLogger("kiosk.devices.xfs")

GRACE_S: Final = 0.25
"""How long after its deadline a handler may still end by itself before it is torn down."""
STUCK_S: Final = 5.0
"""How long a driver may take to honour a cancellation before its device is connected anew."""

GRACEFUL_S: Final = 600.0
"""How long a graceful command may take to its end once it was asked to stop: longer than any motion of a device. One
that does not end at all must not hold the queue for ever."""

LAST_MOTION_S: Final = 35.0
"""How long a motion may take to its end when the program stops (the unit's TimeoutStopSec is 45)."""
HONOURED_S: Final = 1.0
"""How long a cancellation takes that is honoured, also on a machine that stalls."""

Body = TypeVar("Body", bound=Payload)
Handler = Callable[["Request", Any], Awaitable[Payload]]


class Peer(Protocol):
    """The end a request came from."""

    @property
    def client(self) -> Client:
        """Who it is."""
        ...

    @property
    def unread(self) -> int:
        """How many messages wait to be sent, because what was sent before has not been taken."""
        return 0

    def send(self, text: str, *, droppable: bool = False) -> None:
        """Send when the line is free; ``droppable`` text is left out when it is not."""
        ...

    def finished(self, request: Request) -> None:
        """Forget the request's number."""
        ...


class Request:
    """A command under way. Created on receipt: its deadline counts from there, waiting included.

    A handler reads ``deadline`` and, when its command is graceful, ``stopping`` between two motions.
    """

    def __init__(
        self,
        peer: Peer,
        request_id: int,
        command: AnyCommand,
        payload: Payload,
        timeout_ms: int,
        handler: Handler,
    ) -> None:
        self.peer = peer
        self.id = request_id
        self.command = command
        self.payload = payload
        self.deadline = Deadline.after(timeout_ms / 1000 if timeout_ms else None)
        self.stopping: CompletionCode | None = None
        self._end_by = Deadline.after(None)
        self._hangs_from = Deadline.after(None)
        self.done = False
        self._handler = handler
        self._task: asyncio.Task[Payload] | None = None
        self._after: list[Callable[[], None]] = []
        self._stuck: Callable[[], None] = lambda: None
        self._timer: asyncio.TimerHandle | None = None
        if (remaining := self.deadline.remaining) is not None:
            self._timer = asyncio.get_running_loop().call_later(remaining, self._expired)

    @property
    def client(self) -> Client:
        """Who asked."""
        return self.peer.client

    @property
    def running(self) -> bool:
        """True from the handler's start to the completion."""
        return self._task is not None and not self.done

    @property
    def given_up(self) -> asyncio.Task[Payload] | None:
        """The handler that runs on although its command has been completed; None when there is none."""
        return self._task if self.done and self._task is not None and not self._task.done() else None

    @property
    def hangs(self) -> bool:
        """Whether it runs on although it was asked to end, or its time was up, longer ago than any motion takes.

        So does one that nobody has asked to end, without a limit or with a far one, when it has run for ``GRACEFUL_S``.
        """
        return self.running and self._hangs_from.passed

    def give_up(self) -> None:
        """Wait no longer for the end of one that hangs: its device is connected anew, and the next has its turn."""
        self._end_by = Deadline.after(0)

    def event(self, event: Event[Body], body: Body | None = None, *, droppable: bool = False) -> None:
        """Tell the asking connection something before the completion."""
        if not self.done:
            payload = body.wire() if body is not None else {}
            self.peer.send(write_event(event.name, self.id, event.version, payload), droppable=droppable)

    def then(self, act: Callable[[], None]) -> None:
        """Do ``act`` right after the completion has been sent."""
        self._after.append(act)

    def on_stuck(self, act: Callable[[], None]) -> None:
        """Do ``act`` when the driver does not honour a cancellation."""
        self._stuck = act

    def stop(self, reason: CompletionCode) -> None:
        """Ask it to end: at once while it waits, when it can while it runs."""
        if self.done or self.stopping is not None:
            return
        self.stopping = reason
        self._end_by = Deadline.after(GRACEFUL_S if self.command.graceful else STUCK_S)
        self._hangs_from = Deadline.after(LAST_MOTION_S if self.command.graceful else HONOURED_S)
        if self._task is None:
            self.complete(Ending(reason, None, "ended before its turn"))
        elif not self.command.graceful:
            self._task.cancel()

    def _expired(self) -> None:
        if self._task is None or self.command.graceful:
            self.stop(CompletionCode.TIME_OUT)
        elif not self.done:
            # The handler knows the deadline too and usually ends with it, which says more than a cancel.
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(GRACE_S, self.stop, CompletionCode.TIME_OUT)

    async def run(self) -> None:
        """Execute and complete; returns when the handler has ended, or is given up for stuck."""
        if self.done:
            return
        if self.stopping is None:
            self._hangs_from = Deadline.after(GRACEFUL_S)
        self._task = asyncio.create_task(self._call(), name=self.command.name)
        self._task.add_done_callback(_retrieve)
        try:
            await self._watch(self._task)
        except asyncio.CancelledError:  # the service closes
            self.stop(CompletionCode.CANCELED)
            if self.command.graceful:  # paper under way is brought to its end
                await asyncio.wait({self._task}, timeout=LAST_MOTION_S)
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=STUCK_S)
            raise
        finally:
            if self._task.done():
                self.complete(self._ending(self._task))

    async def _call(self) -> Payload:
        return await self._handler(self, self.payload)

    async def _watch(self, task: asyncio.Task[Payload]) -> None:
        """Wait for the end; a driver that does not stop when it was asked to gets its device connected anew."""
        while not task.done() and not self._end_by.passed:
            await asyncio.wait({task}, timeout=min(1.0, STUCK_S))
        if task.done():
            return
        log.error("%s does not end after it was asked to; the device is connected anew", self.command.name)
        self._stuck()
        await asyncio.wait({task}, timeout=STUCK_S)
        if not task.done():
            self.complete(Ending(CompletionCode.HARDWARE_ERROR, None, "the driver does not answer"))

    def _ending(self, task: asyncio.Task[Payload]) -> Ending:
        try:
            return self._told(task)
        except asyncio.CancelledError:
            return Ending(self.stopping or CompletionCode.CANCELED, None, "stopped")
        except Exception:
            log.exception("%s failed by a fault of this program", self.command.name)
            return _OUR_FAULT

    def _told(self, task: asyncio.Task[Payload]) -> Ending:
        """What the handler gave, or the failure that it raised on purpose."""
        try:
            return Ending(CompletionCode.SUCCESS, task.result().wire())
        except DeviceError as error:
            if self.stopping is not None and error.completion == CompletionCode.TIME_OUT:
                return Ending(self.stopping, None, str(error))
            return ending_of(error, self.command, too_late=self.deadline.passed)

    def complete(self, ending: Ending) -> None:
        """Send the completion; the first one counts."""
        if self.done:
            return
        self.done = True
        if self._timer is not None:
            self._timer.cancel()
        try:
            text = self._written(ending)
        except (TypeError, ValueError):
            log.exception("%s ended with what no message can hold", self.command.name)
            text = self._written(_OUR_FAULT)
        self.peer.send(text)
        self.peer.finished(self)
        for act in self._after:
            act()

    def _written(self, ending: Ending) -> str:
        names = self.command.name, self.id, self.command.completion
        return write_completion(*names, ending.code, ending.payload, ending.description)


_OUR_FAULT: Final = Ending(CompletionCode.INTERNAL_ERROR, None, "a fault of the service; see its log")


def _retrieve(task: asyncio.Task[Payload]) -> None:
    """Look at the error of a task that was given up, so that asyncio does not report it as forgotten."""
    if not task.cancelled():
        task.exception()
