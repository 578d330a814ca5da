"""What is wrong with a device, from its XFS4IoT status: one word, how bad it is, and how it is mended.

The words are those of the status (``paperOut``, ``coverOpen``, …), so that a driver of another vendor is
understood too; what each means is in ``config/faults/seen.yaml``. A value nobody can sense is not a fault; a device
nobody hears of is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from config.faults.seen import Tone, load_seen, word_of
from kiosk.availability import card_faults, closing_faults
from kiosk.supplies import PAPER_WORDS, paper_states
from sync.models.alarms import DOORS

OK: Final = "ok"
LOW: Final = Tone.LOW.value
BAD: Final = Tone.BAD.value
UNKNOWN: Final = Tone.UNKNOWN.value

NAMELESS: Final = "userError"
"""The word for what closes a role and has none of its own: somebody has to look."""
ORDER: Final = (BAD, UNKNOWN, LOW, OK)
"""What is mended first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``word`` is a text id below ``bench.fault.``; ``guide`` one of ``guides.GUIDES``, or empty."""

    word: str
    tone: str
    guide: str = ""


HEALTHY: Final = Fault("none", OK)


def fault(role: str, device: str, details: Mapping[str, Any]) -> Fault:
    """The worst thing that a role's status tells."""
    word = _worst(role, device, details)
    if word is None:
        return HEALTHY
    seen = load_seen()[word]
    return Fault(word, seen.tone.value, seen.guide_for(role))


def _worst(role: str, device: str, details: Mapping[str, Any]) -> str | None:
    """What a hand can mend stands before what the device says of itself as a whole, and that before what is low."""
    word = _by_part(role, details)
    if word and load_seen()[word].tone is not Tone.LOW:
        return word
    return word_of(device) or _closing(role, device, details) or word or None


def _closing(role: str, device: str, details: Mapping[str, Any]) -> str | None:
    """What closes the role though the device calls itself well: no service is out without its cause on the page."""
    return next((word_of(code) or NAMELESS for code in closing_faults(role, device, details)), None)


def _by_part(role: str, details: Mapping[str, Any]) -> str:
    if _part(details, "connection").get("lacking"):
        return "wrongService"
    paper_job = _part(details, "paperJob")
    if role == "invoiceDispenser":
        machine = _part(details, "invoiceDispenser")
        if machine.get("cover") == "open":
            return "coverOpen"
        if machine.get("media") == "jammed" or machine.get("transport") == "inoperative":
            return "jammed"
        for bin_, word in (("rejectBin", "rejectBinFull"), ("retractBin", "retractBinFull")):
            if machine.get(bin_) == "full":
                return word
        return "unitMissing" if "missing" in _part(machine, "units").values() else ""
    if role == "ups":
        return _on_battery(details)
    if role == "paymentTerminal" and (words := card_faults(details)):
        return "paperOut" if "paperOut" in words else words[0]
    if role == "pinPad":
        return "noKeys" if _part(details, "keyManagement").get("encryptionState") == "notInitialized" else ""
    if paper_job.get("cover") == "open":
        return "coverOpen"
    if paper_job.get("cutter") == "jammed":
        return "cutterJammed"
    printer = _part(details, "printer")
    paper = paper_states(details)
    for state in ("jammed", "out"):
        if state in paper or (state == "jammed" and printer.get("media") == "jammed"):
            return PAPER_WORDS[state]
    if printer.get("toner") == "out":
        return "tonerOut"
    if "low" in paper:
        return PAPER_WORDS["low"]
    if printer.get("toner") == "low":
        return "tonerLow"
    for camera in ("faceCamera", "documentCamera"):
        frame = _part(details, camera).get("frame")
        if frame in ("covered", "black", "frozen"):
            return str(frame)
    return next((word for part, name, value, word in _FACTS if _part(details, part).get(name) == value), "")


_FACTS: Final = (
    ("documentScanner", "cover", "open", "coverOpen"),
    ("documentScanner", "media", "jammed", "jammed"),
    ("documentScanner", "mediaFeeder", "jammed", "jammed"),
    ("stampUnit", "cover", "open", "coverOpen"),
    ("stampUnit", "media", "jammed", "jammed"),
    ("stampUnit", "ink", "out", "inkOut"),
    ("printer", "ink", "out", "inkOut"),
    ("stampUnit", "ink", "low", "inkLow"),
    ("printer", "ink", "low", "inkLow"),
    ("paymentTerminal", "paper", "low", "paperLow"),
    ("documentScanner", "frontImageScanner", "fading", "lampFading"),
    ("documentScanner", "backImageScanner", "fading", "lampFading"),
    *(("auxiliaries", name, "tampered", "tampered") for name in (*DOORS, "vandalShield")),
    ("auxiliaries", "tamperSensor", "on", "tampered"),
    ("auxiliaries", "internalTamperSensor", "on", "tampered"),
    ("auxiliaries", "seismicSensor", "on", "tampered"),
    ("auxiliaries", "heatSensor", "on", "tooHot"),
    *(("auxiliaries", door, "open", "doorOpen") for door in DOORS),
)
"""Part, fact and value of a status, and the word for it: what stops the device first, then what will soon."""


def _on_battery(details: Mapping[str, Any]) -> str:
    ups = _part(_part(details, "auxiliaries"), "UPS")
    if ups.get("low"):
        return "batteryLow"
    if ups.get("engaged"):
        return "onBattery"
    info = _part(_part(details, "powerManagement"), "info")
    return "batteryWorn" if info.get("batteryStatus") == "failure" else ""


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
