"""Published cases at the terminal: by kind of breach, looked for by name, number or office, read; also as it was kept."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.likeness import plain
from kiosk.flow.effects import Ask
from kiosk.flow.events import Action, Outcome
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, MessagePage, Page, ReviewPage
from tests.kiosk.flow.visitor import Visitor

MOMENT = "2026-10-12T08:30:00+08:00"


def texts(chinese: str, english: str = "") -> dict[str, str]:
    return {"zh-CN": chinese, "en-US": english or chinese}


def case(number: str, name: str, code: str, office: str) -> dict[str, Any]:
    return {
        "case_no": number, "name": name, "code": code, "address": "", "people": None, "sex": texts("男"),
        "reason_text": texts("虚开专用发票"), "facts": texts("虚开"), "decision": texts("罚款"),
        "authority": texts(office, "North office"), "document": f"罚 {number}", "published_on": "2026-01-15",
        "until": "2029-01-15",
    }  # fmt: skip


CASES = [
    case("1", "云川鼎泽商贸有限公司", "91110108MA01K1050C", "城北稽查局"),
    case("2", "河湾加工厂", "92990199MA6000001K", "高新稽查局"),
]
ALL = {
    "reason": "all", "title": texts("全部案件"), "count_text": texts("2 件"), "as_of": MOMENT, "basis": texts("令第54号"),
    "repair": texts("缴清满 6 个月可申请"), "cases": CASES,
}  # fmt: skip
ANSWER = {"as_of": MOMENT, "reasons": [ALL, {**ALL, "reason": "evasion", "cases": []}]}


def looked_for(words: str, *, online: bool = True) -> Page:
    """Up to the list, with these words."""
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "notices.cases")
    assert visitor.asked == Ask("notices.cases")
    waiting = [i for i in visitor.issued if i.id in visitor.state.waiting]
    visitor._step(Outcome(waiting[-1].id, ANSWER, kept_at="" if online else MOMENT))
    page = visitor.page
    assert isinstance(page, ChoosePage) and page.options[0].tags == ("2 件",)
    visitor.touch(Action.CHOOSE, "all")
    visitor.touch(Action.PROCEED)
    if words:
        visitor.touch(Action.EDIT, "words")
        visitor.touch(Action.FILL, "words", words)
    return visitor.touch(Action.PROCEED)


def named(page: Page) -> list[str]:
    assert isinstance(page, ListPage)
    return [row.id for row in page.rows]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["1", "2"]),
        ("鼎泽", ["1"]),
        ("ma01k", ["1"]),
        ("ＭＡ６０００", ["2"]),
        ("高 新", ["2"]),
        ("north", ["1", "2"]),
        ("罚 2", ["2"]),
    ],
)
def test_it_is_found_by_a_part_of_name_number_or_office(words: str, found: list[str]) -> None:
    page = looked_for(words)
    assert named(page) == found
    assert isinstance(page, ListPage) and "2026年10月12日 8:30" in page.as_of


def test_who_is_not_there_is_told_what_that_means() -> None:
    page = looked_for("瑞丰")
    assert isinstance(page, MessagePage) and page.title == "公布的案件里没有"


def test_it_is_read_with_the_days_of_its_publication() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "notices.cases")
    visitor.answer(ANSWER)
    for chosen in ("all", "", "2"):
        if chosen:
            visitor.touch(Action.CHOOSE, chosen)
        page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    rows = {row.label: row.value for section in page.sections for row in section.rows}
    assert (rows["公布日期"], rows["公布到"]) == ("2026年1月15日", "2029年1月15日")
    assert rows["性别"] == "男" and {"地址", "责任人"}.isdisjoint(rows), "it is a person's"
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.qr == "" and "满 6 个月" in done.next_steps[0].note


def test_without_the_network_it_is_looked_for_in_what_was_kept() -> None:
    page = looked_for("鼎泽", online=False)
    assert named(page) == ["1"] and "没有网络" in page.lead


@pytest.mark.parametrize(("text", "same"), [("Ａｂ　c", "abc"), ("〔2026〕 9", "〔2026〕9"), ("", "")])
def test_width_case_and_blanks_make_no_difference(text: str, same: str) -> None:
    assert plain(text) == same
