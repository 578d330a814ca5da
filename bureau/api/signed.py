"""Who asks: each request is read once, its signature, time and nonce checked, and its answer signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel

from bureau.api.container import Container
from bureau.api.problems import Blocked, TooManyRequests, problem_response
from bureau.limits import Limiter, Rate
from sync import http_signatures
from sync.crypto import Verifier

BUREAU_KEY_ID = "bureau"
KeyOf = Callable[[str], tuple[Verifier, str] | None]
"""The key of who signs under that name, and the state they are in; None for nobody."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose sender is proven."""

    terminal: str
    state: str
    body: bytes
    content_type: str


class Gate:
    """Lets terminals in, or centres below. ``Work`` is what a route does once it knows who asks, on a worker thread."""

    def __init__(self, container: Container, key_of: KeyOf, blocked: type[Blocked]) -> None:
        """``key_of`` gives the key and the state of who signed; ``blocked`` is raised for one that is not active."""
        self._container, self._key_of, self._blocked = container, key_of, blocked
        self._limiter = Limiter(Rate(container.limits.requests_per_minute, 60))

    async def serve(
        self, request: Request, work: Callable[[Signed], Response], *, blocked_too: bool = False
    ) -> Response:
        """Check the request and answer it, signed. Raises what becomes a problem document.

        ``blocked_too`` lets suspended and quarantined terminals in as well (their health is of interest).
        """
        body = await request.body()
        return await run_in_threadpool(self._serve, request, body, work, blocked_too)

    def _serve(
        self, request: Request, body: bytes, work: Callable[[Signed], Response], blocked_too: bool
    ) -> Response:
        path, headers = _target(request), request.headers.items()
        terminal, state = self._who(request.method, path, headers, body)
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if wait := self._limiter.take(terminal):
                raise TooManyRequests(wait)
            if state != "active" and not blocked_too:
                raise self._blocked(terminal, state)
            response = work(Signed(terminal, state, body, content_type))
        except Exception as error:
            response = problem_response(error)
        asked = (request.method, path, headers)
        signature = http_signatures.sign_answer(
            response.status_code,
            dict(response.headers),
            bytes(response.body),
            asked,
            self._container.keys.signer,
            BUREAU_KEY_ID,
        )
        response.headers.update(signature)
        return response

    def _who(self, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> tuple[str, str]:
        states: dict[str, str] = {}

        def lookup(key_id: str) -> Verifier | None:
            found = self._key_of(key_id)
            if found is None:
                return None
            states[key_id] = found[1]
            return found[0]

        # the real clock: a signature is as old as it is, whatever day business is at
        now = datetime.now(UTC)
        verified = http_signatures.verify(method, path, headers, body, lookup, now=now)
        self._container.nonces.take(verified, now)
        return verified.key_id, states[verified.key_id]


def _target(request: Request) -> str:
    """The path as it was sent, with its query."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope.get("query_string", b"")
    return (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("ascii", "replace")


def reply(model: BaseModel, status: int = 200) -> Response:
    """A model as JSON; nothing of it may be kept by anybody on the way."""
    return Response(
        model.model_dump_json(),
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
