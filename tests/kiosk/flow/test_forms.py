"""A form of every kind of row: prefilled, corrected, given by touch, checked on Continue, kept on the way back."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, FormPage, FormRow, Page, ReviewPage
from tests.kiosk.flow.made import (
    FORM,
    KNOWN,
    REVIEW,
    SAY,
    at_the_form,
    fill_first_page,
    fill_second_page,
    one_row,
    row,
    visiting,
)
from tests.kiosk.flow.visitor import Visitor


def form(page: Page) -> FormPage:
    assert isinstance(page, FormPage), page
    return page


def picker(page: Page) -> ChoosePage:
    assert isinstance(page, ChoosePage), page
    return page


def shown(page: Page, row_id: str) -> FormRow:
    return next(r for r in form(page).rows if r.id == row_id)


def at_the_check() -> Visitor:
    visitor = at_the_form()
    fill_first_page(visitor)
    fill_second_page(visitor)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage), page
    return visitor


# --- pages and what is prefilled ------------------------------------------------------------------------


def test_twelve_rows_are_three_pages_of_four_and_the_button_says_so() -> None:
    visitor = at_the_form()
    page = form(visitor.page)
    assert [r.id for r in page.rows] == ["name", "phone", "plate", "bought"]
    assert page.action == "下一页"
    assert page.note.startswith("第 1 页，共 3 页")
    fill_first_page(visitor)
    page = form(fill_second_page(visitor))
    assert [r.id for r in page.rows] == ["sheets", "code", "month", "remark"]
    assert page.action == "去核对"


def test_who_needs_larger_words_gets_four_rows_a_page() -> None:
    assert len(form(at_the_form("elder").page).rows) == 4


def test_a_prefilled_row_says_where_it_comes_from_and_hides_what_is_personal_until_it_is_touched() -> None:
    visitor = at_the_form()
    assert (shown(visitor.page, "phone").value, shown(visitor.page, "phone").source) == (
        "138****1234",
        "登记信息",
    )
    assert shown(visitor.touch(Action.EDIT, "phone"), "phone").value == "13800001234"
    visitor.touch(Action.FILL, "phone", "13900005678")
    page = visitor.touch(Action.EDIT, "")
    assert (shown(page, "phone").value, shown(page, "phone").source) == ("139 0000 5678", "您已填写")


def test_a_number_that_the_centre_masks_itself_is_typed_anew_and_untouched_passes_as_it_is() -> None:
    visitor = at_the_form(phone="138****1234")
    assert shown(visitor.touch(Action.EDIT, "phone"), "phone").value == ""
    fill_first_page(visitor)
    assert [r.id for r in form(visitor.page).rows][0] == "new"


def test_fixed_rows_are_locked_with_their_source() -> None:
    visitor = at_the_form()
    assert (shown(visitor.page, "name").value, shown(visitor.page, "name").source) == ("李**", "身份证")
    assert form(visitor.touch(Action.EDIT, "name")).focused == ""
    assert shown(visitor.touch(Action.FILL, "name", "x"), "name").value == "李**"


# --- checks on Continue ---------------------------------------------------------------------------------


def test_what_is_missing_is_told_on_top_and_at_the_row() -> None:
    visitor = at_the_form()
    page = form(visitor.touch(Action.PROCEED))
    assert page.errors == ("请填写“plate”", "请选择“bought”")
    assert [r.error for r in page.rows] == ["", "", *page.errors]
    assert page.focused == "plate"
    page = form(visitor.touch(Action.FILL, "plate", "京"))
    assert page.errors == ("请选择“bought”",), "what is being mended is no longer wrong"


@pytest.mark.parametrize(
    ("kind", "typed", "limits", "words"),
    [
        ("phone", "12345", {}, "手机号"),
        ("phone", "23800001234", {}, "手机号"),
        ("id", "110105194912310021", {}, "号码有误"),
        ("id", "11010519491231002", {}, "18位"),
        ("uscc", "91110108MA01K105", {}, "18位"),
        ("plate", "京A12", {}, "车牌号"),
        ("vin", "LSVAU033", {}, "17位"),
        ("money", "0.5", {"min": 1}, "不能少于 ¥1.00"),
        ("money", "100.01", {"max": 100}, "不能超过 ¥100.00"),
        ("count", "11", {"max": 10}, "不能超过 10"),
        ("count", "0", {"min": 1}, "不能少于 1"),
        ("digits", "12345", {"min_length": 6, "max_length": 6}, "应为 6 位"),
        ("letters", "A1", {"min_length": 3}, "至少 3 个字"),
        ("text", "   ", {}, "请填写"),
    ],
)
def test_each_kind_is_checked_in_words(kind: str, typed: str, limits: dict[str, Any], words: str) -> None:
    visitor = visiting(one_row(kind, **limits))
    visitor.touch(Action.FILL, "it", typed)
    page = form(visitor.touch(Action.PROCEED))
    assert words in page.errors[0]
    assert page.rows[0].error == page.errors[0]
    assert shown(page, "it").value == typed, "what was typed stays to be mended"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("money", "12.3", 1230),
        ("money", "12.", 1200),
        ("count", "007", 7),
        ("digits", "0042", "0042"),
        ("phone", "13800001234", "13800001234"),
        ("id", "11010519491231002X", "11010519491231002X"),
        ("uscc", "91110108MA01K1050D", "91110108MA01K1050D"),
        ("plate", "沪AD12345", "沪AD12345"),
        ("vin", "LSVAU0334E2123456", "LSVAU0334E2123456"),
        ("letters", "HT2026A", "HT2026A"),
        ("yes-no", "no", False),
        ("text", " 云川路 1 号 ", "云川路 1 号"),
    ],
)
def test_each_kind_leaves_its_value(kind: str, typed: str, value: object) -> None:
    visitor = visiting(one_row(kind))
    visitor.touch(Action.FILL, "it", typed)
    visitor.touch(Action.PROCEED)
    assert visitor.state.data["form"]["it"] == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("money", "1.234"),
        ("count", "-1"),
        ("phone", "138000012345"),
        ("id", "11010519491231002XX"),
        ("uscc", "91I"),
        ("plate", "A1"),
        ("vin", "O"),
        ("yes-no", "maybe"),
        ("date", "2026-10-08"),
        ("option", "a"),
        ("text", "a\nb"),
        ("text", "字" * 101),
        ("digits", "９"),
    ],
)
def test_what_no_key_can_make_is_not_taken(kind: str, typed: str) -> None:
    more = {"options": [{"id": "a", "title": row("a", "text")["label"]}]} if kind == "option" else {}
    visitor = visiting(one_row(kind, **more))
    assert shown(visitor.touch(Action.FILL, "it", typed), "it").value == ""


def test_a_limit_may_come_from_the_centre() -> None:
    visitor = at_the_form()
    fill_first_page(visitor)
    visitor.touch(Action.FILL, "new", "no")
    visitor.touch(Action.EDIT, "account")
    visitor.touch(Action.CHOOSE, "6222000011112222")
    visitor.touch(Action.FILL, "refund", "5000.01")
    assert form(visitor.touch(Action.PROCEED)).errors == ("“refund”不能超过 ¥5,000.00",)


def test_an_old_credit_code_with_a_wrong_check_character_is_doubted_and_taken() -> None:
    visitor = visiting(one_row("uscc"))
    page = visitor.touch(Action.FILL, "it", "91110108MA01K1050D")
    assert "营业执照" in shown(page, "it").note
    visitor.touch(Action.PROCEED)
    assert visitor.state.data["form"]["it"] == "91110108MA01K1050D"


# --- given by touch ---------------------------------------------------------------------------------------


def test_a_date_is_touched_in_three_parts_and_only_days_within_the_limits_can_be() -> None:
    visitor = at_the_form()
    years = picker(visitor.touch(Action.EDIT, "bought"))
    assert years.shape == "grid" and years.action == ""
    assert [c.id for c in years.options] == ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]
    months = picker(visitor.touch(Action.CHOOSE, "2026"))
    assert [c.id for c in months.options if c.enabled][-1] == "2026-10"
    assert picker(visitor.touch(Action.CHOOSE, "2026-11")).options == months.options, "the future is closed"
    days = picker(visitor.touch(Action.CHOOSE, "2026-10"))
    assert len(days.options) == 31
    assert [c.title for c in days.options if c.enabled][-1] == "12", "today"
    page = visitor.touch(Action.CHOOSE, "2026-10-08")
    assert shown(page, "bought").value == "2026年10月8日"


def test_the_first_year_begins_with_its_first_month_and_day() -> None:
    visitor = at_the_form()
    visitor.touch(Action.EDIT, "bought")
    months = picker(visitor.touch(Action.CHOOSE, "2020"))
    assert next(c.id for c in months.options if c.enabled) == "2020-03"
    days = picker(visitor.touch(Action.CHOOSE, "2020-03"))
    assert next(c.id for c in days.options if c.enabled) == "2020-03-05"


def test_a_year_long_ago_is_some_pages_away() -> None:
    visitor = visiting(one_row("date", latest="today"))
    years = picker(visitor.touch(Action.EDIT, "it"))
    assert (years.page, years.pages) == (9, 9)
    assert [years.options[0].id, years.options[-1].id] == ["2015", "2026"]
    years = picker(visitor.touch(Action.PAGE, "1"))
    assert [years.options[0].id, years.options[-1].id] == ["1926", "1930"]
    assert picker(visitor.touch(Action.PAGE, "0")).page == 1
    assert picker(visitor.touch(Action.PAGE, "10")).page == 1
    visitor.touch(Action.PAGE, "3")
    months = picker(visitor.touch(Action.CHOOSE, "1949"))
    assert months.lead == "已选 1949年"
    assert len(picker(visitor.touch(Action.CHOOSE, "1949-02")).options) == 28


def test_a_known_date_opens_on_its_year_and_shows_its_parts() -> None:
    made = {
        "id": "form",
        "kind": "form",
        "ask": {"query": "q"},
        "action": SAY,
        "rows": [row("born", "date", value="form.born")],
    }
    visitor = visiting(made)
    visitor.answer({"born": "1949-12-31"})
    assert shown(visitor.page, "born").value == "1949年12月31日"
    years = picker(visitor.touch(Action.EDIT, "born"))
    assert years.selected == ("1949",) and "1949" in {c.id for c in years.options}
    assert picker(visitor.touch(Action.CHOOSE, "1949")).selected == ("1949-12",)
    assert picker(visitor.touch(Action.CHOOSE, "1949-12")).selected == ("1949-12-31",)


def test_the_way_back_leads_through_the_parts_to_the_form() -> None:
    visitor = at_the_form()
    visitor.touch(Action.EDIT, "bought")
    visitor.touch(Action.CHOOSE, "2026")
    visitor.touch(Action.CHOOSE, "2026-10")
    assert len(picker(visitor.touch(Action.BACK)).options) == 12
    assert len(picker(visitor.touch(Action.BACK)).options) == 7
    assert form(visitor.touch(Action.BACK)).focused == ""
    visitor.touch(Action.EDIT, "bought")
    assert shown(visitor.touch(Action.SECOND, "close"), "bought").value == ""


def test_today_is_given_by_one_touch_where_a_day_may_not_lie_ahead() -> None:
    visitor = at_the_form()
    years = picker(visitor.touch(Action.EDIT, "bought"))
    assert [(one.id, one.title) for one in years.quiet] == [("2026-10-12", "今天，2026年10月12日")]
    assert shown(visitor.touch(Action.SECOND, "2026-10-12"), "bought").value == "2026年10月12日"
    again = picker(visitor.touch(Action.EDIT, "bought"))
    assert picker(visitor.touch(Action.SECOND, "2026-10-11")) == again, "only what is offered"


def test_this_month_is_given_by_one_touch_and_a_day_ahead_is_not_offered_today() -> None:
    visitor = visiting(one_row("month", latest="today"))
    assert [one.title for one in picker(visitor.touch(Action.EDIT, "it")).quiet] == ["本月，2026年10月"]
    assert shown(visitor.touch(Action.SECOND, "2026-10"), "it").value == "2026年10月"
    visitor = visiting(one_row("date", latest="2030-01-01"))
    assert picker(visitor.touch(Action.EDIT, "it")).quiet == ()


def test_options_of_the_file_and_of_the_answer_open_a_page_and_come_back_by_one_touch() -> None:
    visitor = at_the_form()
    fill_first_page(visitor)
    page = picker(visitor.touch(Action.EDIT, "kind"))
    assert [(c.id, c.title, c.note) for c in page.options] == [
        ("car", "小型轿车", "9 座以下"),
        ("lorry", "货车", ""),
    ]
    assert page.selected == ("car",)
    assert shown(visitor.touch(Action.CHOOSE, "lorry"), "kind").value == "货车"
    page = picker(visitor.touch(Action.EDIT, "account"))
    assert [(c.title, c.note, c.tags, c.tag_tones, c.enabled, c.reason) for c in page.options] == [
        ("云川银行", "尾号 **** 2222", ("正常",), ("done",), True, ""),
        ("禾木银行", "尾号 **** 3333", ("frozen",), ("plain",), False, "已冻结"),
    ]
    assert picker(visitor.touch(Action.CHOOSE, "6222000011113333")).selected == ()
    assert shown(visitor.touch(Action.CHOOSE, "6222000011112222"), "account").value == "云川银行"


def test_an_option_that_is_no_longer_offered_is_asked_for_again() -> None:
    visitor = at_the_form(kind="tram")
    fill_first_page(visitor)
    assert shown(visitor.page, "kind").value == ""
    assert "请选择“kind”" in form(visitor.touch(Action.PROCEED)).errors


def test_yes_and_no_stand_beside_the_question() -> None:
    visitor = at_the_form()
    fill_first_page(visitor)
    asked = shown(visitor.page, "new")
    assert [(c.id, c.title) for c in asked.choices] == [("yes", "是"), ("no", "否")]
    assert (asked.chosen, asked.keypad) == ("", "")
    assert shown(visitor.touch(Action.FILL, "new", "no"), "new").chosen == "no"


# --- what it leaves, and the way back ---------------------------------------------------------------------


def test_the_answer_is_the_values_by_row_beside_what_the_centre_knew() -> None:
    left = at_the_check().state.data["details"]
    assert {
        name: left[name] for name in ("phone", "plate", "bought", "new", "kind", "refund", "sheets", "code")
    } == {
        "phone": "13800001234",
        "plate": "京A12345",
        "bought": "2026-10-08",
        "new": True,
        "kind": "car",
        "refund": 123_450,
        "sheets": None,
        "code": None,
    }
    assert left["kind_title"] == {"zh-CN": "小型轿车", "en-US": "Small car"}
    assert left["account_title"] == "云川银行"
    assert left["most_fen"] == KNOWN["most_fen"]


def test_the_review_shows_it_and_each_change_opens_its_row_and_comes_straight_back() -> None:
    visitor = at_the_check()
    page = visitor.page
    assert isinstance(page, ReviewPage)
    assert [r.value for r in page.sections[0].rows] == [
        "138 0000 1234",
        "小型轿车",
        "是",
        "1,234.50",
        "云川银行",
    ]
    changed = form(visitor.touch(Action.CHANGE, "details.refund"))
    assert (changed.focused, changed.action) == ("refund", "去核对")
    visitor.touch(Action.FILL, "refund", "5")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert page.sections[0].rows[3].value == "5.00"
    picker(visitor.touch(Action.CHANGE, "details.kind"))
    form(visitor.touch(Action.CHOOSE, "lorry"))
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert page.sections[0].rows[1].value == "货车"
    assert [r.id for r in form(visitor.touch(Action.CHANGE, "details.new")).rows][0] == "new"


def test_a_change_that_is_wrong_on_another_page_leads_there() -> None:
    visitor = at_the_check()
    visitor.touch(Action.CHANGE, "details.phone")
    visitor.touch(Action.FILL, "phone", "138")
    visitor.touch(Action.EDIT, "refund")
    page = form(visitor.touch(Action.PROCEED))
    assert page.focused == "phone" and page.rows[1].error == page.errors[0]


def test_the_way_back_keeps_what_was_typed() -> None:
    visitor = at_the_form()
    fill_first_page(visitor)
    visitor.touch(Action.FILL, "new", "yes")
    page = form(visitor.touch(Action.BACK))
    assert shown(page, "plate").value == "京A12345"
    assert shown(visitor.touch(Action.PROCEED), "new").chosen == "yes"


CHOICE = {"id": "which", "kind": "choose", "source": "options", "options": [
    {"id": "a", "title": row("a", "text")["label"]}, {"id": "b", "title": row("b", "text")["label"]},
]}  # fmt: skip


def test_a_form_left_half_done_is_found_again_but_not_for_another_choice() -> None:
    asked = {**FORM, "ask": {"query": "details", "params": {"which": "which.choice"}}}
    visitor = visiting(CHOICE, asked, REVIEW)
    visitor.touch(Action.CHOOSE, "a")
    visitor.touch(Action.PROCEED)
    visitor.answer(KNOWN)
    visitor.touch(Action.FILL, "plate", "京A12345")
    visitor.touch(Action.BACK)
    visitor.touch(Action.CHOOSE, "a")
    assert shown(visitor.touch(Action.PROCEED), "plate").value == "京A12345"
    visitor.touch(Action.BACK)
    visitor.touch(Action.CHOOSE, "b")
    visitor.touch(Action.PROCEED)
    assert shown(visitor.answer(KNOWN), "plate").value == "", "what was typed for a is not b's"


def test_another_language_shows_the_same_form_in_its_words() -> None:
    visitor = at_the_form()
    visitor.touch(Action.EDIT, "bought")
    visitor.touch(Action.CHOOSE, "2026")
    page = picker(visitor.touch(Action.LANGUAGE, "en-US"))
    assert page.options[9].title == "Oct"
    assert page.title == "<bought>: which month?"


def test_facts_that_are_no_figures_do_not_stand_below_each_other_like_a_sum() -> None:
    page = at_the_check().page
    assert isinstance(page, ReviewPage) and not page.sections[0].figures
    plain = {"label": SAY, "value": "details.plate"}
    sums = {"label": SAY, "value": "details.refund", "format": "money"}
    sections = [{"title": SAY, "rows": [plain, sums]}, {"title": SAY, "rows": [sums]}]
    visitor = visiting(FORM, {**REVIEW, "sections": sections})
    visitor.answer(KNOWN)
    fill_first_page(visitor)
    fill_second_page(visitor)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert [section.figures for section in page.sections] == [False, True]
