"""A service that says what it likes: a WebSocket with a script, from the message definitions alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Said = list[str | float]
"""Texts to send one after the other; a number is a pause in seconds."""


def message(kind: str, header: dict[str, Any], payload: Any = None, **changes: Any) -> str:
    """One message about a command's ``header``; ``None`` takes a part of the header out."""
    told = {
        "name": header["name"],
        "requestId": header["requestId"],
        "type": kind,
        "version": "3.0",
    } | changes
    body = {"header": {name: value for name, value in told.items() if value is not None}}
    return json.dumps(body if payload is None else body | {"payload": payload})


def done(header: dict[str, Any], payload: Any = None, **changes: Any) -> str:
    """A completion, of success unless ``completionCode`` says otherwise."""
    return message("completion", header, payload, **({"completionCode": "success"} | changes))


class RudeService:
    """One service; ``script`` has what it answers to a command by its name, also in place of its own answers."""

    def __init__(self, part: str, commands: dict[str, list[str]]) -> None:
        self.heard: list[dict[str, Any]] = []
        self.script: dict[str, Callable[[dict[str, Any]], Said]] = {}
        self.sockets: set[ServerConnection] = set()
        self.came = 0
        self.uri = ""
        self._part = part
        self._commands = commands
        self._saying: set[asyncio.Task[None]] = set()

    def capabilities(self) -> dict[str, Any]:
        listed = {name: {"versions": versions} for name, versions in self._commands.items()}
        names = {name.partition(".")[0] for name in self._commands}
        interfaces = [
            {"name": one, "commands": {n: v for n, v in listed.items() if n.startswith(f"{one}.")}}
            for one in names
        ]
        return {"interfaces": interfaces, self._part: {"type": {"document": True}}}

    def asked(self, name: str) -> list[dict[str, Any]]:
        """The headers of every such command."""
        return [header for header in self.heard if header["name"] == name]

    async def say(self, *said: str) -> None:
        """Something to everybody, unasked."""
        for socket in tuple(self.sockets):
            for text in said:
                await socket.send(text)

    async def _client(self, socket: ServerConnection) -> None:
        self.sockets.add(socket)
        self.came += 1
        try:
            async for text in socket:
                header = json.loads(text)["header"]
                self.heard.append(header)
                task = asyncio.create_task(self._answer(socket, header))
                self._saying.add(task)
                task.add_done_callback(self._saying.discard)
        finally:
            self.sockets.discard(socket)

    async def _answer(self, socket: ServerConnection, header: dict[str, Any]) -> None:
        with suppress(ConnectionClosed):
            for said in self.script.get(header["name"], self._ordinary)(header):
                await (asyncio.sleep(said) if isinstance(said, float) else socket.send(said))

    def _ordinary(self, header: dict[str, Any]) -> Said:
        match header["name"]:
            case "Common.Capabilities":
                payload: dict[str, Any] = self.capabilities()
            case "Common.Status":
                payload = {"common": {"device": "online"}, self._part: {"media": "notPresent"}}
            case _:
                payload = {}
        return [message("acknowledge", header), done(header, payload)]


@asynccontextmanager
async def rude(part: str, commands: dict[str, list[str]]) -> AsyncIterator[RudeService]:
    """Such a service at a free port of loopback."""
    service = RudeService(part, commands)
    async with serve(service._client, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        service.uri = f"ws://127.0.0.1:{port}/xfs4iot/v1.0/Rude"
        yield service
        for task in tuple(service._saying):
            task.cancel()
