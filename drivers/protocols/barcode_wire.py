"""A code scanner's traffic without what the codes say: same lengths, digits as 0, letters as A."""

from __future__ import annotations

from drivers.protocols.wire import Wire

_BLANKED = bytes(
    ord("0")
    if chr(byte).isdigit() and byte < 128
    else ord("A")
    if chr(byte).isalpha() or byte > 127
    else byte
    for byte in range(256)
)
"""Punctuation and control characters stay, so that the end of a code and an address's form do too."""


class BarcodeWire(Wire):
    """Codes are read from strangers' phones and papers; what the driver sends are commands to the light."""

    def incoming(self, data: bytes) -> bytes:
        """Every digit and letter replaced."""
        return data.translate(_BLANKED)
