"""Hints for one's own check: pure comparisons by property, the rules as shipped, and cases of the city."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select, update

from bureau.city.cast import FIRMS, Firm
from bureau.engine.laws import law
from bureau.engine.risks.facts import Facts, PeriodFacts
from bureau.engine.risks.measures import MEASURES, gap
from bureau.engine.risks.record import hints
from bureau.engine.risks.rules import Rule, risks
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject
from tests.shipped import CATALOGUE

RULES = {rule.id: rule for rule in risks().rules}
FEN = st.integers(0, 10**9)
DAY = date(2026, 10, 12)
QUARTERS = [date(2026, 7, 1), date(2026, 4, 1), date(2026, 1, 1), date(2025, 10, 1)]


def period(number: int = 0, **figures: Any) -> PeriodFacts:
    first = QUARTERS[number % 4]
    last = (first + timedelta(days=100)).replace(day=1) - timedelta(days=1)
    name = {"zh-CN": f"{first}", "en-US": f"{first}"}
    given_ = {"invoiced_ordinary_fen": 0, "invoiced_special_fen": 0, **figures}
    return PeriodFacts(name=name, first=first, last=last, **given_)


def facts(*periods: PeriodFacts, **more: Any) -> Facts:
    return Facts(day=DAY, small_scale=True, quarterly=True, months=12, periods=periods, **more)


def hit(rule: str, of: Facts) -> bool | None:
    return MEASURES[RULES[rule].measure].compare(of, RULES[rule].limits).hit


# --- the comparisons, by property -----------------------------------------------------------------------------


@given(ordinary=FEN, special=FEN, declared_ordinary=FEN, declared_special=FEN)
def test_one_kind_of_invoices_makes_up_for_no_other(
    ordinary: int, special: int, declared_ordinary: int, declared_special: int
) -> None:
    one = period(
        invoiced_ordinary_fen=ordinary,
        invoiced_special_fen=special,
        declared_ordinary_fen=declared_ordinary,
        declared_special_fen=declared_special,
        declared_fen=declared_ordinary + declared_special,
    )
    limit = RULES["sales-undeclared"].limits["gap_fen"]
    wanted = max(0, ordinary - declared_ordinary) + max(0, special - declared_special)
    assert gap(one) == wanted and hit("sales-undeclared", facts(one)) is (wanted >= limit)


@given(invoiced=FEN, declared=FEN, more=FEN)
def test_who_declares_more_is_hinted_at_no_sooner(invoiced: int, declared: int, more: int) -> None:
    one = period(invoiced_special_fen=invoiced, declared_fen=declared)
    assert gap(replace(one, declared_fen=declared + more)) <= gap(one)


@given(sales=FEN, small=st.booleans())
def test_only_a_small_scale_taxpayer_can_be_above_its_limit(sales: int, small: bool) -> None:
    of = replace(facts(sales_fen=sales), small_scale=small)
    assert hit("over-threshold", of) is ((sales > 500_000_000) if small else None)


@given(
    declared=st.lists(st.sampled_from([0, 5_000]), min_size=1, max_size=4),
    collected=st.integers(0, 3),
    invoiced=st.sampled_from([0, 900]),
)
def test_nil_returns_in_a_row_matter_where_there_were_invoices(
    declared: list[int], collected: int, invoiced: int
) -> None:
    of = facts(
        *(
            period(n, declared_fen=fen, collected=collected, invoiced_ordinary_fen=invoiced)
            for n, fen in enumerate(declared)
        )
    )
    row = next((n for n, fen in enumerate(declared) if fen), len(declared))
    assert hit("zero-with-invoices", of) is (row >= 2 and bool(collected or invoiced))


@given(days=st.integers(0, 400))
def test_used_invoices_may_wait_for_as_long_as_the_rule_says(days: int) -> None:
    of = facts(unchecked_since=DAY - timedelta(days=days))
    assert hit("unchecked-invoices", of) is (days > 30)
    assert hit("unchecked-invoices", facts()) is False


@given(output=st.lists(FEN, min_size=0, max_size=5), percent=st.integers(0, 200))
def test_input_tax_is_compared_over_whole_periods_together(output: list[int], percent: int) -> None:
    of = facts(*(period(n, output_fen=fen, input_fen=fen * percent // 100) for n, fen in enumerate(output)))
    last = output[:3]
    paid = sum(fen * percent // 100 for fen in last)
    wanted = None if len(last) < 3 or not sum(last) else paid * 100 >= 90 * sum(last)
    assert hit("input-high", of) is wanted


@given(red=FEN, sold=FEN, count=st.integers(0, 10))
def test_red_letters_are_many_by_number_and_by_sum(red: int, sold: int, count: int) -> None:
    of = facts(red_count=count, red_fen=red, sales_fen=sold)
    wanted = None if not red + sold else count >= 3 and red * 100 >= 20 * (red + sold)
    assert hit("red-letters", of) is wanted


@given(now=FEN, before=FEN)
def test_a_swing_is_the_same_up_and_down(now: int, before: int) -> None:
    up = facts(period(0, declared_fen=now), period(1, declared_fen=before))
    down = facts(period(0, declared_fen=before), period(1, declared_fen=now))
    assert hit("sales-swing", up) is hit("sales-swing", down)
    if max(now, before) < 10_000_000:
        assert hit("sales-swing", up) is False
    assert hit("sales-swing", facts(period(0, declared_fen=now))) is None


@given(declared=st.lists(st.integers(20_000_000, 40_000_000), min_size=1, max_size=4))
def test_sales_just_within_the_exemption_are_counted_and_no_others(declared: list[int]) -> None:
    of = facts(*(period(n, declared_fen=fen) for n, fen in enumerate(declared)))
    assert hit("near-exemption", of) is (sum(27_000_000 <= fen <= 30_000_000 for fen in declared) >= 2)


@given(
    of=st.builds(
        lambda **given_: replace(facts(period(declared_fen=1)), **given_),
        filed_count=st.integers(0, 9),
        filed_late=st.integers(0, 9),
        paid_count=st.integers(0, 9),
        paid_late=st.integers(0, 9),
        overdue_count=st.integers(0, 3),
        devices=st.integers(0, 3),
        devices_behind=st.integers(0, 3),
        credit_open=st.integers(0, 3),
        sales_fen=FEN,
        red_count=st.integers(0, 9),
    )
)
def test_every_rule_says_something_of_whatever_facts_in_both_languages(of: Facts) -> None:
    rows = hints(of)
    assert len(rows) == len(RULES)
    order = ["hint", "clear", "none"]
    assert [order.index(row.state) for row in rows] == sorted(order.index(row.state) for row in rows)
    for row in rows:
        for lang in ("zh-CN", "en-US"):
            assert row.compared[lang] and "{" not in row.compared[lang] and row.law[lang]


# --- the rules as shipped -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_stands_on_law_that_is_in_force_and_leads_to_a_service_for_enterprises(rule: Rule) -> None:
    for cited in rule.law:
        text = law(cited.text)
        assert text.in_force(DAY) and text.clause(cited.clause) is not None
    service = CATALOGUE[rule.service].service
    assert service.audience == "enterprise" or rule.service == "subscribe.manage"
    for words in (rule.title, rule.compared, rule.why, rule.mend):
        assert set(words) >= {"zh-CN", "en-US"}


def test_a_rule_that_does_not_fit_its_measure_is_not_read() -> None:
    good = RULES["unchecked-invoices"].model_dump(mode="json")
    for wrong, says in (
        ({"measure": "horoscope"}, "is none of"),
        ({"limits": {}}, "needs the limits days"),
        ({"compared": {"zh-CN": "{moon}", "en-US": "{days}"}}, "names moon"),
    ):
        with pytest.raises(ValidationError, match=says):
            Rule.model_validate({**good, **wrong})


# --- cases of the city ----------------------------------------------------------------------------------------


def firm_of(persona: str) -> tuple[str, Firm]:
    return persona, next(firm for firm in FIRMS if firm.roles_of(persona))


def of(persona: str, firm: Firm) -> dict[str, Any]:
    return subject(persona, firm.taxpayer, firm.roles_of(persona)[0].value)


def found(terminal: Terminal, persona: str) -> dict[str, dict[str, Any]]:
    rows = terminal.data("risk.hints", of(*firm_of(persona)), {}, "risk.self-check")["rows"]
    return {row["rule"]: row for row in rows}


def hinted(rows: dict[str, dict[str, Any]]) -> set[str]:
    return {rule for rule, row in rows.items() if row["state"] == "hint"}


def test_who_has_not_filed_is_told_which_and_how_many(terminal: Terminal) -> None:
    rows = found(terminal, "gao-wei")
    assert "unfiled" in hinted(rows)
    assert "未报 1 份，最早的是2026年4–6月增值税" in rows["unfiled"]["compared"]["zh-CN"]
    assert rows["unfiled"]["service"] == "query.due"
    assert "《中华人民共和国税收征收管理法》第 25、62 条" in rows["unfiled"]["law"]["zh-CN"]


def test_who_owes_is_told_the_tax_and_the_surcharge_of_today(terminal: Terminal) -> None:
    rows = found(terminal, "chen-jing")
    assert {"overdue", "credit-unmended"} <= hinted(rows)
    assert next(iter(rows)) == "overdue", "the gravest comes first"
    arrears = terminal.data("arrears.list", of(*firm_of("chen-jing")), {}, "pay.arrears")["arrears"]
    tax, surcharge = (sum(one[name] for one in arrears) for name in ("amount_fen", "late_fee_fen"))
    said = rows["overdue"]["compared"]["zh-CN"]
    assert f"税款 {tax / 100:,.2f} 元" in said and f"滞纳金 {surcharge / 100:,.2f} 元" in said


def test_invoices_above_the_return_are_found_in_its_period(terminal: Terminal, centre: Centre) -> None:
    assert "sales-undeclared" not in hinted(found(terminal, "xu-wen"))
    firm = next(firm for firm in FIRMS if firm.roles_of("xu-wen"))
    t = tables.declaration
    with centre.database.write() as connection:
        row = connection.execute(
            select(t.c.declaration, t.c.figures)
            .where(t.c.taxpayer == firm.taxpayer, t.c.tax == "vat-small", t.c.state == "filed")
            .order_by(t.c.period_last.desc())
        ).first()
        assert row is not None
        less = {**row.figures, "ordinary_sales_fen": row.figures["ordinary_sales_fen"] - 1_000_000}
        connection.execute(update(t).where(t.c.declaration == row.declaration).values(figures=less))
    rows = found(terminal, "xu-wen")
    assert "sales-undeclared" in hinted(rows) and "10,000.00" in rows["sales-undeclared"]["compared"]["zh-CN"]


def test_a_general_taxpayer_is_compared_by_its_input_tax_and_not_by_the_small_scale_limit(
    terminal: Terminal,
) -> None:
    firm = next(firm for firm in FIRMS if not firm.small_scale)
    told = terminal.data("risk.hints", of("he-mulan", firm), {}, "risk.self-check")["rows"]
    rows = {row["rule"]: row for row in told}
    assert rows["over-threshold"]["state"] == rows["near-exemption"]["state"] == "none"
    assert rows["input-high"]["state"] in ("hint", "clear") and "%" in rows["input-high"]["compared"]["zh-CN"]


def test_what_is_mended_is_a_hint_no_more(terminal: Terminal, centre: Centre) -> None:
    before = hinted(found(terminal, "chen-jing"))
    with centre.database.write() as connection:
        connection.execute(update(tables.credit_deduction).values(mended_on=date(2026, 3, 2)))
    assert before - hinted(found(terminal, "chen-jing")) == {"credit-unmended"}
