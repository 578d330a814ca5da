"""What an IPP printer's words are worth: job states to outcomes, state reasons to supplies.

A job is *printed* only when the printer itself says ``completed``; accepted, queued or processing is not
printed. Sources: RFC 8011 sections 5.3.7 (job-state), 5.4.11 and 5.4.12 (printer-state and its reasons).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from drivers.ports import DeviceState, Media, PrintOutcome, PrintResult, Supply


class JobState(enum.IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterState(enum.IntEnum):
    """RFC 8011, 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What the printer says of one job. ``sheets`` is None when it does not count."""

    job_id: int
    name: str
    state: JobState
    reasons: frozenset[str] = frozenset()
    sheets: int | None = None
    created: int | None = None
    """time-at-creation, in the printer's own up-time seconds."""

    @property
    def ended(self) -> bool:
        """Whether the job's state can no longer change."""
        return self.state in (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """What the printer says of itself; ``reasons`` without their severity."""

    state: PrinterState
    reasons: frozenset[str] = frozenset()
    up_time: int | None = None
    model: str = ""
    accepting: bool = True


_SEVERITIES: Final = ("-report", "-warning", "-error")


def bare_reasons(reasons: Iterable[str]) -> frozenset[str]:
    """State reasons without ``-report``, ``-warning`` or ``-error`` (RFC 8011, 5.4.12), ``none`` left out."""
    bare = set()
    for reason in reasons:
        for severity in _SEVERITIES:
            reason = reason.removesuffix(severity)
        bare.add(reason)
    return frozenset(bare - {"none", ""})


_FAULTS: Final = (
    ("paperJammed", frozenset({"media-jam", "media-path-jam"})),
    ("coverOpen", frozenset({"cover-open", "door-open", "interlock-open"})),
    ("paperOut", frozenset({"media-empty", "media-needed", "input-tray-missing"})),
    (
        "tonerOut",
        frozenset({"toner-empty", "marker-supply-empty", "developer-empty", "marker-supply-missing"}),
    ),
    ("stackerFull", frozenset({"output-area-full", "marker-waste-full"})),
    (
        "deviceOffline",
        frozenset({"paused", "moving-to-paused", "shutdown", "offline", "connecting-to-device"}),
    ),
    ("hardwareError", frozenset({"fuser-over-temp", "fuser-under-temp", "opc-life-over", "timed-out"})),
)
"""What keeps a sheet from coming out, worst first: our error code and the IPP reasons that mean it."""


_PRINTS_ON: Final = {
    "paperOut": {"media-low"},
    "tonerOut": {"toner-low"},
    "stackerFull": set[str](),
    "hardwareError": set[str](),
}
"""Faults that may be told as a report or a warning by a printer that prints on, and what is then left of them."""


def stopping(told: Iterable[str], state: PrinterState) -> frozenset[str]:
    """State reasons without their severity; of the faults only those that stop the printer.

    A report or a warning keeps no job from completing (RFC 8011, 5.4.12): of two trays one is empty, a cartridge is
    nearly used up. A printer that stands all the same stands for what it tells. Without a severity it is a fault,
    and so is a jam, an open cover or a pause of any severity.
    """
    found: set[str] = set()
    for reason in told:
        bare = bare_reasons((reason,))
        mild = state is not PrinterState.STOPPED and reason.endswith(("-report", "-warning"))
        found |= _PRINTS_ON.get(fault(bare) or "", bare) if mild else bare
    return frozenset(found)


def stands(printer: PrinterFacts, job: JobFacts) -> bool:
    """Whether a job goes on only when somebody does something: the printer stands, or holds it back."""
    held = job.state in (JobState.HELD, JobState.STOPPED)
    return held or printer.state is PrinterState.STOPPED or fault(printer.reasons) is not None


def fault(reasons: frozenset[str]) -> str | None:
    """The error code of what stops the printer, or None when nothing does."""
    return next((code for code, words in _FAULTS if reasons & words), None)


def paper(reasons: frozenset[str]) -> Supply:
    """Level of the paper tray."""
    blocking = fault(reasons & (_FAULTS[0][1] | _FAULTS[2][1]))
    if blocking is not None:
        return Supply.JAMMED if blocking == "paperJammed" else Supply.OUT
    return Supply.LOW if "media-low" in reasons else Supply.FULL


def toner(reasons: frozenset[str]) -> Supply:
    """Level of the toner."""
    if reasons & _FAULTS[3][1]:
        return Supply.OUT
    return Supply.LOW if reasons & {"toner-low", "marker-supply-low", "developer-low"} else Supply.FULL


def device_state(printer: PrinterFacts) -> DeviceState:
    """XFS4IoT device state."""
    code = fault(printer.reasons)
    if code in ("paperJammed", "hardwareError"):
        return DeviceState.HARDWARE_ERROR
    if code == "coverOpen":
        return DeviceState.USER_ERROR
    if code == "deviceOffline" or not printer.accepting:
        return DeviceState.OFFLINE
    if printer.state is PrinterState.STOPPED and code is None:
        return DeviceState.HARDWARE_ERROR
    return DeviceState.DEVICE_BUSY if printer.state is PrinterState.PROCESSING else DeviceState.ONLINE


def media(reasons: frozenset[str]) -> Media:
    """Whether paper is stuck inside."""
    return Media.JAMMED if fault(reasons) == "paperJammed" else Media.NOT_PRESENT


def outcome(job: JobFacts, printer_reasons: frozenset[str] = frozenset()) -> PrintResult:
    """What became of a job that ended, or of one that nobody will wait for any longer.

    Cancelled or aborted before the first sheet is *not printed*. With sheets out, or with a printer that
    does not count them, it is *uncertain*.
    """
    evidence: Mapping[str, object] = {
        "jobId": job.job_id,
        "jobState": job.state.name.lower(),
        "reasons": sorted(job.reasons),
    }
    sheets = job.sheets or 0
    if job.state is JobState.COMPLETED:
        if job.reasons & {"job-completed-with-errors", "document-format-error"}:
            return PrintResult(PrintOutcome.UNCERTAIN, fault(printer_reasons), sheets, evidence)
        return PrintResult(PrintOutcome.PRINTED, None, sheets, evidence)
    code = fault(printer_reasons | bare_reasons(job.reasons)) or _job_error(job)
    if job.ended and job.sheets == 0:
        return PrintResult(PrintOutcome.NOT_PRINTED, code, 0, evidence)
    return PrintResult(PrintOutcome.UNCERTAIN, code, sheets, evidence)


def _job_error(job: JobFacts) -> str | None:
    if job.reasons & {"unsupported-document-format", "document-format-error", "document-unprintable-error"}:
        return "unsupportedData"
    return {JobState.CANCELED: "canceled", JobState.ABORTED: "aborted"}.get(job.state)
