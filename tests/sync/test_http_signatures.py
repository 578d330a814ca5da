"""RFC 9421 both ways: what is signed verifies, what is changed, stale, replayed or unsigned does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sync import http_signatures
from sync.crypto import Ed25519Signer, verifier
from sync.errors import RequestRefused
from sync.http_signatures import NonceCache, Verified, sign, sign_answer, verify, verify_answer

SIGNER = Ed25519Signer.from_seed(bytes(range(32)))
KEY = verifier("ed25519", SIGNER.public_key)
BODY = "实名".encode()
NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


def lookup(key_id: str) -> Any:
    return KEY if key_id == "T-0007" else None


def sent(
    method: str = "POST", url: str = "https://bureau.example/v1/effects?a=b%20c", body: bytes | None = BODY
) -> tuple[str, str, dict[str, str], bytes]:
    """A signed request as the server sees it: method, target, headers, body."""
    headers = (
        {"Content-Type": "application/cbor", "Idempotency-Key": '"k"', "Delivery": "queued"} if body else {}
    )
    request = requests.Request(method, url, data=body, headers=headers).prepare()
    sign(request, SIGNER, "T-0007", now=NOW)
    host = url.split("/")[2]
    return method, request.path_url, {**request.headers, "Host": host}, body or b""


def checked(request: tuple[str, str, dict[str, str], bytes], **options: Any) -> Verified:
    return verify(*request, lookup, **{"now": NOW, **options})


@pytest.mark.parametrize(
    "url",
    [
        "https://bureau.example/v1/effects?a=b%20c",
        "http://127.0.0.1:8080/v1/documents/%E6%BB%87%2F12",
        "https://bureau.example:8443/v1/time?",
        "https://BUREAU.example/",
    ],
)
@pytest.mark.parametrize(("method", "body"), [("POST", BODY), ("GET", None)])
def test_a_signed_request_verifies_and_says_whose_it_is(url: str, method: str, body: bytes | None) -> None:
    found = checked(sent(method, url, body))
    assert (found.key_id, found.created) == ("T-0007", NOW)
    assert len(found.nonce) >= 20


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"target": "/v1/effects?a=b%20d"},
        {"target": "/v1/audit?a=b%20c"},
        {"body": BODY + b"x"},
        {"body": b""},
        {"Host": "other.example"},
        {"Content-Type": "text/plain"},
        {"Idempotency-Key": '"other"'},
        {"Delivery": "else"},
        {"Content-Digest": "sha-256=:AAAA:"},
        {"Signature": "tax-kiosk=:AAAA:"},
        {"Signature-Input": "garbage("},
        {
            "Signature-Input": 'tax-kiosk=("@method");created=1791770400;keyid="T-0007";alg="ed25519";nonce="n"'
        },
        {"Signature-Input": 'other=("@method");created=1791770400;keyid="T-0007";alg="ed25519"'},
    ],
    ids=str,
)
def test_any_change_breaks_it(change: dict[str, Any]) -> None:
    method, target, headers, body = sent()
    method, target, body = (
        change.get("method", method),
        change.get("target", target),
        change.get("body", body),
    )
    headers |= {name: value for name, value in change.items() if name[0].isupper()}
    with pytest.raises(RequestRefused) as caught:
        checked((method, target, headers, body))
    assert caught.value.code == "signature-invalid"


def test_a_body_without_digest_or_a_missing_signature_is_not_believed() -> None:
    method, target, headers, _ = sent("GET", body=None)
    with pytest.raises(RequestRefused, match="signature-invalid"):
        checked((method, target, headers, b"smuggled"))
    for name in ("Signature", "Signature-Input"):
        method, target, headers, body = sent()
        del headers[name]
        with pytest.raises(RequestRefused, match="signature-missing"):
            checked((method, target, headers, body))


def test_an_unknown_key_and_another_algorithm_are_named() -> None:
    with pytest.raises(RequestRefused, match="signature-unknown-key"):
        verify(*sent(), lambda key_id: None, now=NOW)
    stranger = verifier("ed25519", Ed25519Signer.generate().public_key)
    with pytest.raises(RequestRefused, match="signature-invalid"):
        verify(*sent(), lambda key_id: stranger, now=NOW)
    method, target, headers, body = sent()
    headers["Signature-Input"] = headers["Signature-Input"].replace("ed25519", "hmac-sha256")
    with pytest.raises(RequestRefused, match="signed with hmac-sha256"):
        checked((method, target, headers, body))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_wrong_clock_is_told_apart_from_a_wrong_signature(seconds: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        checked(sent(), now=NOW + timedelta(seconds=seconds))
    assert caught.value.code == "signature-clock"
    checked(sent(), now=NOW + timedelta(seconds=seconds - seconds // 301 * 5))


def test_a_request_is_taken_once() -> None:
    nonces = NonceCache()
    first, second = sent(), sent()
    checked(first, nonces=nonces)
    checked(second, nonces=nonces)
    with pytest.raises(RequestRefused, match="signature-replayed"):
        checked(first, nonces=nonces)
    later = NOW + timedelta(minutes=16)
    nonces.add(Verified("T-0007", later, "new"), later)
    assert len(nonces._seen) == 1, "what is too old to be believed anyway is forgotten"


def test_repeated_header_lines_are_joined_and_names_have_no_case() -> None:
    method, target, headers, body = sent()
    lines = [(name.upper(), value) for name, value in headers.items()]
    checked_lines = verify(method, target, lines, body, lookup, now=NOW)
    assert checked_lines.key_id == "T-0007"
    with pytest.raises(RequestRefused):
        verify(method, target, [*lines, ("content-type", "text/plain")], body, lookup, now=NOW)


def test_an_answer_is_signed_for_the_request_it_answers() -> None:
    method, target, headers, _ = sent()
    base = {"content-type": "application/json"}
    made = sign_answer(200, base, b"{}", (method, target, headers), SIGNER, "bureau")

    def check(
        status: int = 200,
        body: bytes = b"{}",
        asked: tuple[str, str, dict[str, str]] = (method, target, headers),
    ) -> None:
        verify_answer(status, {**base, **made}, body, asked, lambda key_id: KEY)

    check()
    other = sent()
    for wrong in ({"status": 201}, {"body": b"[]"}, {"asked": other[:3]}):
        with pytest.raises(RequestRefused):
            check(**wrong)  # type: ignore[arg-type]


def test_the_target_of_an_asgi_request_is_as_it_was_sent() -> None:
    scope = {"raw_path": b"/v1/documents/%E6%BB%87", "query_string": b"a=b%20c"}
    assert http_signatures.request_target(scope) == "/v1/documents/%E6%BB%87?a=b%20c"
    assert http_signatures.request_target({**scope, "query_string": b""}) == "/v1/documents/%E6%BB%87"
