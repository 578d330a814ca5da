"""What a hand can do to the devices of the cabinet, in the words of whoever stands before it.

A verb means something else at each device: to jam the stamp unit is to jam its next job, to empty the UPS is to drain
its battery. Here is the one table of it; the control interface knows the devices' own actions only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ALIASES: Final = {
    "faceCamera": "camera",
    "barcodeReader": "barcode",
    "invoiceDispenser": "dispenser",
    "smartCardReader": "smartCard",
    "auxiliaries": "board",
    "stampUnit": "stamp",
    "paymentTerminal": "pos",
}
"""Role names of the device program, taken as well."""
DEVICES: Final = (
    "idReader",
    "camera",
    "barcode",
    "receiptPrinter",
    "documentPrinter",
    "dispenser",
    "invoicePrinter",
    "smartCard",
    "signaturePad",
    "pinPad",
    "pos",
    "board",
    "ups",
    "stamp",
    "documentScanner",
    "documentCamera",
    "mrzReader",
)
"""Everything with a cable."""
CABLE: Final = {
    "unplug": "Pull a device's cable.",
    "replug": "Put a device's cable back in.",
    "silent": "Let a device say nothing more, until it is cleared.",
    "garbage": "Let a device send rubbish once.",
    "clear": "Mend a device: jams out, paper in, covers closed, faults gone.",
}
"""What every device takes, under the same name."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One action of the control interface with its parameters; ``device`` where it is said of another one."""

    action: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    device: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """What it means, and how it is done at each device that takes it."""

    help: str
    at: Mapping[str, Deed]


def _cover(state: str) -> dict[str, Deed]:
    covered = ("receiptPrinter", "documentPrinter", "dispenser", "invoicePrinter", "stamp", "documentScanner")
    doors = {"board": Deed("door", {"which": "cabinet", "state": state})}
    return {name: Deed("cover", {"state": state}) for name in covered} | doors


def _power(state: str) -> dict[str, Deed]:
    switched = ("receiptPrinter", "documentPrinter", "dispenser", "invoicePrinter", "stamp", "signaturePad",
                "pinPad", "pos", "board")  # fmt: skip
    return {name: Deed("power", {"state": state}) for name in switched} | {
        "ups": Deed("mains", {"state": state})
    }


def _taken(name: str) -> Deed:
    return Deed("takePaper", {"from": name}, "person")


VERBS: Final[Mapping[str, Verb]] = {
    "jam": Verb(
        "Jam a device's paper; the stamp unit's and the scanner's with their next sheet.",
        {
            **{n: Deed("jam") for n in ("receiptPrinter", "documentPrinter", "dispenser", "invoicePrinter")},
            "stamp": Deed("jamAt", {"step": "feed"}),
            "documentScanner": Deed("fail", {"how": "jam"}),
        },
    ),
    "empty": Verb(
        "Take out what a device works with: paper, sheets of all units, forms, the slip's roll; the UPS' charge.",
        {
            "receiptPrinter": Deed("paper", {"level": "out"}),
            "documentPrinter": Deed("media-empty"),
            "dispenser": Deed("unload"),
            "invoicePrinter": Deed("stack", {"sheets": 0}),
            "stamp": Deed("empty"),
            "pos": Deed("paper", {"level": "out"}),
            "ups": Deed("battery", {"percent": 5}),
            "documentScanner": Deed("take"),
            "documentCamera": Deed("take"),
        },
    ),
    "take": Verb(
        "Take what lies ready: paper from a tray, a card from a reader, a document from the glass.",
        {
            **{name: _taken(name) for name in ("receiptPrinter", "documentPrinter", "dispenser")},
            **{
                name: Deed("take")
                for name in ("invoicePrinter", "stamp", "documentScanner", "documentCamera")
            },
            **{name: Deed("remove") for name in ("idReader", "smartCard")},
        },
    ),
    "tamper": Verb(
        "Do what nobody should: open the PIN pad, force the cabinet, cover a lens, pull a card or a cassette out.",
        {
            "pinPad": Deed("tamper"),
            "board": Deed("alarm", {"sensor": "tamper"}),
            "camera": Deed("covered"),
            "documentCamera": Deed("covered"),
            "smartCard": Deed("tear"),
            "dispenser": Deed("cassette", {"unit": 1, "present": False}),
        },
    ),
    "open": Verb("Open a device's cover; the board's is the cabinet door.", _cover("open")),
    "close": Verb("Close a device's cover; the board's is the cabinet door.", _cover("closed")),
    "off": Verb("Switch a device off; the UPS loses the hall's power.", _power("off")),
    "on": Verb("Switch a device on; the UPS has the hall's power back.", _power("on")),
}


def known(device: str) -> str:
    """The device's name in the cabinet; raise ``LookupError`` that lists them for one that is not there."""
    name = ALIASES.get(device, device)
    if name not in DEVICES:
        raise LookupError(f"there is no device {device!r}; there are: {', '.join(DEVICES)}")
    return name


def deed(verb: str, device: str) -> tuple[str, Deed]:
    """Which device to tell, and what; raise ``LookupError`` that says who takes the verb when this one does not."""
    name, at = known(device), VERBS[verb].at
    if name not in at:
        raise LookupError(f"{device} takes no {verb}; it is for: {', '.join(at)}")
    return at[name].device or name, at[name]


def verbs_of(device: str) -> list[str]:
    """Every verb that the device takes; none for those without a cable."""
    name = ALIASES.get(device, device)
    own = [verb for verb, told in VERBS.items() if name in told.at]
    return own + list(CABLE) if name in DEVICES else own


def usage(action: str, schema: Mapping[str, Any]) -> str:
    """An action as it is written behind ``kiosk sim do DEVICE``; what may be left out is in brackets."""
    needed = set(schema.get("required", ()))
    words = [action]
    for name, spec in schema.get("properties", {}).items():
        word = f"{name}={_values(spec)}"
        words.append(word if name in needed else f"[{word}]")
    return " ".join(words)


def _values(spec: Mapping[str, Any]) -> str:
    kinds = [spec, *spec.get("anyOf", ())]
    options = next((kind["enum"] for kind in kinds if "enum" in kind), None)
    if options:
        return "|".join(map(str, options))
    types = [str(kind["type"]) for kind in kinds if "type" in kind and kind["type"] != "null"]
    return "|".join("true|false" if one == "boolean" else one for one in types) or "object"
