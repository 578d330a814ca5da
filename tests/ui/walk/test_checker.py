"""The verdict over invented evidence: a good walk has none, and each planted fault is found, once, by its rule."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.walk.planted import FAULTS, Fault
from tests.ui.walk.planted.departures import an_application
from tests.ui.walk.planted.feedback import a_rated_answer, a_tip_off
from tests.ui.walk.planted.mutual import a_question, a_vote, thanks
from tests.ui.walk.planted.navigated import a_checklist
from tests.ui.walk.planted.scenes import WORKED, an_enrolment
from tests.ui.walk.planted.sealed import a_letter, an_electronic_invoice
from tests.ui.walk.planted.slips import a_title_code, an_answer_sheet
from tests.ui.walk.planted.stock import a_reservation_is_left_open
from tests.ui.walk.planted.subscriptions import subscriptions_of
from tests.ui.walk.planted.surveys import an_answered_survey
from tests.ui.walk.planted.worked import a_worked_sheet
from tests.ui.walk.story import CERTIFICATE, ENTERPRISE, NUMBER, ORDER, RETURN, URL, Story
from ui.walk import checker
from ui.walk.rules.parties import Evidence


def test_a_good_walk_has_no_disagreement(story: Story) -> None:
    assert story.check() == []


def test_every_rule_has_something_to_look_at_in_the_good_one(story: Story) -> None:
    """So that its silence means something."""
    story.write()
    evidence = Evidence.read(story.folder)
    for kind in ("print", "slip", "dispense", "declaration.submit", "payment.create"):
        assert evidence.phase(kind, "outcome") or evidence.phase(kind, "settled")
    assert all(evidence.sheets(kind) for kind in ("certificate", "slip", "invoice"))


def test_a_later_copy_is_another_file_of_the_same_certificate(story: Story) -> None:
    later = CERTIFICATE + b"\n"
    story.effect("print", "p2", {"number": NUMBER, "pages": 1}, {"outcome": "printed", "key": "p2"})
    story.item("certificate", "009-certificate.pdf", later)
    story.bureau["certificate"][0]["copies"] = 2
    assert any("is not a document that the centre sealed" in problem for problem in story.check())
    copy = {"number": NUMBER, "copy": 2, "pdf": hashlib.sha256(later).hexdigest()}
    story.bureau["certificate_copy"] = [{"number": NUMBER, "copy": 1, "pdf": None}, copy]
    assert story.check() == []


def test_an_electronic_invoice_is_printed_under_its_own_number(story: Story) -> None:
    an_electronic_invoice(story, "1675.15")
    assert story.check() == []


def test_a_letter_holds_the_files_that_were_kept(story: Story) -> None:
    a_letter(story)
    assert story.check() == []


def test_a_title_code_names_who_is_registered(story: Story) -> None:
    a_title_code(story, "云川市百味餐饮有限公司", f"纳税人识别号 {ENTERPRISE}")
    assert story.check() == []


def test_a_worked_sheet_has_no_code_and_comes_to_what_was_worked_out_by_hand(story: Story) -> None:
    a_worked_sheet(story, *WORKED)
    assert story.check() == []


@pytest.mark.parametrize("service", ["consult.ask", "library.search"])
def test_a_sheet_of_the_library_needs_no_code(story: Story, service: str) -> None:
    an_answer_sheet(story, service=service)
    assert story.check() == []


def test_a_sheet_of_the_library_with_a_code_leads_nowhere(story: Story) -> None:
    an_answer_sheet(story, code=f"{URL}/s/nowhere")
    told = story.check()
    assert "s-library: a sheet of the library has a code" in told
    assert any("follows nothing of this visit" in problem for problem in told)


def test_a_checklist_needs_no_code(story: Story) -> None:
    a_checklist(story)
    assert story.check() == []


def test_what_somebody_wrote_voted_and_thanked_for_is_no_disagreement(story: Story) -> None:
    a_question(story)
    a_vote(story, "against", -1)
    subscriptions_of(story, ["notices"], ["notices"])
    assert story.check() == []
    thanks(story, 1)
    assert not [problem for problem in story.check() if problem.startswith("question")]


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_its_rule(story: Story, name: str) -> None:
    plant, rule, says = FAULTS[name]
    plant(story)
    story.write()
    evidence = Evidence.read(story.folder)
    found = {r.__name__: list(r(evidence)) for r in checker.RULES}
    assert [problem for problem in found[rule] if says in problem], found
    assert checker.check(story.folder) == [p for r in checker.RULES for p in found[r.__name__]]


def test_each_rule_has_a_fault_that_it_finds() -> None:
    assert {rule for _, rule, _ in FAULTS.values()} == {r.__name__ for r in checker.RULES}


# --- what is no fault -----------------------------------------------------------------------------------------


def in_doubt(story: Story) -> None:
    """The visitor goes with a slip that names no voucher."""
    story.journalled("payment.create", "outcome")["body"]["state"] = "doubt"
    story.slip("007-slip.png", f"{URL}/s/m1", *RETURN[:2], total="¥4,095.84")


def test_a_payment_in_doubt_that_was_paid_and_booked_is_no_disagreement(story: Story) -> None:
    in_doubt(story)
    assert story.check() == []


def test_a_payment_in_doubt_that_nobody_booked_is_one(story: Story) -> None:
    in_doubt(story)
    story.bureau["booking"].clear()
    assert story.check() == [f"order {ORDER} was charged and is not booked"]


@pytest.mark.parametrize("came_out", [True, False])
def test_a_sheet_that_nobody_could_be_sure_of_may_have_come_out_or_not(story: Story, came_out: bool) -> None:
    story.journalled("print", "outcome")["body"]["outcome"] = "uncertain"
    story.bureau["certificate"][0]["copies"] = 0
    if not came_out:
        story.items = [i for i in story.items if i["kind"] != "certificate"]
    assert story.check() == []


@pytest.mark.parametrize("came_out", [True, False])
def test_a_slip_that_nobody_could_be_sure_of_may_have_come_out_or_not(story: Story, came_out: bool) -> None:
    story.effect("slip", "s9", {"blocks": []}, {"outcome": "uncertain"})
    if came_out:
        story.slip("020-slip.png", f"{URL}/s/r1", *RETURN, total="¥4,095.84")
    assert story.check() == []


def test_what_was_given_up_in_a_silence_may_have_reached_the_centre(story: Story) -> None:
    story.effects["c9"] = "accepted"
    assert story.check() == []


def test_an_enrolment_that_was_signed_and_is_on_file_is_no_disagreement(story: Story) -> None:
    an_enrolment(story)
    assert story.check() == []


def test_an_application_of_a_traveller_by_law_is_no_disagreement(story: Story) -> None:
    an_application(story)
    assert story.check() == []


def test_nothing_done_is_nothing_to_disagree_about(tmp_path: Path) -> None:
    assert Story(tmp_path).check() == []


@pytest.mark.parametrize(("plant", "status"), [(None, 0), (a_reservation_is_left_open, 1)])
def test_as_a_command_it_prints_what_it_found_and_ends_with_it(
    story: Story, plant: Fault | None, status: int
) -> None:
    if plant is not None:
        plant(story)
    story.write()
    done = subprocess.run(
        [sys.executable, "-m", "ui.walk.checker", str(story.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert ("agree" in done.stdout) == (status == 0)
    assert ("R3" in done.stdout) == (status == 1)


def test_a_tip_off_and_a_rated_answer_are_told_alike_by_all(story: Story) -> None:
    a_tip_off(story)
    a_rated_answer(story)
    assert story.check() == []


def test_an_answered_survey_is_told_alike_by_all(story: Story) -> None:
    an_answered_survey(story)
    assert story.check() == []
