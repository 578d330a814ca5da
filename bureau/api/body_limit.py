"""Refuses bodies that are too large before they are read, whether or not they say how large they are."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bureau.api.problems import ApiProblem, problem_response


class BodyLimit:
    """ASGI middleware over paths that begin with ``prefix``."""

    def __init__(self, app: ASGIApp, limit: int, prefix: str) -> None:
        self._app, self._limit, self._prefix = app, limit, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counted body."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._limit:
            await problem_response(self._too_large())(scope, receive, send)
            return
        count = 0

        async def counted() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > self._limit:
                raise self._too_large()
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> ApiProblem:
        return ApiProblem(413, "body-too-large", f"at most {self._limit} bytes are taken")
