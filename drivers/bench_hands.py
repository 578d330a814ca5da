"""What a person has to do while a device is tried out: each trial that waits for a hand, by role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HANDS: Final[Mapping[str, str]] = {
    "idReader": "lay an ID card on the reader",
    "barcodeReader": "show a code to the reader",
    "smartCardReader": "put a chip card into the reader",
    "signaturePad": "sign on the pad and confirm",
    "pinPad": "type six digits on the PIN pad and press its confirm key",
    "documentScanner": "put a sheet into the scanner's feeder",
    "documentCamera": "lay a page under the overhead camera",
    "mrzReader": "lay a passport, open at the page with the portrait, on the reader",
    "stampUnit": "put a sheet into the stamp unit; it is stamped",
    "invoicePrinter": "put a blank form into the printer; an alignment page is printed on it",
}
PRINTS: Final = frozenset({"stampUnit", "invoicePrinter"})
"""What the hand is for is marked or printed on, so nothing is asked of it without paper."""


def hint(role: str, seconds: float, *, paper: bool) -> str:
    """What to do, and how soon; empty when nobody's hand is needed."""
    if role not in HANDS or (role in PRINTS and not paper):
        return ""
    return f"Within {seconds:.0f} s: {HANDS[role]}."
