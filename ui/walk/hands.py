"""What the visitor does away from the screen: through the simulated cabinet's control interface alone."""

from __future__ import annotations

from typing import Any

import requests

TIMEOUT_S = 30.0


class HandsError(AssertionError):
    """The cabinet would not do what the visitor tried."""


class Hands:
    """Cards, faces, paper and the phone."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        # A kept connection may end just as it is used again, and an action must not be sent twice.
        self._session.headers["Connection"] = "close"

    def do(self, device: str, action: str, **parameters: Any) -> dict[str, Any]:
        """One action; raises ``HandsError`` with the cabinet's words."""
        body = {"device": device, "action": action, **parameters}
        answer = self._session.post(f"{self._url}/do", json=body, timeout=TIMEOUT_S)
        told: dict[str, Any] = answer.json()
        if not answer.ok or not told.get("ok"):
            raise HandsError(f"{device} {action}: {told}")
        return told

    def state(self) -> dict[str, Any]:
        """Everything the cabinet knows of itself: devices, counters, trays."""
        return dict(self._session.get(f"{self._url}/state", timeout=TIMEOUT_S).json())

    def close(self) -> None:
        """Let go."""
        self._session.close()
