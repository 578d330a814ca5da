"""The visitor's phone: pays the QR code on the screen at the test acquirer's page."""

from __future__ import annotations

import asyncio
import json
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from pydantic import Field

from drivers.simulators.base import Outcome, Pace, Parameters, Simulator, action
from drivers.simulators.errors import ActionRefusedError, BadParameterError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Pay(Parameters):
    """The text of the QR code, and the name under which the phone pays."""

    qr: str = Field(min_length=8, max_length=500)
    payer: str = Field("simulated phone", min_length=1, max_length=64)


class PhoneSimulator(Simulator):
    """Confirms payments with ``POST <qr>/pay``; only on this machine, for no real acquirer is ever meant."""

    def __init__(self, pace: Pace, name: str = "phone") -> None:
        super().__init__(name, pace)
        self._payments = 0
        self._last: dict[str, object] | None = None

    async def start(self) -> None:
        """Nothing to do: a phone comes with its owner."""

    async def stop(self) -> None:
        """Nothing to do."""

    def state(self) -> dict[str, object]:
        """How often it paid, and the last answer."""
        return {"counts": {"payments": self._payments}, "last": self._last}

    @action("pay", Pay)
    async def pay(self, what: Pay) -> Outcome:
        """Scan and pay; the acquirer's answer."""
        parts = urlsplit(what.qr)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK or not parts.port:
            raise BadParameterError(
                "this phone pays only at the test acquirer: http://127.0.0.1:PORT/p/ORDER"
            )
        status, answer = await asyncio.to_thread(
            _post, parts.hostname, parts.port, parts.path.rstrip("/") + "/pay", what.payer
        )
        self._last = {"status": status, "answer": answer}
        if status >= 300:
            detail = answer.get("detail") or answer.get("title") or answer
            raise ActionRefusedError(f"the acquirer answered {status}: {detail}")
        self._payments += 1
        return {"status": status, "answer": answer}


def _post(host: str, port: int, path: str, payer: str) -> tuple[int, dict[str, object]]:
    connection = HTTPConnection(host, port, timeout=15)
    try:
        connection.request("POST", path, json.dumps({"payer": payer}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
    except (OSError, HTTPException) as error:
        raise ActionRefusedError(
            f"the acquirer does not answer ({error}); is `bureau acquirer` running?"
        ) from None
    finally:
        connection.close()
    try:
        content = json.loads(body)
    except ValueError:
        content = {"text": body[:500]}
    return answer.status, content if isinstance(content, dict) else {"content": content}
