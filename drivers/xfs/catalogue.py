"""How a message is described once, for the server, the client and the capabilities alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from drivers.xfs.payload import Nothing, Payload

In = TypeVar("In", bound=Payload)
Out = TypeVar("Out", bound=Payload)


@dataclass(frozen=True, slots=True)
class Event(Generic[In]):
    """A message a service sends by itself: of one request, or (``unsolicited``) to every connection."""

    name: str
    payload: type[In]
    version: str = "2.0"
    unsolicited: bool = False


@dataclass(frozen=True, slots=True)
class Command(Generic[In, Out]):
    """One command and its completion.

    ``errors`` are the words ``errorCode`` may have. ``beside`` runs it beside the service's queue.
    ``moves`` marks what the hardware does visibly or a person waits for: it needs the device's ownership.
    ``acts`` marks what does something without that: it is nothing for a client that may only look.
    ``operator`` needs the operator role. ``graceful`` commands are never torn down: asked to stop, they look
    at ``Request.stopping`` between two motions and end by themselves. ``frees`` marks what is for a device that
    hangs: while the command that runs does (``Request.hangs``), it waits for nobody and asks no owner.
    """

    name: str
    payload: type[In]
    result: type[Out]
    version: str = "2.0"
    completion: str = "2.0"
    errors: frozenset[str] = frozenset()
    events: tuple[Event[Any], ...] = ()
    beside: bool = False
    moves: bool = False
    acts: bool = False
    operator: bool = False
    graceful: bool = False
    frees: bool = False

    @property
    def interface(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]


def words(text: str) -> frozenset[str]:
    """The error codes written in ``text``, separated by blanks."""
    return frozenset(text.split())


AnyCommand = Command[Any, Any]
AnyEvent = Event[Any]


def signal(name: str, version: str = "2.0", *, unsolicited: bool = False) -> Event[Nothing]:
    """An event without payload."""
    return Event(name, Nothing, version, unsolicited)


@dataclass(frozen=True, slots=True)
class Interface:
    """All messages of one XFS4IoT class; ``status`` checks its object in ``Common.Status``."""

    name: str
    commands: tuple[AnyCommand, ...]
    events: tuple[AnyEvent, ...] = ()
    status: type[Payload] | None = None

    @property
    def key(self) -> str:
        """Its property in Status and Capabilities: ``cardReader``."""
        return self.name[0].lower() + self.name[1:]

    def all_events(self) -> Iterable[AnyEvent]:
        """Unsolicited events and those of its commands, each once."""
        seen = {event.name: event for event in self.events}
        for command in self.commands:
            seen |= {event.name: event for event in command.events}
        return seen.values()
