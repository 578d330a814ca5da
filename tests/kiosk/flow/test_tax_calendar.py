"""The tax calendar at the terminal: by anybody, for a kind of taxpayer and a month, with and without the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from config.texts import catalogue, languages
from kiosk.domain.tax.calendar import Who, Why, month_calendar
from kiosk.domain.tax.parameters import built_in
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage
from tests.kiosk.flow.visitor import Visitor
from tests.shipped import CATALOGUE

SERVICE = "calendar.view"


def at_form(*, online: bool = True) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    return visitor


def of_whom(visitor: Visitor, who: str) -> Visitor:
    assert isinstance(visitor.touch(Action.EDIT, "who"), ChoosePage)
    visitor.touch(Action.CHOOSE, who)
    return visitor


@pytest.mark.parametrize("online", [True, False])
def test_anybody_sees_what_is_due_this_month_and_the_centre_is_not_asked(online: bool) -> None:
    visitor = of_whom(at_form(online=online), "small-quarterly")
    form = visitor.page
    assert isinstance(form, FormPage) and "没有网络" not in form.lead
    assert [row.value for row in form.rows] == ["小规模纳税人企业", "2026年10月"]
    asked = len(visitor.issued)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage) and len(visitor.issued) == asked
    vat = next(row for row in page.rows if row.title.startswith("增值税"))
    assert vat.amount == "2026年10月26日"
    assert vat.tags == ("可办理", "已顺延")
    assert dict(vat.lines) == {
        "所属期": "2026年7 – 9月",
        "顺延原因": "期内2026年10月1日至2026年10月7日放假，顺延",
        "依据": "增值税暂行条例第二十三条；自2026-01-01增值税法第三十条",
    }
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage)
    assert any("国办发明电〔2025〕7号" in step.note for step in done.next_steps)


def test_another_month_is_chosen_and_a_day_that_is_over_says_so() -> None:
    visitor = of_whom(at_form(), "general")
    visitor.touch(Action.EDIT, "month")
    visitor.touch(Action.CHOOSE, "2026")
    visitor.touch(Action.CHOOSE, "2026-08")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage)
    assert {row.amount for row in page.rows} == {"2026年8月17日"}
    assert all(row.tags[0] == "已截止" for row in page.rows)


def test_of_a_year_without_announced_holidays_it_says_that_days_may_still_move() -> None:
    visitor = of_whom(at_form(), "person")
    visitor.touch(Action.EDIT, "month")
    visitor.touch(Action.CHOOSE, "2027")
    visitor.touch(Action.CHOOSE, "2027-03")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage)
    annual = next(row for row in page.rows if "年度汇算" in row.title)
    assert annual.tags == ("未开始", "放假安排未公布，可能再顺延")
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage)
    assert any("还没有公布" in step.note for step in done.next_steps)


def test_who_says_nothing_is_asked_of_whom() -> None:
    visitor = at_form()
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.errors == ("请选择“纳税人类型”",)


def test_the_file_offers_every_kind_of_taxpayer() -> None:
    step = CATALOGUE[SERVICE].service.steps[0]
    assert step.kind == "form" and {option.id for option in step.rows[0].options} == {*Who}


def _ids() -> Iterator[str]:
    parameters = built_in()
    for who in Who:
        for month in range(1, 13):
            yield from (
                f"calendar.duty.{one.duty}" for one in month_calendar(who, date(2026, month, 1), parameters)
            )
    yield from (f"calendar.why.{why}" for why in Why if why)
    yield from ("calendar.holidays", "calendar.no-holidays")


def test_every_word_is_there_in_each_language_with_the_same_values_and_none_waits_in_vain() -> None:
    ours = {
        lang: {i: t for i, t in catalogue(lang).items() if i.startswith("calendar.")} for lang in languages()
    }
    for lang, texts in ours.items():
        assert set(texts) == set(_ids()), lang
        for text_id, text in texts.items():
            assert text.strip()
            if lang != "zh-CN":
                assert not re.search(r"[\u4e00-\u9fff]", text)
                # a reason may do without the day by the law, which stands beside it
                assert set(re.findall(r"\{(\w+)", text)) == set(
                    re.findall(r"\{(\w+)", ours["zh-CN"][text_id])
                ), text_id
