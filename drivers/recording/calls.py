"""What is written down of a call to a driver and of its outcome: kinds, sizes and numbers, never a person's data."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any, Final

from config.clock import Deadline
from drivers.cabinet_ports import PowerReading, StampCounts
from drivers.errors import DeviceError
from drivers.payment import Payment
from drivers.ports import Barcode, Chip, ChipPower, ChipProtocol, DispensedItem, IdCard, PinCheck, PrintResult
from drivers.ports_documents import PageImage
from drivers.ports_input import KeyPress, PinFormat
from drivers.protocols.aliases import alias
from drivers.protocols.apdu_wire import anonymous
from drivers.recording.given import GIVEN, blank_block, given
from drivers.recording.lines import Outcome

_KEPT_TEXT: Final = frozenset({"dispense_one", "void_current"})
"""Calls whose texts are units and numbers of blank invoices, or names of forms."""
_ALIASED: Final = frozenset({"print_pdf"})
"""Calls whose text is found again in what passes the line, where ``aliases`` stands for it."""
_WORDS_OF: Final = frozenset({"scan"})
"""Calls whose sequence is words of the standard, such as the symbologies that are wanted."""
_KEY_BLOCK: Final = 80
"""Characters that a TR-31 key block has at least; a key's name has 24 at most."""
_WORDS: Final[Mapping[str, enum.StrEnum]] = {
    word.value: word for kind in (ChipPower, ChipProtocol, PinFormat) for word in kind
}


def told_argument(call: str, value: object) -> Any:
    """An argument as written down; ``argument`` makes one like it."""
    if isinstance(value, Deadline):
        left = value.remaining
        return {"seconds": None if left is None else round(left, 3)}
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, enum.StrEnum):
        return {"word": value.value}
    if isinstance(value, str):
        if call in _ALIASED:
            return {"alias": alias(value)}
        kind = "keyBlock" if call == "load_key" and len(value) >= _KEY_BLOCK else "text"
        return value if call in _KEPT_TEXT else {kind: len(value)}
    if isinstance(value, bytes):
        return {"apdu": anonymous(value).hex()} if call == "transmit" else {"bytes": len(value)}
    if (told := given(value)) is not None:
        return told
    if not isinstance(value, Sequence):
        return {"kind": type(value).__name__}
    return {"words": [str(one) for one in value]} if call in _WORDS_OF else {"items": len(value)}


def argument(told: Any) -> Any:
    """An argument of the same kind and size."""
    if not isinstance(told, Mapping):
        return told
    (kind, value), *_ = told.items()
    match kind:
        case "seconds":
            return Deadline.after(value)
        case "text":
            return "0" * int(value)
        case "bytes":
            return b"%PDF-".ljust(int(value), b"0")[: int(value)]
        case "apdu":
            return bytes.fromhex(value)
        case "word":
            return _WORDS.get(value, value)
        case "words":
            return tuple(str(word) for word in value)
        case "items" if int(value) == 0:
            return ()
        case "keyBlock":
            return blank_block(int(value))
    if kind in GIVEN:
        return GIVEN[kind](value)
    return value


def told_result(value: object) -> Outcome:
    """The outcome of a call that came to its end."""
    return {"result": _summary(value)}


def told_error(error: BaseException) -> Outcome:
    """The outcome of a call that raised; the message may name a place and stays out."""
    told: dict[str, Any] = {"raised": type(error).__name__}
    if isinstance(error, DeviceError) and error.code is not None:
        told["code"] = error.code
    return told


def told_look(device: object) -> Outcome:
    """What a camera's driver made of the picture (``frame``: live, frozen, …); nothing while that is not known."""
    details = getattr(getattr(device, "snapshot", None), "details", {})
    for name in ("faceCamera", "documentCamera"):
        if isinstance(part := details.get(name), Mapping) and part.get("frame", "unknown") != "unknown":
            return {"frame": part["frame"]}
    return {}


def _summary(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, PrintResult):
        return {"outcome": value.outcome.value, "error": value.error_code}
    if isinstance(value, IdCard):
        return {"layout": value.layout.value, "photo": len(value.photo)}
    if isinstance(value, DispensedItem):
        return {"position": value.position, "fault": value.fault}
    if isinstance(value, Chip):
        return {"protocol": value.protocol.value, "atr": len(value.atr)}
    if isinstance(value, PinCheck):
        return {"right": value.right, "triesLeft": value.tries_left}
    if isinstance(value, Payment):
        return {"outcome": value.outcome.value, "error": value.error_code, "voided": value.voided}
    if isinstance(value, KeyPress):
        return {"key": "digit" if value.key.isdigit() else value.key}
    if isinstance(value, StampCounts):
        return {"impressions": value.impressions, "lastJob": value.last_job, "sheet": value.sheet}
    if isinstance(value, PowerReading):
        return {"onBattery": value.on_battery, "low": value.low, "shutdown": value.shutdown}
    if isinstance(value, enum.StrEnum):
        return {"word": value.value}
    if isinstance(value, str):
        return {"size": len(value)}
    if isinstance(value, Sequence) and value and all(isinstance(one, PageImage) for one in value):
        return {"pages": [_page(page) for page in value]}
    if isinstance(value, Barcode):
        return {"symbology": value.symbology, "size": len(value.data)}
    return {"kind": type(value).__name__}


def _page(page: PageImage) -> dict[str, Any]:
    """What a page is to look at; what stands on it is its owner's."""
    return {
        "side": page.side.value,
        "kind": page.kind,
        "size": f"{page.width}x{page.height}",
        "dpi": page.dpi,
    }
