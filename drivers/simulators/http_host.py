"""Serves an ASGI application on a loopback port inside the cabinet's own loop, and can be cut off at once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """The cabinet's own program handles signals; a server inside it must not."""
        yield


class HttpHost:
    """One loopback server; ``port`` 0 picks a free one and keeps it over restarts."""

    def __init__(self, app: Any, port: int = 0) -> None:
        self._app = app
        self.port = port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._listener: socket.socket | None = None
        self._turn = asyncio.Lock()
        """Two hands may pull the cable and put it in at once."""

    @property
    def running(self) -> bool:
        """True while the port answers."""
        return self._server is not None

    async def start(self) -> None:
        """Bind and serve; idempotent."""
        async with self._turn:
            if self._server is None:
                await self._begin()

    async def _begin(self) -> None:
        listener = self._listener = self._listener or self._bound()
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
        )
        server = self._server = _Server(config)
        self._task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
        while not server.started and not self._task.done():
            await asyncio.sleep(0.005)
        if self._task.done():
            self._server = None
            self._task.result()

    def _bound(self) -> socket.socket:
        # asyncio lets an answer leave at once (TCP_NODELAY) only where it was told the protocol.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        return listener

    async def stop(self, *, hold: bool = False) -> None:
        """Close the port and break every connection, answered or not; idempotent.

        ``hold``: nobody answers at the port, and nobody else gets it either, until it starts again.
        """
        async with self._turn:
            server, self._server = self._server, None
            if server is not None and self._task is not None:
                await self._end(server, self._task)
            if self._listener is not None and not hold:
                self._listener.close()
                self._listener = None

    async def _end(self, server: _Server, task: asyncio.Task[None]) -> None:
        server.should_exit = server.force_exit = True
        for connection in list(server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
        await task
        if self._listener is not None:
            self._listener.close()  # a server that was stopped before it had begun leaves it open
        self._listener = self._bound()
