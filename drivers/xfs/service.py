"""An XFS4IoT endpoint: its messages, its connections, its queue. It knows nothing of devices."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from drivers.errors import NotAuthorised
from drivers.xfs.auth import Client
from drivers.xfs.catalogue import AnyCommand, Command, Event
from drivers.xfs.envelope import CommandMessage, write_completion, write_unsolicited
from drivers.xfs.failure import explain
from drivers.xfs.ownership import Ownership
from drivers.xfs.payload import Payload
from drivers.xfs.queue import CommandQueue
from drivers.xfs.request import STUCK_S, Handler, Peer, Request
from drivers.xfs.words import CompletionCode, MessageType

log = logging.getLogger("kiosk.devices.xfs")

MAXIMUM_REQUESTS: Final = 32
"""Requests a connection may have in the queue, and as many beside it; one more is refused with tooManyRequests."""

In = TypeVar("In", bound=Payload)
Out = TypeVar("Out", bound=Payload)


class Line(Peer):
    """A connection as the service sees it."""

    unsolicited_as: MessageType
    pending: dict[int, Request]


class Service:
    """One endpoint. ``start`` and ``close`` on the loop; connections join and leave in between."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: set[Line] = set()
        self.queue = CommandQueue(name)
        self.ownership = Ownership(name, self.held)
        self._offered: dict[str, tuple[AnyCommand, Handler]] = {}
        self._aside: set[asyncio.Task[None]] = set()
        self._given_up: set[asyncio.Task[Payload]] = set()

    def held(self) -> bool:
        """True while the device must not change hands."""
        return False

    def stuck(self) -> None:
        """The driver does not honour a cancellation: connect the device anew."""

    def offer(self, command: Command[In, Out], handler: Callable[[Request, In], Awaitable[Out]]) -> None:
        """Serve ``command``; what is not offered is answered ``unsupportedCommand``."""
        self._offered[command.name] = (command, handler)

    @property
    def offered(self) -> Iterable[AnyCommand]:
        """All commands served here."""
        return [command for command, _ in self._offered.values()]

    def beside(self, name: str) -> bool:
        """Whether the command ``name`` is executed beside the queue."""
        found = self._offered.get(name)
        return found is not None and found[0].beside

    def start(self) -> None:
        """Begin to execute commands."""
        self.queue.start()

    async def close(self) -> None:
        """Cancel everything and wait for its end: also of handlers that were given up and run on, for ``STUCK_S``."""
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self.queue.close()
        for handler in self._given_up:
            handler.cancel()
        if self._given_up:
            await asyncio.wait(self._given_up, timeout=STUCK_S)

    def broadcast(self, event: Event[In], body: In | None = None) -> None:
        """Tell every connection; who is not there has missed it."""
        payload = body.wire() if body is not None else {}
        for line in self.lines:
            line.send(write_unsolicited(event.name, event.version, payload, line.unsolicited_as))

    def join(self, line: Line) -> None:
        """A client has connected."""
        self.lines.add(line)

    def leave(self, line: Line) -> None:
        """A client has gone: what it asked for is cancelled."""
        self.lines.discard(line)
        for request in [*line.pending.values()]:
            request.stop(CompletionCode.CANCELED)
        if all(other.client.name != line.client.name for other in self.lines):
            self.ownership.left(line.client)

    def accept(self, line: Line, message: CommandMessage) -> None:
        """Execute an acknowledged command, now or in its turn."""
        found = self._offered.get(message.name)
        if found is None or message.major != int(found[0].version.partition(".")[0]):
            why = "no such command here" if found is None else f"this service speaks {found[0].version}"
            self._refuse(line, message, found, CompletionCode.UNSUPPORTED_COMMAND, why)
            return
        command, handler = found
        try:
            self._authorise(line.client, command)
            payload = self._check(command, message.payload)
            # Not before: what cannot be executed makes nobody the owner.
            if command.moves and not self._frees(command):
                self.ownership.claim(line.client, owner_busy=self._owner_busy())
        except NotAuthorised as error:
            self._refuse(line, message, found, CompletionCode.AUTHORISATION_REQUIRED, str(error))
        except TypeError as error:
            self._refuse(line, message, found, CompletionCode.INVALID_COMMAND, str(error))
        except ValidationError as error:
            self._refuse(line, message, found, CompletionCode.INVALID_DATA, explain(error))
        else:
            request = Request(line, message.request_id, command, payload, message.timeout_ms, handler)
            request.on_stuck(self.stuck)
            request.then(lambda: self._remember(request))
            line.pending[request.id] = request
            self.execute(request)

    def execute(self, request: Request) -> None:
        """Put a request into its place: the queue, or beside it."""
        if not request.command.beside and not self._frees(request.command):
            self.queue.put(request)
            return
        task = asyncio.create_task(request.run(), name=f"{self.name}: {request.command.name}")
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    def _remember(self, request: Request) -> None:
        """Keep hold of a handler that outlived its completion: nobody else would wait for it at the end."""
        if (handler := request.given_up) is not None:
            self._given_up.add(handler)
            handler.add_done_callback(self._given_up.discard)

    def _authorise(self, client: Client, command: AnyCommand) -> None:
        if command.operator and not client.operator:
            raise NotAuthorised(f"{command.name} needs the operator role, which {client.name} has not")
        if (command.moves or command.acts) and not client.may_move:
            raise NotAuthorised(f"{client.name} may only look at {self.name}; give its token another role")

    def _frees(self, command: AnyCommand) -> bool:
        """Whether somebody waits in vain for what runs, and ``command`` ends that."""
        return command.frees and self.queue.hanging is not None

    def _owner_busy(self) -> bool:
        owner = self.ownership.owner
        return owner is not None and any(
            request.command.moves
            for line in self.lines
            if line.client.name == owner.name
            for request in line.pending.values()
        )

    def _check(self, command: AnyCommand, payload: object) -> Payload:
        """The typed payload; ``TypeError`` for what is no object, ``ValidationError`` for a bad value."""
        if payload is not None and not isinstance(payload, dict):
            raise TypeError("the payload is no object")
        model: type[Payload] = command.payload
        return model.model_validate(payload or {})

    def _refuse(
        self,
        line: Line,
        message: CommandMessage,
        found: tuple[AnyCommand, Any] | None,
        code: CompletionCode,
        why: str,
    ) -> None:
        log.info("%s: %s from %s ends %s: %s", self.name, message.name, line.client.name, code, why)
        version = found[0].completion if found else message.version
        line.send(write_completion(message.name, message.request_id, version, code, None, why))
