"""HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530), for both ends of the wire.

A request covers method, authority, path, query, content type, idempotency key, manner of delivery and body
digest, and carries ``created``, ``nonce``, ``keyid`` (the terminal's number) and ``alg``. An answer may be
signed by the bureau over status, body digest and the signature of the request it answers, so that it proves
what was said to whom.
Proxies in front of the bureau must keep ``Host``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import http_sf
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from sync.crypto import Signer, Verifier
from sync.errors import RequestRefused

MAX_SKEW = timedelta(minutes=5)
"""How far ``created`` may be from the verifier's time (domain note, section 10: timestamp ± 5 min)."""
TAG = "tax-kiosk"
_ALWAYS = ("@method", "@authority", "@path", "@query")
_IF_PRESENT = ("content-type", "idempotency-key", "delivery")
_ANSWER = ("@status", "content-type", '"signature";req;key="tax-kiosk"')

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
KeyLookup = Callable[[str], Verifier | None]


@dataclass
class _Request:
    method: str
    url: str
    headers: MutableMapping[str, str]


@dataclass
class _Answer:
    status_code: int
    headers: MutableMapping[str, str]
    request: _Request


@dataclass(frozen=True, slots=True)
class Verified:
    """Who signed, when (by their clock), and the nonce."""

    key_id: str
    created: datetime
    nonce: str


@dataclass(slots=True)
class NonceCache:
    """Nonces seen in the last while, in memory; a bureau of several processes keeps them in its store."""

    keep: timedelta = 3 * MAX_SKEW
    _seen: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def add(self, verified: Verified, now: datetime | None = None) -> None:
        """Remember a nonce; raises ``RequestRefused`` (``signature-replayed``) when it came before."""
        moment = now or datetime.now(UTC)
        while self._seen:
            oldest = next(iter(self._seen))
            if moment - self._seen[oldest] <= self.keep:
                break
            del self._seen[oldest]
        if (verified.key_id, verified.nonce) in self._seen:
            raise RequestRefused("signature-replayed", "this request was sent before")
        self._seen[verified.key_id, verified.nonce] = moment


def sign(request: Any, signer: Signer, key_id: str, *, now: datetime | None = None) -> None:
    """Sign a ``requests.PreparedRequest`` (or anything with method, url, headers, body) in place."""
    names = {name.lower() for name in request.headers}
    covered = [*_ALWAYS, *(name for name in _IF_PRESENT if name in names)]
    body = request.body.encode() if isinstance(request.body, str) else request.body
    _sign(request, covered, body or None, signer, key_id, now)


def verify(
    method: str,
    path: str,
    headers: Headers,
    body: bytes,
    lookup: KeyLookup,
    *,
    now: datetime | None = None,
    nonces: NonceCache | None = None,
) -> Verified:
    """Check a request as it arrived; ``path`` is ``request_target``, ``lookup`` gives a terminal's key.

    Raises ``RequestRefused``; its ``code`` goes into the problem document of a 401.
    """
    fields = _fields(headers)
    request = _Request(method.upper(), f"https://{fields.get('host', 'localhost')}{path}", fields)
    present = [name for name in _IF_PRESENT if name in fields]
    verified = _verify(request, fields, [*_ALWAYS, *present], body, lookup, now)
    if nonces is not None:
        nonces.add(verified, now)
    return verified


def request_target(scope: Mapping[str, Any]) -> str:
    """The path and query of an ASGI request as they were sent and signed, not percent-decoded."""
    path, query = scope["raw_path"].decode("ascii"), scope["query_string"].decode("ascii")
    return f"{path}?{query}" if query else path


def sign_answer(
    status: int,
    headers: Headers,
    body: bytes,
    request: tuple[str, str, Headers],
    signer: Signer,
    key_id: str,
) -> dict[str, str]:
    """The headers that sign an answer to ``request`` (method, path, headers): digest and signature."""
    answer = _answer(status, headers, request)
    _sign(answer, _ANSWER, body, signer, key_id, None)
    wanted = ("content-digest", "signature-input", "signature")
    return {name: value for name, value in answer.headers.items() if name.lower() in wanted}


def verify_answer(
    status: int, headers: Headers, body: bytes, request: tuple[str, str, Headers], lookup: KeyLookup
) -> Verified:
    """Check a signed answer against the request it is for; raises ``RequestRefused``."""
    answer = _answer(status, headers, request)
    return _verify(answer, answer.headers, _ANSWER, body, lookup, None)


def _answer(status: int, headers: Headers, request: tuple[str, str, Headers]) -> _Answer:
    method, path, sent = request
    fields = _fields(sent)
    url = f"https://{fields.get('host', 'localhost')}{path}"
    return _Answer(status, _fields(headers), _Request(method.upper(), url, fields))


def _fields(headers: Headers) -> dict[str, str]:
    """Header fields by lower-case name, repeated ones joined (RFC 9110, 5.3)."""
    fields: dict[str, str] = {}
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields


def _sign(
    message: Any,
    covered: Sequence[str],
    body: bytes | None,
    signer: Signer,
    key_id: str,
    now: datetime | None,
) -> None:
    library = HTTPMessageSigner(signature_algorithm=_bridge(signer.algorithm))
    prepared = library.prepare(
        message,
        key_id=key_id,
        created=now or datetime.now(UTC),
        nonce=secrets.token_urlsafe(18),
        label=TAG,
        tag=TAG,
        covered_component_ids=tuple(covered),
        body=body,
    )
    library.apply(message, prepared, signer.sign(prepared.signature_base))


def _verify(
    message: Any,
    fields: Mapping[str, str],
    required: Sequence[str],
    body: bytes,
    lookup: KeyLookup,
    now: datetime | None,
) -> Verified:
    key_id, algorithm = _named(fields)
    key = lookup(key_id)
    if key is None:
        raise RequestRefused("signature-unknown-key", f"no key is known for {key_id!r}")
    if key.algorithm != algorithm:
        raise RequestRefused("signature-invalid", f"signed with {algorithm}, not {key.algorithm}")
    library = _Verifier(signature_algorithm=_bridge(algorithm), key_resolver=_Resolver(key))
    try:
        result = library.verify(
            message, max_age=None, expect_tag=TAG, require_components=tuple(required), body=body
        )[0]
    except HTTPMessageSignaturesException as error:
        raise RequestRefused("signature-invalid", str(error)) from error
    if not result.nonce:
        raise RequestRefused("signature-invalid", "there is no nonce")
    created = datetime.fromtimestamp(int(result.parameters["created"]), UTC)
    if abs((now or datetime.now(UTC)) - created) > MAX_SKEW:
        raise RequestRefused("signature-clock", f"signed at {created.isoformat()}: set the clock")
    return Verified(key_id, created, result.nonce)


def _named(fields: Mapping[str, str]) -> tuple[str, str]:
    """Whose key and which algorithm the message says; nothing of it is believed yet."""
    if "signature-input" not in fields or "signature" not in fields:
        raise RequestRefused("signature-missing", "the message is not signed")
    try:
        members: Any = http_sf.parse(fields["signature-input"].encode(), tltype="dictionary")
        parameters = members[TAG][1]
        return str(parameters["keyid"]), str(parameters["alg"])
    except (ValueError, TypeError, KeyError, IndexError, UnicodeError) as error:
        raise RequestRefused("signature-invalid", f"Signature-Input cannot be read: {error}") from error


class _Verifier(HTTPMessageVerifier):
    """Times are judged by ``_verify``, which can tell a wrong clock from a wrong signature."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        if not isinstance(sig_input.params.get("created"), int):
            raise HTTPMessageSignaturesException("there is no creation time")
        if "expires" in sig_input.params:
            checked: Any = super().validate_created_and_expires
            checked(sig_input, max_age)


class _Resolver(HTTPSignatureKeyResolver):
    def __init__(self, key: Verifier) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> Any:
        return self._key


@cache
def _bridge(algorithm: str) -> type[HTTPSignatureAlgorithm]:
    """The library's idea of an algorithm over our ``Signer`` and ``Verifier``."""

    class _Algorithm(HTTPSignatureAlgorithm):
        algorithm_id = algorithm

        def __init__(self, public_key: Any = None, private_key: Any = None) -> None:
            self._public, self._private = public_key, private_key

        def sign(self, message: bytes) -> bytes:
            return bytes(self._private.sign(message))

        def verify(self, signature: bytes, message: bytes) -> None:
            self._public.verify(signature, message)

    return _Algorithm
