"""The visitor's phone: pays the QR code on the screen at the test acquirer's page, or shows a code of its own."""

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


class ShowCode(Pay):
    """Any QR code of the acquirer, for the phone to know whose wallet it is, and the payer's name."""


class Answer(Parameters):
    """A code that was shown, and whether its owner confirms."""

    qr: str = Field(min_length=8, max_length=500)
    code: str = Field(min_length=16, max_length=24)
    yes: bool = True


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
        status, answer = await self._ask(what.qr, _page_of(what.qr) + "/pay", {"payer": what.payer})
        self._payments += 1
        return {"status": status, "answer": answer}

    @action("showCode", ShowCode)
    async def show_code(self, what: ShowCode) -> Outcome:
        """Open the wallet: the code that the phone shows now, good for a minute."""
        status, answer = await self._ask(what.qr, "/wallet/codes", {"payer": what.payer})
        return {"status": status, "code": answer.get("code")}

    @action("answer", Answer)
    async def answer(self, what: Answer) -> Outcome:
        """Confirm the payment that the phone asks about, or refuse it."""
        word = "confirm" if what.yes else "refuse"
        status, answer = await self._ask(what.qr, f"/wallet/codes/{what.code}/{word}", {})
        self._payments += what.yes
        return {"status": status, "answer": answer}

    async def _ask(self, qr: str, path: str, body: dict[str, str]) -> tuple[int, dict[str, object]]:
        parts = urlsplit(qr)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK or not parts.port:
            raise BadParameterError(
                "this phone pays only at the test acquirer: http://127.0.0.1:PORT/p/ORDER"
            )
        status, answer = await asyncio.to_thread(_post, parts.hostname, parts.port, path, body)
        self._last = {"status": status, "answer": answer}
        if status >= 300:
            detail = answer.get("detail") or answer.get("title") or answer
            raise ActionRefusedError(f"the acquirer answered {status}: {detail}")
        return status, answer


def _page_of(qr: str) -> str:
    return urlsplit(qr).path.rstrip("/")


def _post(host: str, port: int, path: str, body: dict[str, str]) -> tuple[int, dict[str, object]]:
    connection = HTTPConnection(host, port, timeout=15)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    except (OSError, HTTPException) as error:
        raise ActionRefusedError(
            f"the acquirer does not answer ({error}); is `bureau acquirer` running?"
        ) from None
    finally:
        connection.close()
    try:
        content = json.loads(text)
    except ValueError:
        content = {"text": text[:500]}
    return answer.status, content if isinstance(content, dict) else {"content": content}
