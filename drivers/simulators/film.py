"""What every simulated camera has: a motion-JPEG stream over HTTP, as network cameras give it."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Literal

from pydantic import Field

from config.loopback import free_port
from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.cabled import CabledSimulator
from drivers.simulators.scenes import FPS, Covered, Dark, Scene

_BOUNDARY = "frame"
_STREAM_HEAD = (
    "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-store\r\n"
    f"Content-Type: multipart/x-mixed-replace; boundary={_BOUNDARY}\r\n\r\n"
).encode()
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Garbage(Parameters):
    """``truncated`` cuts JPEGs in the middle, ``noise`` sends random bytes, for ``count`` frames."""

    count: int = Field(5, ge=1, le=10_000)
    kind: Literal["truncated", "noise"] = "truncated"


class FilmSimulator(CabledSimulator):
    """Fifteen frames a second on ``/video.mjpg``, one on ``/snapshot.jpg``; draws nothing while nobody looks."""

    def __init__(self, name: str, pace: Pace, port: int, scene: Scene) -> None:
        super().__init__(name, pace)
        self.port = port
        self._scene = scene
        self._since = 0.0
        self._last = b""
        self._frozen = False
        self._spoilt = 0
        self._spoil_kind = "truncated"
        self._facts: dict[str, object] = {}
        self._server: asyncio.Server | None = None
        self._viewers: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._sent = 0

    @property
    def url(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self.port}/video.mjpg"

    async def start(self) -> None:
        """Listen; the first time on a free port when none is given."""
        if self._server is None:
            self.port = self.port or free_port()  # nobody else's meanwhile, when the cable is pulled
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self._since = asyncio.get_running_loop().time()

    async def stop(self) -> None:
        """Stop listening, cut every stream, and wait until each has ended."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        serving = dict(self._viewers)
        for writer in serving:
            writer.transport.abort()
        await asyncio.gather(*serving.values())
        await server.wait_closed()

    def state(self) -> dict[str, object]:
        """What stands before the lens and who looks."""
        return {
            "url": self.url,
            "plugged": self._server is not None,
            "scene": "frozen" if self._frozen else self._scene.name,
            **self._facts,
            "silent": self._silent,
            "linkFaults": self._faults.told(),
            "viewers": len(self._viewers),
            "counts": {"frames": self._sent},
        }

    # -- stream -------------------------------------------------------------------------------------

    async def _frame(self) -> bytes:
        if self._frozen and self._last:
            return self._last
        index = int((asyncio.get_running_loop().time() - self._since) * FPS)
        scene = self._scene
        ready = scene.ready(index)
        self._last = ready if ready is not None else await asyncio.to_thread(scene.frame, index)
        if self._spoilt:
            self._spoilt -= 1
            if self._spoil_kind == "noise":
                return random.Random(self._spoilt).randbytes(2000)
            return self._last[: len(self._last) // 3]
        return self._last

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._viewers[writer] = task
        try:
            async with asyncio.timeout(10):
                request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1] if request.count(b" ") >= 2 else b""
            if path == b"/video.mjpg":
                await self._stream(writer)
            elif path == b"/snapshot.jpg":
                picture = await self._frame()
                head = f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n"
                await self.answer(writer, head.encode() + b"Connection: close\r\n\r\n" + picture)
            else:
                writer.write(_NOT_FOUND)
                await writer.drain()
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self._viewers.pop(writer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_STREAM_HEAD)
        clock = asyncio.get_running_loop().time
        due = clock()
        while not writer.is_closing():
            if not self._silent:
                picture = await self._frame()
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                await self.answer(writer, head.encode() + picture + b"\r\n")
                self._sent += 1
            due = max(due + 1 / FPS, clock())
            await asyncio.sleep(due - clock())

    # -- hands --------------------------------------------------------------------------------------

    def show(self, scene: Scene, **facts: object) -> Outcome:
        """Put ``scene`` before the lens; ``facts`` are what the state tells of it."""
        self._scene, self._facts, self._frozen = scene, facts, False
        self._since = asyncio.get_running_loop().time()
        return {"scene": scene.name}

    @action("black", NoParameters)
    async def black(self, _: NoParameters) -> Outcome:
        """No light."""
        return self.show(Dark("black"))

    @action("covered", NoParameters)
    async def covered(self, _: NoParameters) -> Outcome:
        """A hand on the lens."""
        return self.show(Covered("covered"))

    @action("frozen", NoParameters)
    async def frozen(self, _: NoParameters) -> Outcome:
        """The camera hangs: the same frame, byte for byte, again and again."""
        await self._frame()
        self._frozen = True
        return {"scene": "frozen"}

    @action("garbage", Garbage)
    async def garbage(self, how: Garbage) -> Outcome:
        """Spoil the next frames."""
        self._spoilt, self._spoil_kind = how.count, how.kind
        return {}

    @action("clear", NoParameters)
    async def clear(self, _: NoParameters) -> Outcome:
        """End every fault; who stands before the camera stays."""
        self.clear_link()
        self._frozen = False
        self._spoilt = 0
        return {}
