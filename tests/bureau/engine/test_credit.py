"""Tax credit: what the city published adds up, what follows from it, and until when it can be mended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bureau.city.cast import FIRMS
from bureau.engine.credit import INDICATORS
from bureau.store import tables
from bureau.texts import has
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

PAYER, DEBTOR, ABNORMAL, COLLECTOR = "xu-wen", "chen-jing", "qian-sheng", "zhou-mingyuan"
LANGUAGES = ("zh-CN", "en-US")


def of(persona: str) -> dict[str, Any]:
    """The persona, acting for the first enterprise of theirs."""
    firm = next(firm for firm in FIRMS if firm.roles_of(persona))
    return subject(persona, firm.taxpayer, firm.roles_of(persona)[0].value)


def record(terminal: Terminal, persona: str = DEBTOR) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("credit.record", of(persona), {}, "credit.query")
    return found


def test_every_evaluation_of_the_city_is_what_its_records_leave(centre: Centre) -> None:
    t, lost = tables.credit_rating, tables.credit_deduction
    with centre.database.read() as connection:
        ratings = list(connection.execute(select(t)))
        records = list(connection.execute(select(lost)))
    assert len({row.indicator for row in records}) >= 5
    for rating in ratings:
        mine = [r for r in records if (r.taxpayer, r.year) == (rating.taxpayer, rating.year)]
        if rating.points is None:
            assert [r.indicator for r in mine] == (["abnormal"] if rating.grade == "D" else [])
            continue
        assert rating.points + sum(r.points for r in mine) in (90, 93, 100)
        assert all(r.points == INDICATORS[r.indicator] and r.happened_on.year == rating.year for r in mine)


def test_points_lost_are_told_with_what_is_still_open_and_the_last_day(terminal: Terminal) -> None:
    found = record(terminal)
    assert (found["year"], found["letter"], found["points"], found["start"]) == ("2025", "B", 74, 90)
    assert sum(one["points"] for one in found["lost"]) == 16
    assert [one["state"] for one in found["lost"]] == ["mended", "mended", "mended", "open"]
    assert [one["mended_on"] is None for one in found["lost"]] == [False, False, False, True]
    assert found["mend"]["zh-CN"] == "先补办还没纠正的 1 项，再在2026年12月31日前到窗口申请修复"
    assert (found["mend_until"], found["review_until"]) == ("2026-12-31", "2026-12-31")
    assert [one["year"] for one in found["years"]] == ["2025", "2024"], "it was registered in 2023"


def test_once_all_is_made_good_it_is_asked_for_at_once(terminal: Terminal, centre: Centre) -> None:
    with centre.database.write() as connection:
        connection.execute(update(tables.credit_deduction).values(mended_on=date(2026, 3, 2)))
    assert record(terminal)["mend"]["en-US"] == "All made good: apply at a counter by 31 Dec 2026"


def test_a_grade_given_at_once_says_why_and_stays(terminal: Terminal) -> None:
    found = record(terminal, ABNORMAL)
    assert (found["letter"], found["points"], found["start"]) == ("D", None, None)
    (one,) = found["lost"]
    assert (one["indicator"]["zh-CN"], one["taken"]["zh-CN"]) == ("被认定为非正常户", "直接判级")
    assert "两年" in found["next_year"]["zh-CN"] and "解除非正常" in found["mend"]["zh-CN"]


def test_after_the_year_it_is_told_that_the_time_is_over(terminal: Terminal, centre: Centre) -> None:
    t = tables.credit_rating
    with centre.database.write() as connection:
        connection.execute(delete(tables.credit_deduction).where(tables.credit_deduction.c.year == 2025))
        connection.execute(delete(t).where(t.c.year == 2025))
    found = record(terminal)
    assert found["year"] == "2024"
    assert "2025年12月31日" in found["review"]["zh-CN"] and "已过" in found["review"]["zh-CN"]
    assert "已过" in found["mend"]["zh-CN"]


def test_where_nothing_was_lost_nothing_is_to_be_mended(terminal: Terminal, centre: Centre) -> None:
    with centre.database.write() as connection:
        connection.execute(delete(tables.credit_deduction))
    found = record(terminal)
    assert (found["lost"], found["mend_until"], found["start"]) == ([], None, 74)
    assert found["mend"]["zh-CN"] == "没有扣分，不用修复"


def test_what_is_not_published_yet_is_not_told(terminal: Terminal, centre: Centre) -> None:
    with centre.database.write() as connection:
        connection.execute(update(tables.credit_rating).values(published_on=date(2026, 10, 13)))
    refusal = terminal.ask("credit.record", of(PAYER), {}, "credit.query").refusal
    assert refusal is not None and refusal.code == "noCreditYet"


def test_who_only_collects_invoices_is_not_told(terminal: Terminal) -> None:
    refusal = terminal.ask("credit.record", of(COLLECTOR), {}, "credit.query").refusal
    assert refusal is not None and refusal.code == "roleNotAllowed"


def test_an_indicator_that_nobody_has_named_is_told_by_its_code(terminal: Terminal, centre: Centre) -> None:
    number = of(DEBTOR)["taxpayer"]
    with centre.database.write() as connection:
        connection.execute(
            insert(tables.credit_deduction).values(
                taxpayer=number, year=2025, line=9, indicator="070199", points=1,
                happened_on=date(2025, 1, 2), mended_on=None,
            )
        )  # fmt: skip
    assert record(terminal)["lost"][0]["indicator"]["zh-CN"] == "070199"


@pytest.mark.parametrize("grade", "ABMCD")
def test_each_grade_has_its_words(grade: str) -> None:
    assert all(has(f"credit.{what}.{grade}") for what in ("invoices", "service", "next"))


def test_each_indicator_has_its_words() -> None:
    assert all(has(f"credit.indicator.{code}") for code in INDICATORS)
