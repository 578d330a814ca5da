"""The addresses of docs/integrating.md, over the standard library's server."""

from __future__ import annotations

import contextlib
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.standin.core.shelf import Missing, Outcome
from tests.standin.core.transactions import Core


def handler(core: Core) -> type[BaseHTTPRequestHandler]:
    """The addresses of docs/integrating.md."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body leave together: else each answer waits for an acknowledgement

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}"))

        def do_DELETE(self) -> None:
            self._answer({})

        def do_GET(self) -> None:
            if self.path == "/books":  # for the tests to look into
                self._say(200, {"result": core.books.data, "calls": core.calls})
            else:
                self._say(404, {"error": "absent"})

        def _answer(self, body: dict[str, Any]) -> None:
            parts = self.path.strip("/").split("/")
            try:
                self._say(200, {"result": self._do(parts, body)})
            except Outcome as outcome:
                self._say(409, {"error": outcome.error, "values": outcome.values})
            except Missing as missing:
                self._say(501, {"error": str(missing)})
            except KeyError as unknown:
                self._say(404, {"error": f"{unknown}"})

        def _do(self, parts: list[str], body: dict[str, Any]) -> Any:
            if parts == ["v1", "transactions"]:
                return core.begin(body["kind"], body["now"])
            name, rest = parts[2], parts[3:]
            if self.command == "DELETE" or rest == ["commit"]:
                return core.end(name, commit=rest == ["commit"])
            transaction = core.open[name]
            if rest == ["savepoint"]:
                return transaction.savepoint()
            if rest == ["undo"]:
                return transaction.undo(body["savepoint"])
            core.calls.append("/".join(rest))
            return transaction.call(rest[0], rest[1], body)

        def _say(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            with contextlib.suppress(ConnectionError):  # whoever asked has hung up
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: it would be the persons' numbers."""

    return Handler
