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
    "slipCover": Guide("receiptPrinter", ("roll-close",)),
    "slipJam": Guide("receiptPrinter", ("slip-open", "slip-pull", "roll-close"), resets=True),
    "a4": Guide("documentPrinter", ("a4-drawer", "a4-stack", "a4-push"), brings="a4"),
    "a4Jam": Guide("documentPrinter", ("a4-rear", "a4-pull", "a4-close"), resets=True),
    "a4Cover": Guide("documentPrinter", ("toner-close", "a4-close")),
    "toner": Guide("documentPrinter", ("toner-door", "toner-swap", "toner-close"), brings="toner"),
    "invoiceJam": Guide("invoiceDispenser", ("unit-door", "unit-pull", "unit-close"), resets=True),
    "unitDoor": Guide("invoiceDispenser", ("unit-close",)),
    "unit": Guide("invoiceDispenser", ("unit-door", "unit-push")),
    "bins": Guide("invoiceDispenser", ("unit-door", "bin-pull", "unit-close"), brings="pen"),
    "invoices": Guide("invoiceDispenser", ("unit-door", "unit-stack", "unit-close"), brings="invoices"),
    "camera": Guide("", ("lens-wipe",), brings="cloth"),
    "stampInk": Guide("stampUnit", ("stamp-open", "stamp-ink", "stamp-close"), brings="ink"),
    "stampJam": Guide(
        "stampUnit", ("stamp-open", "stamp-pull", "stamp-close"), brings="tweezers", resets=True
    ),
    "stampCover": Guide("stampUnit", ("stamp-close",)),
    "ribbon": Guide("invoicePrinter", ("matrix-open", "matrix-ribbon", "matrix-close"), brings="ribbon"),
    "formJam": Guide(
        "invoicePrinter", ("matrix-open", "form-pull", "form-straight"), brings="pen", resets=True
    ),
    "formCover": Guide("invoicePrinter", ("matrix-close",)),
    "forms": Guide("invoicePrinter", ("form-straight",), brings="forms"),
    "scanJam": Guide(
        "documentScanner", ("scan-open", "scan-pull", "scan-close"), brings="tweezers", resets=True
    ),
    "scanCover": Guide("documentScanner", ("scan-close",)),
    "scanGlass": Guide("documentScanner", ("scan-open", "scan-wipe", "scan-close"), brings="cloth"),
    "cardJam": Guide("", ("card-pull",), brings="tweezers", resets=True),
    "posLink": Guide("paymentTerminal", ("cable-plug",), brings="wire"),
    "posPaper": Guide("paymentTerminal", ("pos-open", "pos-roll", "pos-close"), brings="posRoll"),
    "mains": Guide("ups", ("ups-breaker", "ups-plug", "ups-wait"), brings="electrician"),
    "battery": Guide("ups", ("ups-battery", "ups-wait"), brings="battery"),
    "door": Guide("auxiliaries", ("cabinet-lock",), brings="keys"),
    "heat": Guide("auxiliaries", ("heat-vents", "heat-fan"), brings="filter"),
    "tamper": Guide("", ("tamper-hands", "tamper-look", "tamper-photo"), brings="evidence"),
    "pinKeys": Guide("pinPad", ("keys-two", "keys-load"), brings="custodians"),
    "cable": Guide("", ("cable-power", "cable-plug"), brings="wire"),
    "restart": Guide("", ("power-off", "power-on"), brings="spare"),
}
"""One without a role serves every device; it is watched as the one that the fault was of."""

CARE_GUIDES: Final[Mapping[tuple[str, str], str]] = {
    ("documentScanner", "cleaning"): "scanGlass",
    ("documentScanner", "glass"): "scanGlass",
    ("stampUnit", "pad"): "stampInk",
    ("invoicePrinter", "ribbon"): "ribbon",
    ("faceCamera", "cleaning"): "camera",
    ("ups", "battery"): "battery",
}
"""Role and name of what is changed or cleaned, and the guide that shows how."""
