"""Scanned pages: held sealed, handed in to an open case once, by those whose case and whose pages they are."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cases import WANTED
from bureau.city.cast import HEMU
from bureau.engine.matters.deciding import ask_for, grant, refuse_case
from bureau.engine.matters.pages import MOST_OF_A_CASE
from bureau.engine.matters.relief import Terms
from bureau.engine.rules import Rules
from bureau.errors import CaseDecided, ReasonMissing
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from kiosk.domain.ids import uuid7
from kiosk.domain.tax.parameters import built_in
from sync.errors import RecordError
from tests.bureau.conftest import Centre
from tests.bureau.pages import page, picture
from tests.bureau.terminals import Terminal, subject

CARD = {"evidence": "document", "face": None}
GAO, TANG = subject("gao-wei", **CARD), subject("tang-yue", **CARD)
MULAN = subject("he-mulan", HEMU, "L")
APPLY, RULES = "preference.apply", Rules(built_in())
RELIEF = {
    "relief": "land-hardship",
    "relief_since": "2026-01",
    "relief_until": "2026-12",
    "relief_amount": 1_200_000,
}


def scanned(terminal: Terminal, who: dict[str, Any] = GAO, shade: int = 200, **more: Any) -> dict[str, str]:
    """One page at the centre; how what it belongs to names it."""
    key, sent = uuid7(), page(picture(shade))
    assert terminal.do("material.page", sent, who, key=key, **more).state == "accepted"
    return {"key": key, "sha256": sent["sha256"]}


def waiting(terminal: Terminal, who: dict[str, Any] = GAO) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("materials.cases", who, service="materials.supply")["rows"]
    return rows


def supply(terminal: Terminal, pages: list[dict[str, str]], who: dict[str, Any] = GAO, **data: Any) -> Any:
    return terminal.do("materials.supply", {"case": None, "number": None, "pages": pages, **data}, who)


def code(answer: Any) -> str:
    assert answer.state == "refused" and answer.refusal is not None
    return str(answer.refusal.code)


def held(centre: Centre, number: str) -> list[Any]:
    with centre.system.read() as work:
        return list(work.core.materials.of(number))


def test_the_case_that_waits_for_papers_is_shown_with_what_is_wanted(terminal: Terminal) -> None:
    (row,) = waiting(terminal)
    assert (row["wanted"], row["pages"]) == (WANTED, 0)
    assert row["owner"] == "云川远山建材有限公司"
    assert waiting(terminal, TANG) == []


def test_pages_become_the_cases_in_their_order_and_the_time_to_decide_begins_anew(
    terminal: Terminal, centre: Centre
) -> None:
    (row,) = waiting(terminal)
    pages = [scanned(terminal, shade=shade) for shade in (100, 150, 200)]
    answer = supply(terminal, pages, case=row["case"])
    assert answer.state == "accepted"
    assert (answer.result["count"], answer.result["total"]) == (3, 3)
    assert answer.result["due_on"] > row["due_on"]
    assert [one.sha256 for one in held(centre, row["case"])] == [one["sha256"] for one in pages]
    (after,) = waiting(terminal)
    assert (after["wanted"], after["pages"], after["due_on"]) == (None, 3, answer.result["due_on"])
    more = supply(terminal, [scanned(terminal, shade=90)], case=row["case"])
    assert (more.result["count"], more.result["total"]) == (1, 4)
    assert more.result["due_on"] == answer.result["due_on"], "nothing was asked for any more"


def test_offline_the_number_that_was_typed_is_enough_and_the_person_is_told(
    terminal: Terminal, centre: Centre
) -> None:
    (row,) = waiting(terminal)
    named = scanned(terminal, offline=True)
    data = {"case": None, "number": row["case"], "pages": [named]}
    signed = terminal.intent("materials.supply", data, GAO, offline=True)
    centre.clock.forward(hours=5)
    assert terminal.send(signed, queued=True).state == "accepted"
    told = [n["kind"] for n in terminal.data("person.profile", subject("gao-wei"))["notices"]]
    assert "materials-supplied" in told


def test_a_page_is_at_rest_only_sealed(terminal: Terminal, centre: Centre) -> None:
    jpeg, named = picture(120), scanned(terminal, shade=120)
    with centre.database.read() as connection:
        sealed = connection.execute(select(tables.material_page.c.sealed)).scalar_one()
        answers = str(connection.execute(select(tables.effect.c.answer)).all())
    assert jpeg[20:60] not in sealed
    assert base64.b64encode(jpeg).decode()[40:80] not in answers
    vault = SealingVault(centre.container.keys.sealing)
    assert vault.open(named["key"], sealed) == jpeg
    with pytest.raises(RecordError):
        vault.open(uuid7(), sealed)
    with pytest.raises(RecordError):
        vault.open(named["key"], sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_same_page_again_is_held_once(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("material.page", page(picture()), GAO)
    assert terminal.send(signed) == terminal.send(signed)
    with centre.database.read() as connection:
        assert len(connection.execute(select(tables.material_page.c.key)).all()) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {**page(picture()), "sha256": "0" * 64},
        page(b"%PDF-1.7 not a picture"),
        page(picture(size=(5000, 5000))),
        {**page(picture()), "jpeg": "no base64!"},
        {**page(picture()), "jpeg": "没有"},
    ],
)
def test_what_is_no_page_is_refused_and_not_held(
    terminal: Terminal, centre: Centre, sent: dict[str, Any]
) -> None:
    assert code(terminal.do("material.page", sent, GAO)) == "pageUnreadable"
    with centre.database.read() as connection:
        assert connection.execute(select(tables.material_page.c.key)).all() == []


def test_only_ones_own_open_cases_take_pages(terminal: Terminal, centre: Centre) -> None:
    (row,) = waiting(terminal)
    strangers = scanned(terminal, TANG)
    assert code(supply(terminal, [strangers], TANG, case=row["case"])) == "caseNotOpen"
    mine = [scanned(terminal)]
    assert code(supply(terminal, mine, number="63990026010100000011")) == "caseNotOpen"
    assert code(supply(terminal, mine)) == "caseNotOpen"
    with centre.system.write() as work:
        refuse_case(work.core, row["case"], "chen", "材料不符")
    assert code(supply(terminal, mine, case=row["case"])) == "caseNotOpen"
    assert held(centre, row["case"]) == []


def test_only_pages_that_arrived_from_this_person_and_are_free_are_taken(
    terminal: Terminal, centre: Centre
) -> None:
    (row,) = waiting(terminal)
    mine, strangers = scanned(terminal), scanned(terminal, TANG, 90)
    never = {"key": uuid7(), "sha256": mine["sha256"]}
    other = {**mine, "sha256": strangers["sha256"]}
    for bad in ([strangers], [never], [other], [mine, mine]):
        assert code(supply(terminal, bad, case=row["case"])) == "pageMissing"
    assert supply(terminal, [mine], case=row["case"]).state == "accepted"
    assert code(supply(terminal, [mine], case=row["case"])) == "pageMissing"
    assert len(held(centre, row["case"])) == 1


def test_a_case_takes_no_more_pages_than_somebody_can_look_at(
    terminal: Terminal, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_OF_A_CASE >= 20
    monkeypatch.setattr("bureau.engine.matters.pages.MOST_OF_A_CASE", 1)
    (row,) = waiting(terminal)
    pages = [scanned(terminal), scanned(terminal, shade=90)]
    assert code(supply(terminal, pages, case=row["case"])) == "pagesTooMany"
    assert held(centre, row["case"]) == []


def test_pages_that_nothing_names_lapse_and_those_of_a_case_stay(terminal: Terminal, centre: Centre) -> None:
    (row,) = waiting(terminal)
    supply(terminal, [scanned(terminal)], case=row["case"])
    scanned(terminal, shade=90)
    centre.clock.forward(hours=24 * 31)
    with centre.system.write() as work:
        assert work.core.materials.lapse(work.core.now - timedelta(days=30)) == 1
    assert len(held(centre, row["case"])) == 1


# --- a relief with its papers ------------------------------------------------------------------------------------


def test_a_relief_is_applied_for_with_papers_and_decided_by_two_officers(
    terminal: Terminal, centre: Centre
) -> None:
    pages = [scanned(terminal, MULAN, service=APPLY)]
    answer = terminal.do("matter.submit", {**RELIEF, "pages": pages}, MULAN, service=APPLY)
    assert (answer.state, answer.result["state"]) == ("accepted", "open")
    number = answer.result["case"]
    assert answer.result["due_on"] == "2026-11-09", "20 working days after 12 October, without its weekends"
    assert len(held(centre, number)) == 1
    with centre.system.write() as work:
        assert grant(work.core, number, "chen", Terms(), RULES).state == "open"
        assert work.core.reliefs.granted(HEMU) == []
        assert grant(work.core, number, "wu", Terms(), RULES).state == "approved"
        (relief,) = work.core.reliefs.granted(HEMU)
    assert (relief.tax, relief.amount_fen, relief.granted_by) == ("land-use", 1_200_000, "wu")


def test_a_relief_without_papers_is_refused_and_opens_no_case(terminal: Terminal) -> None:
    answer = terminal.do("matter.submit", {**RELIEF, "pages": []}, MULAN, service=APPLY)
    assert code(answer) == "pagesNone"
    assert code(terminal.do("matter.submit", RELIEF, MULAN, service=APPLY)) == "pagesNone"


def test_pages_go_with_no_other_service(terminal: Terminal) -> None:
    sent = page(picture())
    assert (
        code(terminal.do("material.page", sent, MULAN, service="registration.change")) == "notOfThisService"
    )


def test_an_officer_asks_for_what_is_missing_and_the_owner_is_told(
    terminal: Terminal, centre: Centre
) -> None:
    pages = [scanned(terminal, MULAN, service=APPLY)]
    number = terminal.do("matter.submit", {**RELIEF, "pages": pages}, MULAN, service=APPLY).result["case"]
    with centre.system.write() as work:
        with pytest.raises(ReasonMissing):
            ask_for(work.core, number, " ")
        ask_for(work.core, number, "财务报表")
    told = terminal.data("person.profile", subject("he-mulan"))["notices"]
    assert "case-wanted" in [n["kind"] for n in told]
    rows = terminal.data("progress.list", subject("he-mulan", **CARD), service="progress.query")["rows"]
    assert rows[0]["next_step"]["zh-CN"] == "请补充：财务报表"
    with centre.system.write() as work:
        for officer in ("chen", "wu"):
            grant(work.core, number, officer, Terms(), RULES)
        with pytest.raises(CaseDecided):
            ask_for(work.core, number, "再补")
