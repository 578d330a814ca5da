"""After a power cut, or a line lost in the middle: what the counters prove about a job. Pure, moves nothing.

The exit sensor is the truth: a sheet it counted is delivered to the tray, a sheet that left its unit and was
not counted is not delivered, and where the counters contradict the book nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.books.dispense_job import FEEDING, JobStage, Sheet
from drivers.books.stock import another_machine
from drivers.books.totals import Movement, Totals
from drivers.xfs.messages.dispenser import Outcome

UNKNOWN = "unknown"
"""Position of a sheet that somebody has to look for."""
NEVER_FED = "unit"
"""Position of a sheet that turned out not to have left its unit."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proved.

    ``sheet_position`` is where the sheet in motion came to rest (None: none was). ``quarantine`` says why the
    unit may not dispense until somebody has looked; None when all is known.
    """

    stage: JobStage
    sheet_position: str | None = None
    outcome: Outcome | None = None
    tray_position: str | None = None
    quarantine: str | None = None


def judge(
    stage: JobStage,
    sheets: tuple[Sheet, ...],
    wanted: int,
    written: Totals | None,
    now: Totals,
    front: str | None = None,
) -> Verdict:
    """The verdict on a job found in ``stage``, whose last written totals were ``written``.

    ``front`` is the number read in front of the job's unit: only it proves that a sheet which no counter
    has seen is still in there.
    """
    before = _last_reading(sheets, written)
    if before is not None and now.other_machine(before):
        return Verdict(JobStage.RECONCILE, UNKNOWN, quarantine=another_machine(before.serial, now.serial))
    if stage is JobStage.FEEDING:
        return _feeding(sheets, wanted, before, now, front)
    in_tray = sum(sheet.position == "tray" for sheet in sheets)
    stuck = sum(sheet.position == "transport" for sheet in sheets)
    if written is None:
        return _doubt(stage)
    moved = now.since(written)
    if moved.fed or moved.exited or not 0 <= moved.rejected <= stuck:  # a reset clears the transport
        return _doubt(stage)
    if moved.retracted == 0:
        return _untouched(stage, in_tray, now)
    if moved.retracted == in_tray and not now.tray:
        return Verdict(JobStage.RETRACTED, tray_position="retract")
    return _doubt(stage)


def _untouched(stage: JobStage, in_tray: int, now: Totals) -> Verdict:
    """Nothing was retracted: either it still lies there, or a person has taken it."""
    if in_tray == 0:
        return Verdict(JobStage.FED) if not now.tray else _doubt(stage)
    if stage is JobStage.FED:
        # Behind a closed shutter nobody can have taken anything.
        return Verdict(JobStage.FED) if now.tray else _doubt(stage)
    return Verdict(JobStage.PRESENTED if now.tray else JobStage.TAKEN)


def _last_reading(sheets: tuple[Sheet, ...], written: Totals | None) -> Totals | None:
    """The totals before the sheet in motion, or those written with the job's stage where none moves."""
    flying = next((sheet for sheet in sheets if sheet.position == FEEDING), None)
    return flying.before if flying is not None else written


def _feeding(
    sheets: tuple[Sheet, ...], wanted: int, before: Totals | None, now: Totals, front: str | None
) -> Verdict:
    flying = next((sheet for sheet in sheets if sheet.position == FEEDING), None)
    resting = [sheet for sheet in sheets if sheet.position != FEEDING]
    if before is None:
        return _doubt(JobStage.FEEDING)
    moved = now.since(before)
    if moved.retracted or moved.fed not in (0, 1) or moved.exited + moved.rejected > moved.fed:
        return _doubt(JobStage.FEEDING)
    if flying is None and moved.fed:
        return _doubt(JobStage.FEEDING)
    in_tray = sum(sheet.position == "tray" for sheet in resting) + moved.exited
    if now.tray != (in_tray > 0):
        return _doubt(JobStage.FEEDING)
    position, why = None, None
    if flying is not None:
        position, why = _resting_place(moved, flying, front)
    outcome = Outcome.COMPLETE if in_tray == wanted else Outcome.PARTIAL if in_tray else Outcome.NONE
    return Verdict(JobStage.FED, position, outcome, quarantine=why)


def _resting_place(moved: Movement, sheet: Sheet, front: str | None) -> tuple[str, str | None]:
    if not moved.fed and front == sheet.number:
        return NEVER_FED, None
    if moved.exited:
        return "tray", None
    if moved.rejected:
        return "reject", f"sheet {sheet.number} was rejected while nobody recorded why"
    return "transport", f"sheet {sheet.number} lies in the transport"


def _doubt(stage: JobStage) -> Verdict:
    return Verdict(
        JobStage.RECONCILE, UNKNOWN, quarantine=f"the counters contradict the book ({stage.value})"
    )
