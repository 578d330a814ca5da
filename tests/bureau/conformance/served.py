"""Any ``System`` behind the addresses of docs/integrating.md, as the reference engine is when it is checked.

A transaction lives in a thread of its own, which is where its connection and its locks belong, and ends by itself when
nothing was asked in it for ``silent_s``.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import queue
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bureau.adapters.http_core import OUTCOMES, carried, ports
from bureau.ports.system import Answers, System, Work

PORTS = {**ports(), "answers": Answers}
SILENT_S = 3.0


class Ended(Exception):
    """The transaction is not there (any more)."""


class _Undone(Exception):
    """Leaves a transaction without committing it."""


class Held:
    """One transaction of the system."""

    def __init__(self, system: System, kind: str, terminal: str, silent_s: float) -> None:
        self._system, self._kind, self._terminal, self._silent_s = system, kind, terminal, silent_s
        self._asked: queue.Queue[tuple[Callable[[Work], Any] | None, Future[Any]]] = queue.Queue()
        self._begun: Future[None] = Future()
        self._ending: Future[Any] | None = None
        self._marks: list[Any] = []
        threading.Thread(target=self._live, daemon=True).start()
        self._begun.result()

    def _live(self) -> None:
        begin = self._system.read if self._kind == "read" else self._system.write
        try:
            with begin(self._terminal) as work:
                self._begun.set_result(None)
                self._serve(work)
            error: BaseException | None = None
        except _Undone:
            error = None
        except Exception as other:
            error = other
        if not self._begun.done():
            self._begun.set_exception(error or Ended())
        elif self._ending is not None:
            self._ending.set_exception(error) if error else self._ending.set_result(None)
        self._asked.put((None, Future()))  # whoever comes late is told
        while True:
            self._asked.get()[1].set_exception(Ended())

    def _serve(self, work: Work) -> None:
        """Until the commit; raises ``_Undone`` for DELETE and for silence."""
        while True:
            try:
                act, answer = self._asked.get(timeout=self._silent_s)
            except queue.Empty:
                raise _Undone from None
            if act is None:
                self._ending = answer
                return
            try:
                answer.set_result(act(work))
            except _Undone:
                self._ending = answer
                raise
            except Exception as error:
                answer.set_exception(error)

    def ask(self, act: Callable[[Work], Any] | None) -> Any:
        """What comes of ``act`` in the transaction; None commits."""
        answer: Future[Any] = Future()
        self._asked.put((act, answer))
        return answer.result(timeout=60)

    def drop(self) -> None:
        """Undo it."""

        def leave(_: Work) -> None:
            raise _Undone

        self.ask(leave)

    def savepoint(self) -> int:
        """Mark a place."""

        def mark(work: Work) -> int:
            self._marks.append(work.attempt())
            return len(self._marks) - 1

        return int(self.ask(mark))

    def undo(self, mark: int) -> None:
        """Undo what came after it."""

        def back(_: Work) -> None:
            self._marks[mark].rollback()
            del self._marks[mark:]

        self.ask(back)


class Served:
    """The system's transactions by name."""

    def __init__(self, system: System, silent_s: float) -> None:
        self._system, self._silent_s = system, silent_s
        self._held: dict[str, Held] = {}

    def do(self, method: str, parts: list[str], body: dict[str, Any]) -> Any:
        """The result of one request."""
        if parts == ["v1", "transactions"]:
            name = str(uuid.uuid4())
            self._held[name] = Held(self._system, body["kind"], body["terminal"], self._silent_s)
            return name
        held, rest = self._held.get(parts[2]), parts[3:]
        if held is None:
            raise Ended
        if method == "DELETE" or rest == ["commit"]:
            del self._held[parts[2]]
            return held.drop() if method == "DELETE" else held.ask(None)
        if rest == ["savepoint"]:
            return held.savepoint()
        if rest == ["undo"]:
            return held.undo(body["savepoint"])
        return held.ask(lambda work: called(work, rest[0], rest[1], body))


def called(work: Work, port: str, method: str, body: dict[str, Any]) -> Any:
    """One method of a port, its arguments and its result as JSON."""
    how = carried(PORTS[port], method)
    given = {name: how.arguments[name].validate_json(json.dumps(value)) for name, value in body.items()}
    part = work.answers if port == "answers" else getattr(work.core, port)
    return how.result.dump_python(getattr(part, method)(**given), mode="json")


def outcome(error: Exception) -> dict[str, Any]:
    """An outcome as it is written."""
    own = vars(type(error)).get("__init__")
    names = list(inspect.signature(own).parameters)[1:] if own is not None else []
    values = {name: getattr(error, name, str(error)) for name in names}
    return {"error": type(error).__name__, "values": values}


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body leave together: else each answer waits for an acknowledgement

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}"))

        def do_DELETE(self) -> None:
            self._answer({})

        def _answer(self, body: dict[str, Any]) -> None:
            try:
                said = {"result": served.do(self.command, self.path.strip("/").split("/"), body)}
                self._say(200, said)
            except tuple(OUTCOMES.values()) as error:
                self._say(409, outcome(error))
            except Exception as error:
                self._say(500, {"error": f"{type(error).__name__}: {error}"[:500]})

        def _say(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            with contextlib.suppress(ConnectionError):  # whoever asked has hung up
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server with this handler, on any free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def over_http(system: System, silent_s: float = SILENT_S) -> Iterator[str]:
    """The address of the system."""
    with listening(_handler(Served(system, silent_s))) as url:
        yield url
