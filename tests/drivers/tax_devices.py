"""A tax UKey as a firm has it, and what the bureau says to it: written here anew, from docs/tax-control.md."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes, hmac

KEY = bytes(range(32))
UKEY: dict[str, Any] = {
    "number": "661600000017",
    "taxpayer": "91990199MA60XK2C3T",
    "key": KEY.hex(),
    "counter": 6,
    "cleared": "2026-08",
    "issuesUntil": "2026-10-26",
    "running": "2026-10",
    "months": {
        "2026-09": [
            {"kind": "04", "issued": 7, "voided": 1, "red": 0, "netFen": 1_234_500, "taxFen": 12_345},
            {"kind": "01", "issued": 2, "netFen": -5_000, "taxFen": -50},
        ],
        "2026-10": [],
    },
}
REPORT = b"R1|661600000017|91990199MA60XK2C3T|202609|6|01:2:0:0:-5000:-50;04:7:1:0:1234500:12345"


def sealed(text: bytes, key: bytes = KEY) -> bytes:
    seal = hmac.HMAC(key, hashes.SM3())
    seal.update(text)
    return seal.finalize()


def order(
    number: str = "661600000017", month: str = "202609", until: str = "20261125", counter: int = 7
) -> bytes:
    return f"O1|{number}|{month}|{until}|{counter}".encode()
