from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.errors import CopiesSpent
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import CAST, Terminal, subject

SHEN = subject("shen-zhizhou")
PERIOD = {"first": "2026-01", "last": "2026-09"}


def shown(terminal: Terminal, who: dict[str, Any] = SHEN) -> dict[str, Any]:
    record: dict[str, Any] = terminal.data("iit.record", who, PERIOD)
    return {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}


def test_the_months_offered_are_those_with_a_record(terminal: Terminal) -> None:
    months = terminal.data("iit.months", SHEN)
    assert months["last"] == "2026-10"
    assert months["first"] == "2023-11"
    assert months["with_income"][-1] == "2026-09"
    assert len(months["with_income"]) == 24


def test_the_record_shows_the_figures_of_the_city(terminal: Terminal) -> None:
    record = terminal.data("iit.record", SHEN, PERIOD)
    assert record["total_income_fen"] == 13_560_100
    assert record["total_tax_fen"] == 406_800
    assert [row["tax_fen"] for row in record["rows"]][:2] == [41_250, 39_820]
    assert record["number_masked"].count("*") == 11
    assert CAST["shen-zhizhou"].number not in str(record)


def test_the_content_hash_names_the_rows_and_the_person(terminal: Terminal) -> None:
    mine = terminal.data("iit.record", SHEN, PERIOD)
    again = terminal.data("iit.record", SHEN, PERIOD)
    shorter = terminal.data("iit.record", SHEN, {**PERIOD, "last": "2026-08"})
    other = terminal.data("iit.record", subject("li-xiulan"), PERIOD)
    hashes = {r["content_sha256"] for r in (mine, again, shorter, other)}
    assert len(hashes) == 3


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (subject("gao-wei"), PERIOD, "noIncomeRecord"),
    (subject("sun-li"), PERIOD, "personUnknown"),
    (subject("shen-zhizhou", name="沈知周"), PERIOD, "nameDiffers"),
    (subject("shen-zhizhou", evidence="document", face=None), PERIOD, "identityWeak"),
    (
        subject("shen-zhizhou", face={"matcher": "reference", "score": 0.99, "live": False}),
        PERIOD,
        "identityWeak",
    ),
    ({"person": None}, PERIOD, "identityMissing"),
    (SHEN, {"first": "2026-09", "last": "2026-01"}, "periodWrong"),
    (SHEN, {"first": "2019-01", "last": "2026-01"}, "periodWrong"),
    (SHEN, {"first": "2026-01", "last": "2027-01"}, "periodWrong"),
]


def test_a_record_is_refused_with_the_reason(terminal: Terminal) -> None:
    for who, params, code in REFUSED:
        refusal = terminal.ask("iit.record", who, params).refusal
        assert refusal is not None
        assert refusal.code == code
        assert refusal.text["zh-CN"] and refusal.text["en-US"] and refusal.next_step["zh-CN"]


def test_a_foreigner_is_known_by_the_latin_name_too(terminal: Terminal) -> None:
    anna = subject("anna-schmidt", name="SCHMIDT  Anna")
    assert terminal.data("iit.record", anna, PERIOD)["total_tax_fen"] > 0


def test_staff_may_confirm_a_person_instead_of_the_camera(terminal: Terminal) -> None:
    elder = subject("wang-guifen", evidence="document+staff", face=None)
    assert terminal.data("iit.months", elder)["with_income"]


def test_a_certificate_is_issued_for_exactly_what_was_shown(terminal: Terminal, centre: Centre) -> None:
    answer = terminal.do("certificate.issue", shown(terminal), SHEN)
    assert answer.state == "accepted"
    issued = answer.result
    assert issued["number"].startswith("219900261012")
    asked = centre.office.issued[0]
    assert asked.document_number == CAST["shen-zhizhou"].number
    assert asked.place == {"zh-CN": "中心大厅 A-07", "en-US": "Central hall A-07"}
    with centre.system.read(terminal.name) as work:
        pdf = work.core.certificates.pdf(issued["number"], terminal.name)
        record = work.core.certificates.record(issued["number"])
        elsewhere = work.core.certificates.pdf(issued["number"], "B-01")
    assert pdf is not None and pdf.startswith(b"%PDF-")
    assert elsewhere is None
    assert record is not None and record.code == issued["code"] and record.state == "valid"


def test_the_same_key_never_makes_a_second_certificate(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("certificate.issue", shown(terminal), SHEN)
    assert terminal.send(signed) == terminal.send(signed)
    assert len(centre.office.issued) == 1


def test_a_record_that_changed_meanwhile_is_not_certified(terminal: Terminal, centre: Centre) -> None:
    wanted = shown(terminal)
    with centre.database.write() as connection:
        t = tables.income
        connection.execute(update(t).where(t.c.month == "2026-09").values(tax_fen=1))
    answer = terminal.do("certificate.issue", wanted, SHEN)
    assert answer.state == "refused"
    assert answer.refusal is not None and answer.refusal.code == "changedMeanwhile"
    assert centre.office.issued == []


def test_a_change_while_the_page_is_drawn_is_noticed_too(terminal: Terminal, centre: Centre) -> None:
    wanted = shown(terminal)

    def change() -> None:
        with centre.database.write() as connection:
            t = tables.income
            connection.execute(update(t).where(t.c.month == "2026-09").values(tax_fen=1))

    centre.office.before = change
    answer = terminal.do("certificate.issue", wanted, SHEN)
    assert answer.refusal is not None and answer.refusal.code == "changedMeanwhile"
    with centre.database.read() as connection:
        assert connection.execute(select(tables.certificate)).all() == []


def test_a_retry_after_a_failed_drawing_takes_the_same_number(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("certificate.issue", shown(terminal), SHEN)

    def fail() -> None:
        raise OSError("no paper in the renderer")

    centre.office.before = fail
    with pytest.raises(OSError, match="renderer"):
        terminal.send(signed)
    centre.office.before = lambda: None
    first = terminal.send(signed).result["number"]
    second = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    assert int(second[12:19]) == int(first[12:19]) + 1


def test_copies_are_counted_once_for_each_key_and_only_when_they_came_out(
    terminal: Terminal, centre: Centre
) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    signed = terminal.intent("certificate.printed", {"number": number, "outcome": "printed"})
    terminal.send(signed)
    terminal.send(signed)
    terminal.do("certificate.printed", {"number": number, "outcome": "notPrinted"})
    terminal.do("certificate.printed", {"number": number, "outcome": "uncertain"})
    with centre.system.read() as work:
        record = work.core.certificates.record(number)
    assert record is not None and record.copies == 1
    with centre.database.read() as connection:
        kinds = connection.execute(select(tables.case_file.c.kind)).scalars().all()
    assert kinds == ["print-uncertain"]


def told(terminal: Terminal, number: str, job: str, outcome: str) -> None:
    terminal.do("certificate.printed", {"number": number, "outcome": outcome, "job": job})


def test_every_copy_behind_the_first_is_a_marked_reprint_under_the_same_number(
    terminal: Terminal, centre: Centre
) -> None:
    issued = terminal.do("certificate.issue", shown(terminal), SHEN).result
    number, copies = issued["number"], centre.container.copies
    as_issued = copies.first(number, "A-07")
    assert copies.for_job(number, "job-1", "A-07") == as_issued
    assert copies.for_job(number, "job-1", "A-07") == as_issued, "the same job gets the same file"
    told(terminal, number, "job-1", "printed")
    second = copies.for_job(number, "job-2", "A-07")
    assert second != as_issued
    assert copies.for_job(number, "job-2", "A-07") == second
    third = copies.for_job(number, "job-3", "A-07")
    assert third not in (as_issued, second)
    assert centre.office.reprinted == [(number, issued["code"], 2), (number, issued["code"], 3)]
    assert copies.first(number, "A-07") == as_issued


@pytest.mark.parametrize("outcome", ["uncertain", ""])
def test_a_copy_that_may_be_in_somebodys_hands_counts_even_before_its_end_is_told(
    terminal: Terminal, centre: Centre, outcome: str
) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    centre.container.copies.for_job(number, "job-1", "A-07")
    if outcome:
        told(terminal, number, "job-1", outcome)
    centre.container.copies.for_job(number, "job-2", "A-07")
    assert [copy for _, _, copy in centre.office.reprinted] == [2]


def test_a_copy_that_certainly_stayed_in_the_machine_does_not_count(
    terminal: Terminal, centre: Centre
) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    copies = centre.container.copies
    copies.for_job(number, "job-1", "A-07")
    told(terminal, number, "job-1", "notPrinted")
    copies.for_job(number, "job-2", "A-07")
    assert centre.office.reprinted == []
    told(terminal, number, "job-2", "printed")
    told(terminal, number, "job-2", "notPrinted")  # of an earlier try with this copy, told late
    copies.for_job(number, "job-3", "A-07")
    assert [copy for _, _, copy in centre.office.reprinted] == [2]


def test_a_copy_told_of_without_its_job_counts_too(terminal: Terminal, centre: Centre) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    terminal.do("certificate.printed", {"number": number, "outcome": "printed"})
    centre.container.copies.for_job(number, "job-1", "A-07")
    assert [copy for _, _, copy in centre.office.reprinted] == [2]


def test_a_certificate_is_printed_as_often_as_the_centre_allows_and_what_it_gave_out_it_gives_again(
    terminal: Terminal, centre: Centre
) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    copies = centre.container.copies
    given = [copies.for_job(number, f"job-{n}", "A-07") for n in (1, 2, 3)]
    with pytest.raises(CopiesSpent) as spent:
        copies.for_job(number, "job-4", "A-07")
    assert (spent.value.number, spent.value.most) == (number, 3)
    assert [copies.for_job(number, f"job-{n}", "A-07") for n in (1, 2, 3)] == given
    told(terminal, number, "job-3", "notPrinted")
    assert copies.for_job(number, "job-5", "A-07") is not None, "that one stayed in the machine"
    with pytest.raises(CopiesSpent):
        copies.for_job(number, "job-6", "A-07")


def test_no_copy_is_given_to_another_terminal(terminal: Terminal, centre: Centre) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    assert centre.container.copies.for_job(number, "job-1", "B-01") is None
    with centre.database.read() as connection:
        assert connection.execute(select(tables.certificate_copy)).all() == []


def test_a_reprint_that_could_not_be_drawn_is_drawn_when_the_job_asks_again(
    terminal: Terminal, centre: Centre
) -> None:
    number = terminal.do("certificate.issue", shown(terminal), SHEN).result["number"]
    copies = centre.container.copies
    copies.for_job(number, "job-1", "A-07")

    def fail() -> None:
        raise OSError("no paper in the renderer")

    centre.office.before = fail
    with pytest.raises(OSError, match="renderer"):
        copies.for_job(number, "job-2", "A-07")
    centre.office.before = lambda: None
    assert copies.for_job(number, "job-2", "A-07") is not None
    assert [copy for _, _, copy in centre.office.reprinted] == [2]


def test_an_unknown_certificate_cannot_have_been_printed(terminal: Terminal) -> None:
    answer = terminal.do("certificate.printed", {"number": "21990026101200000017", "outcome": "printed"})
    assert answer.refusal is not None and answer.refusal.code == "certificateUnknown"
