"""Each kind of certificate as paper: everything that is certified can be read on it, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bureau.certificates.inspection import PdfState, inspect
from bureau.certificates.office import Office, open_office
from bureau.certificates.proof import page_texts, plain
from bureau.fleet.terminals import BUREAU_NAME
from bureau.ports.office import SheetCertificate
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_sheets import YEAR, issue, of, offered
from tests.bureau.terminals import Terminal, subject

PAPERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "tax-payment-list": ("tax-payment", of("xu-wen"), {**YEAR, "form": "list"}),
    "tax-payment-text": ("tax-payment", of("xu-wen"), {**YEAR, "form": "text"}),
    "own-tax-payment-list": ("tax-payment", subject("he-jiaxin"), {**YEAR, "form": "list"}),
    "own-tax-payment-text": ("tax-payment", subject("he-jiaxin"), {**YEAR, "form": "text"}),
    "no-arrears": ("no-arrears", of("xu-wen"), {}),
    "residence": ("residence", subject("li-xiulan"), {"item": "2025", "partner": "de"}),
    "credit": ("credit", of("xu-wen"), {}),
    "declaration-copy": ("declaration-copy", of("xu-wen"), {"item": ""}),
    "vehicle-purchase": ("vehicle-purchase", subject("li-xiulan"), {"item": "LSVAU033XE2123456"}),
    "social-insurance": ("social-insurance", subject("he-jiaxin"), YEAR),
}
"""A name, the kind, who asks for it, and of what; of a return, the latest on file."""
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = Path(tmp_path_factory.mktemp("papers"))
    return open_office(folder, BUREAU_NAME, "https://bureau.example")


def certificate(centre: Centre, terminal: Terminal, name: str, lang: str) -> SheetCertificate:
    kind, who, wish = PAPERS[name]
    if wish.get("item") == "":
        wish = {"item": offered(terminal, kind, who)[0]["id"]}
    assert issue(terminal, kind, who, **wish).state == "accepted"
    asked = centre.office.sheets[-1]
    return SheetCertificate(asked.number, asked.code, asked.sheet, asked.issued_at, asked.place, lang)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_says_all_that_is_certified_and_is_sealed(
    centre: Centre, terminal: Terminal, office: Office, name: str, lang: str
) -> None:
    asked = certificate(centre, terminal, name, lang)
    made = office.issue_sheet(asked)
    assert inspect(made.pdf, office.trust.authorities).state is PdfState.INTACT
    text = "".join(page_texts(made.pdf))
    sheet = asked.sheet
    words = [sheet.title, *(fact.value for fact in sheet.facts), *sheet.statements]
    words += [cell for row in sheet.rows for cell in row]
    for said in words:
        assert plain(said["zh-CN"]) in text
        assert plain(said["en-US"]) in text or (lang == "zh-CN" and not sheet.both)
    assert sheet.capital in text
    if any(re.fullmatch(r"[\d,]+\.\d\d", cell["zh-CN"]) for row in sheet.rows for cell in row):
        assert "金额单位" in text, "amounts without their unit"


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_kept_of_it_shows_no_number_of_a_person_to_the_public(
    centre: Centre, terminal: Terminal, office: Office, name: str
) -> None:
    asked = certificate(centre, terminal, name, "zh-CN")
    kept = json.loads(office.issue_sheet(asked).frozen)
    person = PAPERS[name][1]["person"]["number"]
    hidden = [fact for fact in kept["facts"] if person in fact["value"]["zh"]]
    assert all(fact["public"] and person not in fact["public"] for fact in hidden)
    assert not any(person in words["zh"] for words in kept["statements"])
