"""Worked sheets: slips that nothing follows, whose figures are those that the domain note works out by hand."""

from __future__ import annotations

from collections.abc import Iterable

import zxingcpp

from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from ui.walk.figures import amounts
from ui.walk.paper import read_slip
from ui.walk.rules.parties import Evidence

VECTORS = {
    "T04": (505_000_00, 500_000_00, 5_000_00, 175_00, 75_00, 50_00, 5_300_00),
    "T11": (200_000_00, 60_000_00, 30_000_00, 24_000_00, 86_000_00, 2_520_00, 6_080_00),
}
"""Every amount on the sheet of who types what section 6.2 of the domain note has (``visit.ANSWERS``), fen."""


def sheets(e: Evidence) -> list[str]:
    """The files of the slips that have no code, of as many as the journal holds nothing but the digest of."""
    unkept = sum("sha256" in r["body"].get("data", {}) for r in e.phase("slip", "intent"))
    bare = [s["file"] for s in e.sheets("slip") if e.code(s, zxingcpp.BarcodeFormat.QRCode) is None]
    return bare[:unkept]


def worked_sheets_say_what_comes_out(e: Evidence) -> Iterable[str]:
    """What is printed is one of the sums that were worked out by hand, to the fen and to the line."""
    for file in sheets(e):
        text = "\n".join("\t".join(line.fields) for line in read_slip(e.folder / "printed" / file))
        shown = set(amounts(text))
        if not any(shown == set(vector) for vector in VECTORS.values()):
            told = ", ".join(format_yuan(Fen(amount)) for amount in sorted(shown))
            yield f"{file} works out {told}, which is no sum of the domain note"
