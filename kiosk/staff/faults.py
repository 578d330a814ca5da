"""What is wrong with a device, from its XFS4IoT status: one word, how bad it is, and how it is mended.

The words are those of the status (``paperOut``, ``coverOpen``, …), so that a driver of another vendor is
understood too. A value nobody can sense is not a fault; a device nobody hears of is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

OK: Final = "ok"
LOW: Final = "low"
BAD: Final = "bad"
UNKNOWN: Final = "unknown"

ORDER: Final = (BAD, UNKNOWN, LOW, OK)
"""What is mended first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``word`` is a text id below ``bench.fault.``; ``guide`` one of ``guides.GUIDES``, or empty."""

    word: str
    tone: str
    guide: str = ""


HEALTHY: Final = Fault("none", OK)
_SUPPLIES: Final = {"jammed": "paperJammed", "out": "paperOut", "low": "paperLow"}
_DEVICE: Final = {
    "offline": "offline",
    "powerOff": "powerOff",
    "noDevice": "noDevice",
    "hardwareError": "hardwareError",
    "userError": "userError",
    "fraudAttempt": "tampered",
    "potentialFraud": "tampered",
    "starting": "starting",
}
_GUIDES: Final[Mapping[tuple[str, str], str]] = {
    ("receiptPrinter", "paperOut"): "roll",
    ("receiptPrinter", "paperLow"): "roll",
    ("receiptPrinter", "paperJammed"): "slipJam",
    ("receiptPrinter", "cutterJammed"): "slipJam",
    ("receiptPrinter", "coverOpen"): "roll",
    ("documentPrinter", "paperOut"): "a4",
    ("documentPrinter", "paperLow"): "a4",
    ("documentPrinter", "paperJammed"): "a4Jam",
    ("documentPrinter", "coverOpen"): "a4Jam",
    ("documentPrinter", "tonerOut"): "toner",
    ("documentPrinter", "tonerLow"): "toner",
    ("invoiceDispenser", "jammed"): "invoiceJam",
    ("invoiceDispenser", "coverOpen"): "invoiceJam",
    ("invoiceDispenser", "hardwareError"): "invoiceJam",
    ("invoiceDispenser", "empty"): "invoices",
    ("faceCamera", "covered"): "camera",
    ("faceCamera", "black"): "camera",
    ("faceCamera", "frozen"): "cable",
}
_CABLE: Final = frozenset({"offline", "noDevice", "powerOff", "silent"})


def fault(role: str, device: str, details: Mapping[str, Any]) -> Fault:
    """The worst thing that a role's status tells."""
    word, tone = _worst(role, device, details)
    if tone == OK:
        return HEALTHY
    guide = _GUIDES.get((role, word), "cable" if word in _CABLE else "")
    return Fault(word, tone, guide)


def _worst(role: str, device: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """What a hand can mend stands before what the device says of itself as a whole."""
    word = _by_part(role, details)
    if word and word not in ("paperLow", "tonerLow"):
        return word, BAD
    if device == UNKNOWN:
        return "silent", UNKNOWN
    if device in _DEVICE:
        return _DEVICE[device], UNKNOWN if device == "starting" else BAD
    return (word, LOW) if word else ("none", OK)


def _by_part(role: str, details: Mapping[str, Any]) -> str:
    paper_job = _part(details, "paperJob")
    if role == "invoiceDispenser":
        machine = _part(details, "invoiceDispenser")
        if machine.get("cover") == "open":
            return "coverOpen"
        return (
            "jammed" if machine.get("media") == "jammed" or machine.get("transport") == "inoperative" else ""
        )
    if role == "pinPad":
        return "noKeys" if _part(details, "keyManagement").get("encryptionState") == "notInitialized" else ""
    if paper_job.get("cover") == "open":
        return "coverOpen"
    if paper_job.get("cutter") == "jammed":
        return "cutterJammed"
    printer = _part(details, "printer")
    paper = printer.get("paper")
    levels = set(paper.values()) if isinstance(paper, Mapping) else set()
    for level in ("jammed", "out"):
        if level in levels or (level == "jammed" and printer.get("media") == "jammed"):
            return _SUPPLIES[level]
    if printer.get("toner") == "out":
        return "tonerOut"
    if "low" in levels:
        return "paperLow"
    if printer.get("toner") == "low":
        return "tonerLow"
    frame = _part(details, "faceCamera").get("frame")
    return str(frame) if frame in ("covered", "black", "frozen") else ""


def _part(details: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = details.get(name)
    return found if isinstance(found, Mapping) else {}


class FaultLog:
    """Since when each device has had its fault, as long as this program has been looking."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[str, datetime]] = {}

    def see(self, role: str, found: Fault, now: datetime) -> datetime | None:
        """Note what is seen now; when it began, or None for a device that is well."""
        if found.tone == OK:
            self._since.pop(role, None)
            return None
        word, since = self._since.get(role, ("", now))
        if word != found.word:
            since = now
        self._since[role] = (found.word, since)
        return since
