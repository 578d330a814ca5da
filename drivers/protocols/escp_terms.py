"""What an ESC/P printer's answers to DLE EOT mean for a form, in XFS4IoT words; what it does not tell is unknown.

Chinese invoice printers with a serial or network port answer ``DLE EOT 1`` to ``4`` as receipt printers do. For
them "paper end" means that no form lies in the path: with single forms that is how each of them ends.
"""

from __future__ import annotations

from collections.abc import Mapping

from drivers.ports import DeviceState, Media, Supply
from drivers.protocols.escpos_status import PrinterFacts


def fault(facts: PrinterFacts) -> str | None:
    """The error code of what keeps the head from striking, or None when nothing known does."""
    if facts.cover_open:
        return "coverOpen"
    if facts.unrecoverable:
        return "hardwareError"
    if facts.recoverable:
        return "paperJammed"
    if facts.paper_stop:
        return "paperOut"
    if facts.error or facts.cutter_error:
        return "hardwareError"
    # Models of the class also say "off line" when only the form is missing.
    return "deviceOffline" if facts.offline and not facts.paper_end else None


def device_state(facts: PrinterFacts, *, mute: bool = False) -> DeviceState:
    """XFS4IoT ``device``; ``mute`` is a printer that never answers and whose line is all that is known."""
    if mute:
        return DeviceState.ONLINE
    if facts.offline is None:
        return DeviceState.OFFLINE
    code = fault(facts)
    if code == "coverOpen":
        return DeviceState.USER_ERROR
    if code in ("hardwareError", "paperJammed"):
        return DeviceState.HARDWARE_ERROR
    return DeviceState.OFFLINE if code == "deviceOffline" else DeviceState.ONLINE


def details(facts: PrinterFacts, *, single: bool) -> Mapping[str, object]:
    """Status details. With ``single`` forms an empty path is no medium; with a stack of them it is no paper."""
    jammed = bool(facts.recoverable)
    media = Media.JAMMED if jammed else _media(facts.paper_end)
    paper = Supply.JAMMED if jammed else Supply.UNKNOWN if single else _paper(facts)
    return {
        "printer": {
            "media": media.value,
            "paper": {"upper": paper.value},
            "ink": Supply.UNKNOWN.value,  # no model of the class senses its ribbon
            "paperType": {"upper": "single"},
        },
        "paperJob": {
            "cover": {None: "unknown", True: "open", False: "closed"}[facts.cover_open],
            "recovery": _recovery(facts),
            "fault": fault(facts) or ("unknown" if facts.offline is None else "none"),
        },
    }


def _media(paper_end: bool | None) -> Media:
    return {None: Media.UNKNOWN, True: Media.NOT_PRESENT, False: Media.PRESENT}[paper_end]


def _paper(facts: PrinterFacts) -> Supply:
    if facts.paper_end is None:
        return Supply.UNKNOWN
    return Supply.OUT if facts.paper_end else Supply.LOW if facts.near_end else Supply.FULL


def _recovery(facts: PrinterFacts) -> str:
    if facts.unrecoverable is None:
        return "unknown"
    return "unrecoverable" if facts.unrecoverable else "recoverable" if facts.recoverable else "none"
