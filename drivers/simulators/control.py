"""The cabinet's control interface on loopback: look at everything, do anything, with a token; and its page."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from drivers.simulators.base import Simulator, log
from drivers.simulators.errors import (
    ActionRefusedError,
    BadParameterError,
    SimulatorError,
    UnknownActionError,
    UnknownDeviceError,
)
from drivers.simulators.face_traits import Looks
from drivers.simulators.faces import draw_face
from drivers.simulators.hands import ALIASES
from drivers.simulators.personas import Cast
from drivers.simulators.printed import PrintedStore

_STATUS: dict[type[SimulatorError], int] = {
    UnknownDeviceError: 404,
    UnknownActionError: 404,
    BadParameterError: 422,
    ActionRefusedError: 409,
}
_PAGE = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Control:
    """Serves ``devices`` by name. Browsers of other sites are kept out by token and Host header."""

    def __init__(self, devices: Mapping[str, Simulator], cast: Cast, store: PrintedStore, token: str) -> None:
        self._devices = devices
        self._cast = cast
        self._store = store
        self._token = token
        routes = [Route(path, self._static, methods=["GET"]) for path in _PAGE]
        routes += [
            Route("/state", self._guarded(self._state), methods=["GET"]),
            Route("/actions", self._guarded(self._actions), methods=["GET"]),
            Route("/personas", self._guarded(self._personas), methods=["GET"]),
            Route("/printed/{name}", self._guarded(self._printed), methods=["GET"]),
            Route("/face/{persona}", self._guarded(self._face), methods=["GET"]),
            Route("/do", self._guarded(self._do), methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)

    # -- in the program -----------------------------------------------------------------------------

    def state(self) -> dict[str, object]:
        """All devices, and what has been printed."""
        devices = {name: device.state() for name, device in self._devices.items()}
        return {"devices": devices, "printed": self._store.items()}

    async def do(self, device: str, action: str, parameters: Mapping[str, object]) -> dict[str, object]:
        """Carry out an action; raise a ``SimulatorError`` that says what is wrong."""
        if action == "takePaper" and device != "person":
            # Said of a device it means the same as said of the person: {"device": "receiptPrinter", …}.
            device, parameters = "person", {**parameters, "from": device}
        found = self._devices.get(ALIASES.get(device, device))
        if found is None:
            raise UnknownDeviceError(f"there is no device {device!r}; there are: {', '.join(self._devices)}")
        log.info("%s: %s", found.name, action)
        return await found.do(action, parameters)

    # -- over HTTP ----------------------------------------------------------------------------------

    def _guarded(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def checked(request: Request) -> Response:
            refusal = self._refusal(request)
            if refusal is not None:
                return JSONResponse({"ok": False, "error": refusal[1]}, refusal[0], headers=_SECURITY)
            try:
                answer = await endpoint(request)
            except SimulatorError as error:
                kind = type(error).__name__.removesuffix("Error")
                status = _STATUS.get(type(error), 500)
                return JSONResponse(
                    {"ok": False, "error": str(error), "kind": kind}, status, headers=_SECURITY
                )
            answer.headers.update(_SECURITY)
            return answer

        return checked

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        host = request.headers.get("host", "").rpartition(":")[0]
        if host not in ("127.0.0.1", "localhost"):
            return 403, "only on loopback"
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return 401, "a token is needed: Authorization: Bearer …; it is in cabinet.json"
        return None

    async def _static(self, request: Request) -> Response:
        name, kind = _PAGE[request.url.path]
        text = (resources.files("drivers.simulators") / "page" / name).read_text("utf-8")
        return Response(text, media_type=kind, headers=_SECURITY)

    async def _state(self, _: Request) -> Response:
        return JSONResponse(self.state())

    async def _actions(self, _: Request) -> Response:
        return JSONResponse({name: device.actions() for name, device in self._devices.items()})

    async def _personas(self, _: Request) -> Response:
        people = [
            {
                "id": one.id,
                "name": one.name,
                "note": one.note,
                "layout": one.card.layout.value,
                "faceSeed": one.seed,
                "card": one.card.model_dump(mode="json", by_alias=True),
            }
            for one in self._cast.people()
        ]
        return JSONResponse(people)

    async def _printed(self, request: Request) -> Response:
        name = Path(request.path_params["name"]).name
        file = self._store.directory / name
        if name not in {item["file"] for item in self._store.items()} or not file.exists():
            raise UnknownDeviceError(f"nothing called {name} has been printed")
        return FileResponse(file)

    async def _face(self, request: Request) -> Response:
        one = self._cast.find(request.path_params["persona"])
        return Response(_portrait(one.seed, self._cast.looks(one.seed)), media_type="image/png")

    async def _do(self, request: Request) -> Response:
        try:
            body: Any = await request.json()
        except ValueError:
            raise BadParameterError("the body is not JSON") from None
        if not isinstance(body, dict) or not isinstance(body.get("device"), str):
            raise BadParameterError('give {"device": "…", "action": "…", …}')
        if not isinstance(body.get("action"), str):
            raise BadParameterError('"action" is missing')
        parameters = {key: value for key, value in body.items() if key not in ("device", "action")}
        outcome = await self.do(body["device"], body["action"], parameters)
        return JSONResponse({"ok": True, **outcome})


@lru_cache(maxsize=64)
def _portrait(seed: int, looks: Looks) -> bytes:
    large = draw_face(seed, size=(240, 280), looks=looks)
    _, coded = cv2.imencode(".png", cv2.resize(large, (96, 112), interpolation=cv2.INTER_AREA))
    return coded.tobytes()
