"""A cut while nothing moves leaves nothing in doubt: book and counters agree, and the person gets the sheets."""

import pytest

from drivers.books.dispense_job import JobStage
from tests.drivers.services.test_conservation import Dispensing


@pytest.fixture
def day():
    day = Dispensing()
    day.switch_on()
    day.load("unit1", 6)
    yield day
    day.teardown()


@pytest.mark.parametrize(
    ("point", "when", "left", "fed", "outcome"),
    [
        ("dispense.rest", "after", 1, 1, "partial"),
        ("dispense.feed", "before", 3, 2, "partial"),
        ("dispense.fed", "before", 1, 3, "complete"),
    ],
)
def test_sheets_that_lie_in_the_tray_are_handed_out_after_a_cut_between_two(
    day, point, when, left, fed, outcome
):
    day.cut_at_point(point, when, left)
    day.dispense("unit1", 3)
    job = day.run(day.program.bench.jobs.find(day.key))
    assert (job.stage, job.outcome, len(job.in_tray)) == (JobStage.FED, outcome, fed)
    assert day.stock()["unit1"].status == "ok"
    day.present()
    day.take()
    assert day.run(day.program.bench.jobs.find(day.key)).stage is JobStage.TAKEN
    day.book_and_machine_agree()


def test_a_jam_is_still_told_when_the_power_goes_right_after_it(day):
    day.faults(["jam"])
    day.cut_at_point("dispense.rest", "after", 1)
    day.dispense("unit1", 2)
    job = day.run(day.program.bench.jobs.find(day.key))
    assert (job.stage, job.outcome, job.error_code) == (JobStage.FED, "none", "jammed")


def test_counters_that_contradict_a_sheet_stay_for_a_person_whenever_the_power_goes(day):
    def cheat(step):
        if step == "moved":
            day.machine.totals["fed"] += 1

    day.device.hook = cheat
    day.cut_at_point("dispense.rest", "after", 1)
    day.dispense("unit1", 2)
    job = day.run(day.program.bench.jobs.find(day.key))
    assert (job.stage, job.error_code) == (JobStage.RECONCILE, "countUncertain")
    assert day.stock()["unit1"].status == "quarantined"


def test_the_number_read_at_the_gate_is_kept_when_the_motion_breaks_off_behind_it(day):
    day.faults(["wrong"])
    day.fail_in_motion("moved", 1, "silent")
    day.dispense("unit1", 1)
    (sheet,) = day.run(day.program.bench.jobs.find(day.key)).sheets
    assert (sheet.position, sheet.read) == ("reject", "99999999")


@pytest.mark.parametrize("when", ["before", "after"])
def test_sheets_taken_as_the_power_goes_are_taken(day, when):
    """The watch of the open tray dies with it, not the command that waits for it."""
    day.dispense("unit1", 1)
    day.cut_at_point("dispense.taken", when, 1)
    day.present()
    program = day.program
    day.take()
    assert day.program is not program, "the program began anew"
    assert day.run(day.program.bench.jobs.find(day.key)).stage in (JobStage.PRESENTED, JobStage.TAKEN)
    day.present()  # as the client does that had no answer
    assert day.run(day.program.bench.jobs.find(day.key)).stage is JobStage.TAKEN
    day.book_and_machine_agree()


def test_a_book_that_cannot_be_written_lets_nobody_wait_for_the_tray_for_ever(day, monkeypatch):
    day.dispense("unit1", 1)
    day.present()
    jobs = day.program.bench.jobs
    write = jobs.write

    async def full(job, point):
        raise OSError("disk full")

    monkeypatch.setattr(jobs, "write", full)
    day.machine.take()
    answer = day.ask("WaitTaken", {"jobKey": day.key})
    assert answer["payload"]["taken"] is False, "nobody knows"
    monkeypatch.setattr(jobs, "write", write)
    assert day.ask("Retract", {"jobKey": day.key})["payload"]["count"] == 0
    assert day.run(jobs.find(day.key)).stage is JobStage.TAKEN
    day.book_and_machine_agree()


@pytest.mark.parametrize(("count", "faults"), [(1, []), (2, ["double"])])
def test_the_last_sheets_that_left_their_unit_unseen_are_not_in_it(day, count, faults):
    """The answer is lost while they lie in the path: no counter has moved, and the unit is empty."""
    day.load("unit1", count)
    day.faults(faults)
    day.fail_in_motion("path", 1, "silent")
    day.dispense("unit1", count)
    job = day.run(day.program.bench.jobs.find(day.key))
    assert [(sheet.position, sheet.fault) for sheet in job.sheets] == [("transport", "mediaJammed")]
    assert day.stock()["unit1"].status == "quarantined"
    day.book_and_machine_agree()
