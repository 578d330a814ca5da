"""What a document printer's words are worth: printed only when it says completed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ports import DeviceState, Media, PrintOutcome, Supply
from drivers.protocols import ipp_attributes as attributes
from drivers.protocols import ipp_truth as truth
from drivers.protocols.ipp_truth import JobFacts, JobState, PrinterFacts, PrinterState


def job(state: JobState, sheets: int | None = None, *reasons: str) -> JobFacts:
    return JobFacts(7, "key", state, frozenset(reasons), sheets)


@pytest.mark.parametrize("state", [s for s in JobState if s is not JobState.COMPLETED])
@pytest.mark.parametrize("sheets", [None, 0, 1])
def test_nothing_but_completed_is_printed(state: JobState, sheets: int | None) -> None:
    assert truth.outcome(job(state, sheets)).outcome is not PrintOutcome.PRINTED


def test_completed_is_printed_with_its_sheets() -> None:
    result = truth.outcome(job(JobState.COMPLETED, 2, "job-completed-successfully"))
    assert (result.outcome, result.sheets, result.error_code) == (PrintOutcome.PRINTED, 2, None)
    assert result.evidence["jobId"] == 7


def test_completed_with_errors_is_uncertain() -> None:
    result = truth.outcome(job(JobState.COMPLETED, 1, "job-completed-with-errors"))
    assert result.outcome is PrintOutcome.UNCERTAIN


@pytest.mark.parametrize("state", [JobState.CANCELED, JobState.ABORTED])
def test_an_ended_job_without_a_sheet_is_not_printed_and_with_one_uncertain(state: JobState) -> None:
    assert truth.outcome(job(state, 0)).outcome is PrintOutcome.NOT_PRINTED
    assert truth.outcome(job(state, 1)).outcome is PrintOutcome.UNCERTAIN
    assert truth.outcome(job(state, None)).outcome is PrintOutcome.UNCERTAIN


def test_the_spoiling_fault_is_named() -> None:
    result = truth.outcome(job(JobState.ABORTED, 0), frozenset({"media-jam", "toner-low"}))
    assert result.error_code == "paperJammed"
    assert truth.outcome(job(JobState.ABORTED, 0, "document-format-error")).error_code == "unsupportedData"
    assert truth.outcome(job(JobState.CANCELED, 0)).error_code == "canceled"


@pytest.mark.parametrize(
    ("reasons", "code", "paper", "toner"),
    [
        (["none"], None, Supply.FULL, Supply.FULL),
        (["media-empty-warning"], "paperOut", Supply.OUT, Supply.FULL),
        (["media-empty-error"], "paperOut", Supply.OUT, Supply.FULL),
        (["media-needed-report"], "paperOut", Supply.OUT, Supply.FULL),
        (["media-low"], None, Supply.LOW, Supply.FULL),
        (["media-jam-error", "media-empty"], "paperJammed", Supply.JAMMED, Supply.FULL),
        (["toner-low-warning"], None, Supply.FULL, Supply.LOW),
        (["marker-supply-low-report"], None, Supply.FULL, Supply.LOW),
        (["toner-empty-error"], "tonerOut", Supply.FULL, Supply.OUT),
        (["cover-open"], "coverOpen", Supply.FULL, Supply.FULL),
        (["output-area-full"], "stackerFull", Supply.FULL, Supply.FULL),
        (["paused"], "deviceOffline", Supply.FULL, Supply.FULL),
        (["something-new"], None, Supply.FULL, Supply.FULL),
    ],
)
def test_reasons_become_supplies_and_faults(
    reasons: list[str], code: str | None, paper: Supply, toner: Supply
) -> None:
    bare = truth.bare_reasons(reasons)
    assert (truth.fault(bare), truth.paper(bare), truth.toner(bare)) == (code, paper, toner)


@pytest.mark.parametrize(
    ("state", "reasons", "device"),
    [
        (PrinterState.IDLE, "", DeviceState.ONLINE),
        (PrinterState.PROCESSING, "", DeviceState.DEVICE_BUSY),
        (PrinterState.IDLE, "media-empty", DeviceState.ONLINE),
        (PrinterState.STOPPED, "media-empty", DeviceState.ONLINE),
        (PrinterState.STOPPED, "", DeviceState.HARDWARE_ERROR),
        (PrinterState.STOPPED, "media-jam", DeviceState.HARDWARE_ERROR),
        (PrinterState.STOPPED, "cover-open", DeviceState.USER_ERROR),
        (PrinterState.STOPPED, "paused", DeviceState.OFFLINE),
    ],
)
def test_the_device_state_follows(state: PrinterState, reasons: str, device: DeviceState) -> None:
    assert truth.device_state(PrinterFacts(state, frozenset({reasons} - {""}))) is device


def test_a_printer_that_accepts_no_jobs_is_offline() -> None:
    assert truth.device_state(PrinterFacts(PrinterState.IDLE, accepting=False)) is DeviceState.OFFLINE


def test_stuck_paper_is_jammed_media() -> None:
    assert truth.media(frozenset({"media-jam"})) is Media.JAMMED
    assert truth.media(frozenset()) is Media.NOT_PRESENT


def test_attributes_become_facts() -> None:
    facts = attributes.job(
        {
            "job-id": 3,
            "job-name": "kiosk-1",
            "job-state": 9,
            "job-state-reasons": ["job-completed-successfully", "none"],
            "job-impressions-completed": 2,
            "time-at-creation": 55,
        }
    )
    assert facts == JobFacts(
        3, "kiosk-1", JobState.COMPLETED, frozenset({"job-completed-successfully"}), 2, 55
    )
    printer = attributes.printer(
        {"printer-state": 5, "printer-state-reasons": "media-empty-error", "printer-up-time": 9}
    )
    assert printer == PrinterFacts(PrinterState.STOPPED, frozenset({"media-empty"}), 9)


ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=8))


@given(st.dictionaries(st.sampled_from(["job-id", "job-state", "job-name", "job-state-reasons"]), ANYTHING))
def test_nonsense_from_a_printer_is_no_fact(values: dict[str, object]) -> None:
    facts = attributes.job(values)
    if facts is not None:
        assert facts.job_id >= 0
        assert facts.state in JobState


@given(
    st.dictionaries(st.sampled_from(["printer-state", "printer-state-reasons", "printer-up-time"]), ANYTHING)
)
def test_nonsense_about_a_printer_is_no_fact(values: dict[str, object]) -> None:
    facts = attributes.printer(values)
    assert facts is None or facts.state in PrinterState
