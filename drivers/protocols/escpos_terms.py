"""An ESC/POS printer's facts in XFS4IoT words: unknown stays unknown, a fault gets its error code."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.ports import DeviceState, Media, Supply
from drivers.protocols.escpos_status import PrinterFacts


def fault(facts: PrinterFacts) -> str | None:
    """The error code of what keeps paper from coming out, or None when nothing known does."""
    if facts.cover_open:
        return "coverOpen"
    if facts.paper_end:
        return "paperOut"
    if facts.cutter_error:
        return "cutterError"
    if facts.unrecoverable:
        return "hardwareError"
    if facts.recoverable:
        return "paperJammed"
    if facts.auto_recoverable:
        return "headOverheated"
    if facts.error:
        return "hardwareError"
    return "deviceOffline" if facts.offline else None


def device_state(facts: PrinterFacts) -> DeviceState:
    """XFS4IoT ``device``; an empty roll is a supply, not a broken device."""
    if facts.offline is None:
        return DeviceState.OFFLINE
    code = fault(facts)
    if code == "coverOpen":
        return DeviceState.USER_ERROR
    if code in ("cutterError", "hardwareError", "paperJammed"):
        return DeviceState.HARDWARE_ERROR
    if code == "headOverheated":
        return DeviceState.DEVICE_BUSY
    return DeviceState.OFFLINE if code == "deviceOffline" else DeviceState.ONLINE


def paper(facts: PrinterFacts) -> Supply:
    """Level of the roll."""
    if facts.recoverable:
        return Supply.JAMMED
    if facts.paper_end is None:
        return Supply.UNKNOWN
    if facts.paper_end:
        return Supply.OUT
    return Supply.LOW if facts.near_end else Supply.FULL


def details(facts: PrinterFacts) -> Mapping[str, object]:
    """Status details: the standard's ``printer`` part, and what it lacks under our own interface."""
    media = {None: Media.UNKNOWN, True: Media.JAMMED, False: Media.NOT_PRESENT}[facts.recoverable]
    return {
        "printer": {
            "media": media.value,
            "paper": {"upper": paper(facts).value},
            "paperType": {"upper": "single"},
        },
        "paperJob": {
            "cover": _word(facts.cover_open, "open", "closed"),
            "cutter": _word(facts.cutter_error, "jammed", "ok"),
            "head": _word(facts.auto_recoverable, "overheated", "ok"),
            "recovery": _recovery(facts),
            "fault": fault(facts) or ("unknown" if facts.offline is None else "none"),
        },
    }


def _word(value: bool | None, yes: str, no: str) -> str:
    return "unknown" if value is None else yes if value else no


def _recovery(facts: PrinterFacts) -> str:
    if facts.unrecoverable is None:
        return "unknown"
    if facts.unrecoverable:
        return "unrecoverable"
    if facts.recoverable or facts.cutter_error:
        return "recoverable"
    return "autoRecoverable" if facts.auto_recoverable else "none"
