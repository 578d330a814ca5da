"""Finds a running cabinet by its directory and acts on it; for the command line, tests and walks."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from drivers.simulators.errors import (
    ActionRefusedError,
    BadParameterError,
    CabinetNotRunningError,
    SimulatorError,
    UnknownActionError,
    UnknownDeviceError,
)

_KINDS: dict[str, type[SimulatorError]] = {
    "UnknownDevice": UnknownDeviceError,
    "UnknownAction": UnknownActionError,
    "BadParameter": BadParameterError,
    "ActionRefused": ActionRefusedError,
}


class ControlClient:
    """Blocking client of the control interface of the cabinet in ``directory``."""

    def __init__(self, directory: Path) -> None:
        file = directory / "cabinet.json"
        try:
            self.cabinet: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            raise CabinetNotRunningError(
                f"no cabinet was ever started in {directory}; start one with: kiosk sim serve --dir {directory}"
            ) from None
        parts = urlsplit(str(self.cabinet["control"]))
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._directory = directory

    def state(self) -> dict[str, Any]:
        """All devices and everything printed; raise ``CabinetNotRunningError``."""
        found: dict[str, Any] = self._ask("GET", "/state", None)
        return found

    def actions(self) -> dict[str, Any]:
        """What can be done to each device: the JSON schema of every action's parameters."""
        found: dict[str, Any] = self._ask("GET", "/actions", None)
        return found

    def personas(self) -> list[dict[str, Any]]:
        """Who may step up."""
        found: list[dict[str, Any]] = self._ask("GET", "/personas", None)
        return found

    def do(self, device: str, action: str, **parameters: object) -> dict[str, Any]:
        """Carry out an action; raise the cabinet's own ``SimulatorError`` when it refuses."""
        answer: dict[str, Any] = self._ask("POST", "/do", {**parameters, "device": device, "action": action})
        return answer

    def _ask(self, method: str, path: str, body: object) -> Any:
        connection = HTTPConnection(self._host, self._port, timeout=60)
        headers = {"Authorization": f"Bearer {self.cabinet['token']}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            content = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            start = f"kiosk sim serve --dir {self._directory}"
            raise CabinetNotRunningError(
                f"the cabinet in {self._directory} does not answer; start it with: {start}"
            ) from None
        finally:
            connection.close()
        if answer.status >= 400:
            kind = _KINDS.get(str(content.get("kind")), SimulatorError)
            raise kind(str(content.get("error")))
        return content
