"""One end of the signed wire: every request signed, every answer checked, every failure with a name.

Blocking; call it from a worker thread. Nothing is repeated by itself: who calls knows whether a second try
is safe (an effect is, it carries its key).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn, Protocol, TypeVar

import requests
from pydantic import BaseModel, ValidationError

from config.sections import CentreSettings
from sync import http_signatures
from sync.crypto import Signer, Verifier
from sync.errors import (
    BureauBusy,
    BureauClock,
    BureauDenied,
    BureauDropped,
    BureauGarbled,
    BureauInProgress,
    BureauRejected,
    BureauTooLarge,
    CaptivePortal,
    RequestRefused,
    SyncError,
)
from sync.models import Wire
from sync.software import software_version
from sync.transport import Answer, Transport

log = logging.getLogger("kiosk.sync")

MAX_JSON = 1 << 20
CHAIN_FORK: Final = "chain-fork"
"""Problem code of a 409 to ``/v1/audit``: the bureau holds another record under one of these numbers."""
_JSON_TYPES = ("application/json", "application/problem+json")
_AGAIN = (408, 425, 429)

M = TypeVar("M", bound=Wire)


class Speaker(Protocol):
    """Who asks: under which name the centre knows the key, and whose answers are believed."""

    @property
    def key_id(self) -> str:
        """The ``keyid`` of its requests."""
        ...

    @property
    def signer(self) -> Signer:
        """Signs its requests."""
        ...

    @property
    def bureau_verifier(self) -> Verifier:
        """Checks what the centre signed."""
        ...


class SignedClient:
    """Talks to the centre at ``settings.url`` as ``identity``; safe to use from several threads.

    Each call raises ``BureauUnreachable`` (``BureauSlow``), ``BureauBusy`` (``BureauInProgress``),
    ``BureauRejected`` (``BureauDenied``, ``BureauTooLarge``) or ``BureauGarbled`` (``CaptivePortal``).
    """

    def __init__(self, settings: CentreSettings, identity: Speaker | None = None) -> None:
        """Without an identity only what is not signed works."""
        self._url = settings.url.rstrip("/")
        self._identity = identity
        self._transport = Transport(settings.ca_file, settings.connect_timeout_s, settings.read_timeout_s)
        self._clock_error = timedelta()

    def close(self) -> None:
        """Drop all connections."""
        self._transport.close()

    def _known(self) -> Speaker:
        if self._identity is None:
            raise SyncError("this terminal is not enrolled: kiosk sync enrol CODE")
        return self._identity

    def _post(self, path: str, body: BaseModel, *, signed: bool = True) -> Answer:
        headers = {"Content-Type": "application/json"}
        return self._call("POST", path, body.model_dump_json().encode(), headers, signed=signed)

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_JSON,
        total_s: float | None = None,
        *,
        signed: bool = True,
    ) -> Answer:
        usual = {
            "User-Agent": software_version(),
            "Accept": ", ".join(_JSON_TYPES),
            "Accept-Encoding": "identity",
        }
        unsigned = requests.Request(method, self._url + path, {**usual, **(headers or {})}, data=body)
        request = self._prepared(unsigned, signed)
        try:
            answer = self._transport.exchange(request, max_bytes, total_s)
        except BureauDropped:
            # The centre ends idle connections, at worst in the moment this one is used. Whatever is asked here
            # may be asked twice (questions change nothing, effects have keys), but only signed anew.
            request = self._prepared(unsigned, signed)
            answer = self._transport.exchange(request, max_bytes, total_s)
        self._check_signature(request, path, answer)
        if answer.status in (200, 201):
            return answer
        self._refuse(answer)

    def _prepared(self, unsigned: requests.Request, signed: bool) -> requests.PreparedRequest:
        request = unsigned.prepare()
        if signed:
            identity = self._known()
            moment = datetime.now(UTC) + self._clock_error
            http_signatures.sign(request, identity.signer, identity.key_id, now=moment)
        return request

    def _check_signature(self, request: requests.PreparedRequest, path: str, answer: Answer) -> None:
        """An answer need not be signed (TLS says who speaks), but a signature that is there must fit."""
        if self._identity is None or "signature" not in answer.headers:
            return
        key = self._identity.bureau_verifier
        sent = (str(request.method), path, dict(request.headers))
        try:
            http_signatures.verify_answer(answer.status, answer.headers, answer.body, sent, lambda _name: key)
        except RequestRefused as error:
            raise BureauGarbled(f"the answer is not the bureau's: {error.detail}") from error

    def _refuse(self, answer: Answer) -> NoReturn:
        """Raise what a status other than success means."""
        status = answer.status
        if status >= 500 or status in _AGAIN:
            raise BureauBusy(status, _retry_after(answer))
        if status < 400 or answer.content_type not in _JSON_TYPES:
            raise CaptivePortal(f"somebody else answered: {status} with {answer.content_type or 'no type'}")
        problem = _problem(answer)
        if status == 401 and problem.get("code") == "signature-clock":
            self._learn_time(answer)
            raise BureauClock(status)
        if status == 409 and problem.get("code") != CHAIN_FORK:
            raise BureauInProgress(status, _retry_after(answer))
        kinds = {401: BureauDenied, 403: BureauDenied, 413: BureauTooLarge}
        raise kinds.get(status, BureauRejected)(status, problem)

    def _learn_time(self, answer: Answer) -> None:
        """Sign by the bureau's clock from now on; the machine's own may stand in 1970 after a dead battery."""
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", ""))
            self._clock_error = theirs - datetime.now(UTC)
            log.warning("clock differs from the bureau's by %d s", -self._clock_error.total_seconds())
        except (ValueError, TypeError):
            log.warning("the bureau says our clock is wrong but not what time it is")


def parsed(model: type[M], answer: Answer) -> M:
    """The answer's body as a model; raises ``BureauGarbled``, or ``CaptivePortal`` for a page."""
    if answer.content_type == "text/html":
        raise CaptivePortal("somebody else answered with a page: a sign-in of the network?")
    if answer.content_type != "application/json":
        raise BureauGarbled(f"expected JSON, not {answer.content_type or 'something untyped'}")
    try:
        return model.told(answer.body)
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) for e in error.errors(include_input=False)})
        raise BureauGarbled(f"not a {model.__name__}: {', '.join(fields[:5]) or 'broken JSON'}") from error


def _problem(answer: Answer) -> dict[str, Any]:
    """The problem document (RFC 9457); raises ``BureauGarbled`` when it is none."""
    try:
        problem = json.loads(answer.body)
    except ValueError as error:
        raise BureauGarbled(f"{answer.status} with broken JSON") from error
    if not isinstance(problem, dict):
        raise BureauGarbled(f"{answer.status} without a problem document")
    return problem


def _retry_after(answer: Answer) -> float | None:
    """Seconds of ``Retry-After`` (RFC 9110, 10.2.3: a number or a date), at most an hour."""
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        if text.isdecimal():
            seconds = float(text)
        else:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), 3600.0)
