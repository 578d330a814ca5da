"""One service of another vendor: its queue, its clients, what it says of itself; from the message definitions alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection


class Failed(Exception):
    """A completion that is none of success."""

    def __init__(self, code: str, error: str = "", say: str = "") -> None:
        super().__init__(code)
        self.code, self.error, self.say = code, error, say


@dataclass
class Waiting:
    """One command in the queue of its service."""

    socket: ServerConnection
    header: dict[str, Any]
    payload: dict[str, Any]
    task: asyncio.Task[None] | None = None


Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass
class Service:
    """One service: its queue, its clients, what it says of itself."""

    name: str
    interface: str
    part: str
    commands: dict[str, tuple[str, str, Handler]]
    capabilities: dict[str, Any]
    status: dict[str, Any]
    device: str = "online"
    other_capabilities: dict[str, Any] = field(default_factory=dict)
    other_status: dict[str, Any] = field(default_factory=dict)
    running: Waiting | None = None
    queue: asyncio.Queue[Waiting] = field(default_factory=asyncio.Queue)
    clients: set[ServerConnection] = field(default_factory=set)
    pending: list[Waiting] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        common = {"device": self.device, "exchange": "inactive"}
        return {"common": common, self.part: self.status, **self.other_status}

    def described(self) -> dict[str, Any]:
        own: dict[str, dict[str, Any]] = {self.interface: {}}
        for name, (version, _, _) in self.commands.items():
            interface = name.partition(".")[0]
            own.setdefault(interface[0].lower() + interface[1:], {})[name] = {"versions": [version]}
        common = {
            "Common.Status": {"versions": ["2.0"]},
            "Common.Capabilities": {"versions": ["2.0"]},
            "Common.Cancel": {"versions": ["2.0"]},
        }
        return {
            "interfaces": [
                {"name": "common", "commands": common, "maximumRequests": 0},
                *({"name": name, "commands": its, "maximumRequests": 0} for name, its in own.items()),
            ],
            "common": {"serviceVersion": "2.0", "deviceInformation": [{"modelName": f"Vendor {self.name}"}]},
            self.part: self.capabilities,
            **self.other_capabilities,
        }

    async def tell(self, name: str, payload: dict[str, Any], version: str = "3.0") -> None:
        """An unsolicited message to everybody, in the reference framework's shape."""
        text = json.dumps({"header": {"name": name, "type": "event", "version": version}, "payload": payload})
        for socket in tuple(self.clients):
            with contextlib.suppress(Exception):
                await socket.send(text)

    async def event(self, name: str, payload: dict[str, Any] | None = None, version: str = "2.0") -> None:
        """An event of the command that is executed now, to whoever sent it."""
        assert self.running is not None
        header = {
            "name": name,
            "requestId": self.running.header["requestId"],
            "type": "event",
            "version": version,
        }
        text = json.dumps({"header": header} | ({"payload": payload} if payload is not None else {}))
        with contextlib.suppress(Exception):
            await self.running.socket.send(text)

    async def change(self, **status: Any) -> None:
        """Set values of the class status and tell of it."""
        self.status |= status
        await self.tell("Common.StatusChangedEvent", {self.part: status})

    async def tell_part(self, part: str, **status: Any) -> None:
        """The same for another class that the service has."""
        self.other_status.setdefault(part, {}).update(status)
        await self.tell("Common.StatusChangedEvent", {part: status})
