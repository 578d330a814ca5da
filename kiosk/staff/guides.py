"""How a fault is mended: pictures and sentences in the order in which hands do it.

Step ``n`` of guide ``g`` shows ``ui/icons/guides/<picture>.svg`` over the text ``bench.guide.<g>.<n>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Guide:
    """``role`` is the device that is watched meanwhile and tried at the end; ``resets`` asks it to begin anew."""

    role: str
    pictures: tuple[str, ...]
    brings: str = ""
    resets: bool = False


GUIDES: Final[Mapping[str, Guide]] = {
    "roll": Guide("receiptPrinter", ("roll-open", "roll-drop", "roll-close"), brings="roll"),
    "slipJam": Guide("receiptPrinter", ("roll-open", "slip-pull", "roll-close"), resets=True),
    "a4": Guide("documentPrinter", ("a4-drawer", "a4-stack", "a4-push"), brings="a4"),
    "a4Jam": Guide("documentPrinter", ("a4-rear", "a4-pull", "a4-close"), resets=True),
    "toner": Guide("documentPrinter", ("toner-door", "toner-swap", "a4-close"), brings="toner"),
    "invoiceJam": Guide("invoiceDispenser", ("unit-door", "unit-pull", "unit-close"), resets=True),
    "invoices": Guide("invoiceDispenser", ("unit-door", "unit-stack", "unit-close"), brings="invoices"),
    "camera": Guide("faceCamera", ("lens-wipe",), brings="cloth"),
    "cable": Guide("", ("cable-power", "cable-plug")),
}
"""``cable`` serves every device; it is watched as the one that the fault was of."""
