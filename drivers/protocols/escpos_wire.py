"""A receipt printer's traffic without what was printed: of a picture only which rows had ink, and how wide.

That keeps every command, every length and the pace of a job, and no letter of it can be read. Raw bytes that the
driver's own commands do not explain become zeros. The printer's answers are status bits and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from drivers.protocols.escpos_raster import Bits
from drivers.protocols.wire import Wire

_RASTER: Final = b"\x1d\x76\x30\x00"
_HEAD: Final = 8
_KNOWN: Final = re.compile(
    rb"(?:\x10\x04[\x01-\x04]|\x10\x05[\x01\x02]|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
    rb"|\x1b@|\x1bd.|\x1da.|\x1dr.|\x1dI.|\x1dV[\x41\x42].|\0)*",
    re.DOTALL,
)
"""What the driver sends besides pictures: questions, recovery, settings, cuts, and zeros that fill up a torn band."""
_QUESTION: Final = re.compile(rb"\x10\x04[\x01-\x04]")


class EscposWire(Wire):
    """One write of the driver is one command or a few; a picture comes in bands."""

    def outgoing(self, data: bytes) -> bytes:
        """The same commands, with silhouettes for pictures."""
        if data.startswith(_RASTER) and len(data) > _HEAD:
            return data[:_HEAD] + _silhouette(data)
        return data if _KNOWN.fullmatch(data) else bytes(len(data))

    def idle(self, key: bytes) -> bool:
        """The four real-time questions are asked again and again."""
        return _QUESTION.fullmatch(key) is not None


def _silhouette(band: bytes) -> bytes:
    width = int.from_bytes(band[4:6], "little")
    if not width:
        return bytes(len(band) - _HEAD)
    rows = [band[at : at + width] for at in range(_HEAD, len(band), max(1, width))]
    return b"".join((b"\xff" if any(row) else b"\0") * len(row) for row in rows)


def silhouette(writes: Iterable[bytes], dots: int) -> Bits | None:
    """The picture that bands like ``writes`` come from: rows of full width where there was ink; None without any."""
    rows: list[np.ndarray[tuple[int], np.dtype[np.bool_]]] = []
    for band in writes:
        if not band.startswith(_RASTER) or len(band) <= _HEAD:
            continue
        width = int.from_bytes(band[4:6], "little")
        for at in range(_HEAD, len(band), max(1, width)):
            row = np.zeros(dots, np.bool_)
            row[: width * 8] = any(band[at : at + width])
            rows.append(row)
    return np.array(rows) if rows else None
