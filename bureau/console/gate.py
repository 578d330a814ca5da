"""In front of every page: who comes in, from where, and with which headers an answer leaves.

Nothing but the way in itself is answered to whoever is not signed in, a WebSocket least of all. What is behind a page
that a role does not open is not asked at all.
"""

from __future__ import annotations

import asyncio
import re
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import quote, urlsplit

from nicegui import __version__ as version
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bureau.console.map import open_to, place_of
from bureau.console.way_in import ASSETS, COOKIE, forbidden
from bureau.officers.sessions import Session, Sessions

WAY_IN: Final = frozenset(
    {
        "/sign-in",
        "/sign-in/code",
        "/sign-in/out",
        "/enrol",
        "/enrol/take-up",
        *(f"/assets/{name}" for name in ASSETS),
    }
)
"""What is answered to everybody."""
FRAMEWORK: Final = f"/_nicegui/{version}/"
"""The framework's own scripts and styles: the same for everybody, and read alone."""
MOST_BYTES: Final = 16_384
"""Of a form; what a page sends beyond that goes over its WebSocket."""
LARGER: Final = (
    (re.compile(r"/inspections/\d{20}/pictures/[0-9a-f-]{36}", re.ASCII), 24 * 1024 * 1024),
    (re.compile(r"/inspections/\d{20}/(form|sign)", re.ASCII), 256 * 1024),
)
"""What an officer sends from the spot, who is signed in: a picture, which is looked at before it is decoded
(``bureau.engine.inspecting.pictures``), a form, a signature."""
HEADERS: Final = {
    # NiceGUI compiles its templates in the browser, which needs 'unsafe-eval', and begins by a script in the page.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SAFE: Final = frozenset({"GET", "HEAD"})


class Gate:
    """ASGI middleware. ``origin`` is the console's own address; a request from a page of any other changes nothing."""

    def __init__(self, app: ASGIApp, sessions: Sessions, origin: str) -> None:
        self._app, self._sessions = app, sessions
        self._origin = _origin_of(origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, send to the way in, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        token = token_of(Headers(scope=scope))
        there = scope["type"] == "http" and not scope["path"].startswith(FRAMEWORK)
        session = await asyncio.to_thread(self._sessions.of, token, there=there) if token else None
        scope.setdefault("state", {}).update(session=session, token=token)
        if scope["type"] == "websocket":
            if session is None or not self._own(Headers(scope=scope)):
                await send({"type": "websocket.close", "code": 4403})
                return
            await self._app(scope, receive, send)
            return
        answer = self._refusal(scope, session)
        await (answer or self._app)(scope, receive, _with_headers(scope, send))

    def _refusal(self, scope: Scope, session: Session | None) -> Response | None:
        path, method = scope["path"], scope["method"]
        if method not in SAFE and not self._own(Headers(scope=scope)):
            return Response("the request comes from another page", 403)
        if method not in SAFE and not _small(Headers(scope=scope), path if session is not None else ""):
            return Response("the form is too large", 413)
        if path in WAY_IN or (path.startswith(FRAMEWORK) and method in SAFE):
            return None
        if session is None:
            if method == "GET" and place_of(path) is not None:
                query = scope["query_string"].decode("latin-1")
                wanted = f"{path}?{query}" if query else path
                return RedirectResponse(f"/sign-in?next={quote(wanted)}", 303)
            return Response("sign in first", 403)
        place = place_of(path)
        if place is not None and not open_to(session.officer.roles, place):
            return forbidden(session.officer.lang)
        return None

    def _own(self, headers: Headers) -> bool:
        """Whether a browser says that a page of ours asks. One that says nothing (RFC 6454, 7.3) is not believed."""
        return headers.get("origin", "") == self._origin


def token_of(headers: Headers) -> str:
    """The token of a session, as the browser's cookie has it; empty when there is none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _small(headers: Headers, path: str) -> bool:
    """Whether a form says beforehand that it is no larger than any of ours."""
    length = headers.get("content-length", "")
    most = next((size for pattern, size in LARGER if pattern.fullmatch(path)), MOST_BYTES)
    return length.isdecimal() and int(length) <= most


def _with_headers(scope: Scope, send: Send) -> Send:
    """Add what every answer has; no copy of anybody's data is kept on the way."""
    shared = scope["path"].startswith((FRAMEWORK, "/assets/"))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if not shared:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
