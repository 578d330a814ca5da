"""Of which period a return is: chosen where several are open, named where nobody can look it up, and said throughout."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, ReviewPage
from tests.kiosk.flow.test_declare import (
    FILED,
    ON_TIME,
    ONE_OPEN,
    PREFILL,
    QUARTER,
    at_the_form,
    offline_at_the_form,
)
from tests.kiosk.flow.test_returns import KNOWN
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

LATE = {"zh-CN": "已逾期 89 天", "en-US": "89 days late"}
LAW = {"zh-CN": "税收征收管理法第六十二条", "en-US": "Tax Collection Law, art. 62"}
OLDER: dict[str, Any] = {
    **QUARTER,
    "id": "2026-04-01",
    "period_first": "2026-04-01",
    "period_last": "2026-06-30",
    "limit_date": "2026-07-15",
    "overdue": True,
    "late": LATE,
}
OLDEST = {**OLDER, "id": "2020-01-01", "period_first": "2020-01-01", "period_last": "2020-03-31"}
TOO_OLD = {**OLDEST, "taken": False, "why_not": {"zh-CN": "请到窗口补报", "en-US": "At a counter"}}
OTHER = {**ROLE, "taxpayer": "91990199MA60NT1K2M", "name": "云川青禾图文设计工作室"}


def of(period: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The prefill of that period."""
    days = {name: period[name] for name in ("period_first", "period_last", "limit_date")}
    return {**PREFILL, **days, **more}


def asked_for_a_period(*periods: dict[str, Any]) -> Visitor:
    visitor = Visitor().world()
    visitor.sign_in("declare.vat-small")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("return.periods", {})
    visitor.answer({"periods": list(periods)})
    return visitor


def wanted(visitor: Visitor) -> Any:
    """What the form has asked the centre for."""
    asked = visitor.asked
    assert isinstance(asked, Ask)
    return asked.query, asked.params


def test_the_open_periods_are_offered_the_oldest_first_with_day_and_lateness() -> None:
    page = asked_for_a_period(TOO_OLD, OLDER, QUARTER).page
    assert isinstance(page, ChoosePage)
    assert [option.title for option in page.options] == ["2020年1 – 3月", "2026年4 – 6月", "2026年7 – 9月"]
    assert [option.enabled for option in page.options] == [False, True, True]
    assert page.options[0].reason == "请到窗口补报"
    assert page.options[1].note == "申报期限 2026年7月15日 · 已逾期 89 天"
    assert [option.tags for option in page.options[1:]] == [("逾期",), ("未逾期",)]
    assert page.selected == (), "which one it is, the person says"


def test_the_period_that_was_chosen_is_prefilled_filed_and_named_to_the_end() -> None:
    visitor = asked_for_a_period(OLDER, QUARTER)
    visitor.touch(Action.CHOOSE, "2026-04-01")
    visitor.touch(Action.PROCEED)
    assert wanted(visitor) == ("vat.prefill", {"period_first": "2026-04-01", "period_last": "2026-06-30"})
    page = visitor.answer(of(OLDER, late_days=89, late_law=LAW))
    assert isinstance(page, FormPage) and page.rows[0].value == "2026年4 – 6月"
    visitor.touch(Action.PROCEED)
    assert wanted(visitor)[1]["period_first"] == "2026-04-01"
    page = visitor.answer(ON_TIME)
    assert isinstance(page, ReviewPage)
    row = next(row for row in page.sections[0].rows if row.label == "逾期申报天数")
    assert (row.value, row.note) == ("89", LAW["zh-CN"])
    visitor.touch(Action.PROCEED)
    submit = visitor.asked
    assert isinstance(submit, Submit)
    assert (submit.data["period_first"], submit.data["period_last"]) == ("2026-04-01", "2026-06-30")
    visitor.answer({**FILED, "dues": [], "total_fen": 0})
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert {str(b["label"]): b["value"] for b in slip.blocks if b["type"] == "row"}[
        "所属期"
    ] == "2026年4 – 6月"
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.lead == "所属期：2026年4 – 6月"


def test_where_one_is_open_nobody_is_asked_and_the_way_back_leads_past_the_question() -> None:
    visitor = at_the_form()
    assert isinstance(visitor.page, FormPage)
    page = visitor.touch(Action.BACK)
    assert isinstance(page, ChoosePage)
    assert [option.title for option in page.options] == [ROLE["name"]]


def test_a_period_in_time_has_no_row_for_lateness() -> None:
    visitor = at_the_form()
    visitor.touch(Action.PROCEED)
    page = visitor.answer(ON_TIME)
    assert isinstance(page, ReviewPage)
    assert "逾期申报天数" not in [row.label for row in page.sections[0].rows]


def test_who_goes_back_for_another_period_finds_its_own_figures() -> None:
    """What was typed for one period means nothing for another."""
    visitor = asked_for_a_period(OLDER, QUARTER)
    visitor.touch(Action.CHOOSE, "2026-04-01")
    visitor.touch(Action.PROCEED)
    visitor.answer(of(OLDER))
    visitor.touch(Action.FILL, "uninvoiced", "34000")
    visitor.touch(Action.BACK)
    visitor.answer({"periods": [OLDER, QUARTER]})
    visitor.touch(Action.CHOOSE, "2026-07-01")
    visitor.touch(Action.PROCEED)
    page = visitor.answer(PREFILL)
    assert isinstance(page, FormPage)
    assert next(row.value for row in page.rows if row.id == "uninvoiced") == "0.00"


def test_another_enterprise_in_the_review_is_asked_anew_for_period_and_figures() -> None:
    """The figures of one enterprise are never filed for another."""
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.vat-small")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer({**PROFILE, "roles": [ROLE, OTHER]})
    visitor.touch(Action.CHOOSE, "0")
    visitor.touch(Action.PROCEED)
    visitor.answer(ONE_OPEN)
    visitor.answer(PREFILL)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.answer(ON_TIME), ReviewPage)
    visitor.touch(Action.CHANGE, "enterprise")
    visitor.touch(Action.CHOOSE, "1")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("return.periods", {})
    visitor.answer({"periods": [OLDER]})
    assert wanted(visitor)[1]["period_first"] == "2026-04-01"
    assert visitor.issued[-1].subject["taxpayer"] == OTHER["taxpayer"]
    visitor.answer(of(OLDER, ordinary_sales_fen=100))
    visitor.touch(Action.PROCEED)
    page = visitor.answer(ON_TIME)
    assert isinstance(page, ReviewPage)
    values = {row.label: row.value for row in page.sections[1].rows}
    assert (values["申报企业"], values["所属期"]) == (OTHER["name"], "2026年4 – 6月")
    assert values["已开票销售额"] == "1.00"


def test_offline_the_person_names_the_quarter() -> None:
    visitor = offline_at_the_form()
    page = visitor.page
    assert isinstance(page, FormPage)
    assert (page.rows[0].id, page.rows[0].value) == ("quarter", "2026年7 – 9月")
    page = visitor.touch(Action.EDIT, "quarter")
    assert isinstance(page, ChoosePage)
    assert [o.title for o in page.options] == [
        "2026年7 – 9月", "2026年4 – 6月", "2026年1 – 3月", "2025年10 – 12月",
    ]  # fmt: skip
    page = visitor.touch(Action.CHOOSE, "2025-10-01")
    assert isinstance(page, FormPage) and page.rows[0].value == "2025年10 – 12月"
    visitor.touch(Action.FILL, "ordinary", "352400")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, ReviewPage)
    visitor.touch(Action.PROCEED)
    submit = visitor.asked
    assert isinstance(submit, Submit) and submit.queue
    assert (submit.data["period_first"], submit.data["period_last"]) == ("2025-10-01", "2025-12-31")


def test_when_the_network_goes_at_the_question_the_quarter_is_named_in_the_form() -> None:
    visitor = Visitor().world()
    visitor.sign_in("declare.vat-small")
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, FormPage)
    assert page.rows[0].id == "quarter"
    page = visitor.touch(Action.BACK)
    assert isinstance(page, ChoosePage), "past a question that nobody can answer"


def test_a_fixed_quota_return_is_of_the_period_that_was_chosen() -> None:
    visitor = Visitor().world()
    visitor.sign_in("declare.fixed-quota")
    visitor.touch(Action.PROCEED)
    visitor.answer({"periods": [OLDER, QUARTER]})
    visitor.touch(Action.CHOOSE, "2026-04-01")
    visitor.touch(Action.PROCEED)
    days = {"period_first": "2026-04-01", "period_last": "2026-06-30"}
    assert wanted(visitor) == ("return.prefill", days)
    facts = {**days, "quota_fen": 9_000_000, "invoiced_fen": 0, "special_fen": 0, "city_rate": "0.07"}
    visitor.answer({**KNOWN, "facts": facts, "sources": []})
    visitor.touch(Action.PROCEED)
    assert wanted(visitor)[1]["facts"]["period_first"] == "2026-04-01"


def test_a_nil_return_says_all_its_periods_and_which_it_is_not_for() -> None:
    visitor = Visitor().world()
    visitor.sign_in("declare.zero")
    visitor.touch(Action.PROCEED)
    facts = {"period_first": "2026-07-01", "period_last": "2026-09-30", "since": "2026-01-01"}
    said = {"zh-CN": "增值税（2026年1–3月、2026年7–9月）", "en-US": "VAT (…)"}
    sold = {"zh-CN": "2026年4–6月", "en-US": "2026-04 to 2026-06"}
    known = {
        **KNOWN,
        "facts": facts,
        "sources": [],
        "taxes": said,
        "sold": sold,
        "late_days": 89,
        "late_law": LAW,
    }
    page = visitor.answer(known)
    assert isinstance(page, FormPage)
    assert (page.rows[0].value, page.rows[1].value) == ("2026年1 – 9月", said["zh-CN"])
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, ReviewPage)
    values = {row.label: row.value for section in page.sections for row in section.rows}
    assert values["所属期"] == "2026年1 – 9月"
    assert (values["另有收入，请单独申报"], values["逾期申报天数"]) == (sold["zh-CN"], "89")
    visitor.touch(Action.PROCEED)
    submit = visitor.asked
    assert isinstance(submit, Submit) and submit.data["facts"] == facts


def test_offline_a_nil_return_is_of_the_quarter_that_was_named() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.zero")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.FILL, "uscc", ROLE["taxpayer"])
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.EDIT, "quarter")
    visitor.touch(Action.CHOOSE, "2026-04-01")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    submit = visitor.asked
    assert isinstance(submit, Submit) and submit.queue
    days = {"period_first": "2026-04-01", "period_last": "2026-06-30"}
    assert submit.data["facts"] == {**days, "since": "2026-04-01"}
