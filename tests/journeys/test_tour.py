"""Services carried from a touch to paper, all of them in ``make deep``, and what turns the verdict on one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from tests.depth import WHOLE
from tests.journeys.cover import cover
from tests.journeys.walked import (
    ELSEWHERE,
    TOUR,
    Walked,
    a_wrong_figure_turns_the_verdict,
    all_parties_agree,
    planted,
)
from tests.shipped import CATALOGUE
from ui.walk import checker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2500)]


@pytest.mark.parametrize("name", TOUR)
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Walked, name: str) -> None:
    all_parties_agree(walked(name))


def test_the_index_of_the_tour_shows_each(walked: Walked) -> None:
    index = (walked(TOUR[0]).parent / "index.html").read_text()
    assert f"{len(TOUR)} of {len(TOUR)} walks are good" in index
    for service in TOUR:
        pictures = [*walked(service).glob("[0-9][0-9]-*.png"), *(walked(service) / "printed").glob("*.png")]
        assert len(pictures) > 6
        assert all(f"{service}/{path.relative_to(walked(service))}" in index for path in pictures)


def test_between_them_they_have_all_that_services_are_made_of() -> None:
    assert set(TOUR) == set(CATALOGUE) if WHOLE else not cover(CATALOGUE, (*TOUR, *ELSEWHERE))


def test_a_walk_leaves_pictures_paper_journal_and_a_contact_sheet(walked: Walked) -> None:
    out = walked("certificate.iit-record")
    assert len(list(out.glob("[0-9][0-9]-*.png"))) >= 10
    assert (out / "contact-sheet.png").stat().st_size > 10_000
    printed = json.loads((out / "printed" / "index.json").read_text())["items"]
    assert {item["kind"] for item in printed} == {"certificate", "slip"}


def test_the_journal_is_opened_by_the_centre_alone_after_the_wipe(walked: Walked) -> None:
    out = walked("certificate.iit-record")
    terminals = list((out.parent / "state").iterdir())
    (personas,) = (out.parent / "state").glob("*/personas.json")
    persona = next(p for p in json.loads(personas.read_text()) if p["id"] == "li-xiulan")
    number = persona["card"]["number"]
    assert number in (out / "journal.jsonl").read_text()
    places = [*out.parent.glob("*.log")]
    for terminal in terminals:
        places += [*(terminal / "terminal" / "state").rglob("*"), *(terminal / "logs").glob("*.log")]
    for path in places:
        if path.is_file():
            assert number.encode() not in path.read_bytes(), f"{path} holds an ID number in the clear"


def test_a_changed_printed_figure_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked("certificate.iit-record"), tmp_path)
    sheet = next((copy / "printed").glob("*.pdf"))
    writer = PdfWriter(clone_from=PdfReader(sheet))
    writer.add_metadata({"/Title": "another"})
    writer.write(sheet)
    assert any("sealed" in problem for problem in checker.check(copy))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("declare.vat-small", r"¥4,095\.84", "¥4,095.85"),
        ("invoice.collect", r"(\d{8})–\d{8}", r"\1–00270699"),
    ],
)
def test_a_wrong_figure_on_a_slip_turns_the_verdict(
    walked: Walked, tmp_path: Path, name: str, right: str, wrong: str
) -> None:
    a_wrong_figure_turns_the_verdict(planted(walked(name), tmp_path), right, wrong)


def test_a_second_charge_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked("declare.vat-small"), tmp_path)
    path = copy / "acquirer.json"
    ledger = json.loads(path.read_text())
    again = {**ledger["payments"][-1], "order_no": "ANOTHER"}
    ledger["payments"].append(again)
    path.write_text(json.dumps(ledger))
    assert any("charged" in problem for problem in checker.check(copy))


def test_a_missing_settlement_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked("invoice.collect"), tmp_path)
    path = copy / "journal.jsonl"
    lines = [
        line
        for line in path.read_text().splitlines()
        if '"settled"' not in line or "invoice.commit" not in line
    ]
    path.write_text("\n".join(lines) + "\n")
    assert any("not settled" in problem for problem in checker.check(copy))
