"""The core's line to the centre."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config.settings import CentreSettings
from kiosk.centre import CentreClient
from sync.client import BureauClient
from tests.kiosk.program import World, world

ENDS_WITHIN_S = 20.0


class Line(BaseHTTPRequestHandler):
    """Answers, and keeps the connection for the next question."""

    protocol_version = "HTTP/1.1"
    ended = threading.Event()

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def finish(self) -> None:
        super().finish()
        self.ended.set()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


async def test_the_core_hangs_up_at_its_end_and_no_centre_waits_for_it(w: World) -> None:
    Line.ended.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Line) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            settings = CentreSettings(url=f"http://127.0.0.1:{server.server_port}")
            centre = CentreClient(BureauClient(settings, w.terminal.identity), lambda _yes: None)
            await centre.reachable()
            assert not Line.ended.is_set(), "the line is kept for the next question"
            centre.close()
            assert Line.ended.wait(ENDS_WITHIN_S)
        finally:
            server.shutdown()
            serving.join()
