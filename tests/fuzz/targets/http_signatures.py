"""Signed requests as a stranger may send them."""

from __future__ import annotations

from datetime import UTC, datetime

import requests

from sync.crypto import Ed25519Signer, verifier
from sync.errors import RequestRefused
from sync.http_signatures import sign, verify
from tests.fuzz.oracles import refused_by

PARSES = ("sync.http_signatures",)
SIGNER = Ed25519Signer.from_seed(bytes(range(32)))
KEY = verifier("ed25519", SIGNER.public_key)
NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
BODY = b"{}"


def _signed() -> dict[str, str]:
    request = requests.Request(
        "POST", "https://b.example/v1/effects?a=b", data=BODY, headers={"Content-Type": "application/cbor"}
    ).prepare()
    sign(request, SIGNER, "T-0007", now=NOW)
    return {**request.headers, "Host": "b.example"}


GOOD = _signed()


def check(data: bytes) -> None:
    """Header lines in any form: verified as the signer said it, or ``RequestRefused``."""
    lines = data.decode("latin-1").split("\n")
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    found = refused_by(
        RequestRefused,
        lambda: verify(
            "POST",
            "/v1/effects?a=b",
            headers,
            BODY,
            lambda key_id: KEY if key_id == "T-0007" else None,
            now=NOW,
        ),
    )
    assert found is None or (found.key_id, found.created) == ("T-0007", NOW)


def seeds() -> list[bytes]:
    """A good request and parts of it."""
    whole = "\n".join(f"{name}: {value}" for name, value in GOOD.items()).encode("latin-1")
    fields = GOOD["Signature-Input"]
    return [
        whole,
        whole.replace(b"ed25519", b"sm2-sm3"),
        whole.replace(b"created=", b"created=-"),
        whole.replace(b"T-0007", b"T-0008"),
        f"signature-input: {fields}\nsignature: tax-kiosk=:AA==:".encode("latin-1"),
        b"signature-input: tax-kiosk=1\nsignature: tax-kiosk=:AA==:",
        b"signature-input: tax-kiosk=();keyid=1;alg=2\nsignature: a",
    ]
