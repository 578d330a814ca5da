"""Complaints and tip-offs at the terminal: what is sent, what is asked for, and that a tip-off is of nobody."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.effects import Ask, Note, Submit, Wipe
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, MessagePage, ReviewPage, ScanPage
from kiosk.flow.state import Phase
from tests.kiosk.flow.visitor import Visitor

KEY = "01940000-0000-7000-8000-000000000021"


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


FILED = {
    "state": "accepted", "key": KEY, "case": "67990026101200000016", "code": "7K2M9QX4PD",
    "due_on": "2026-10-13", "answer_by": "2026-10-20", "state_text": texts("已收到"),
    "next_text": texts("10月13日前决定"), "basis": texts("办法"),
}  # fmt: skip


def case(state: str = "answered", *, rateable: bool = True, may_object: bool = True) -> dict[str, Any]:
    return {
        "key": KEY, "number": FILED["case"], "title": texts("您的投诉"), "kind_text": None,
        "received_at": "2026-10-06T10:20:00+08:00", "state": state, "state_text": texts("已答复"), "unit": "",
        "answered_at": None, "answer": texts("已处理"), "answer_more": None, "level_text": None,
        "rateable": rateable, "may_object": may_object,
    }  # fmt: skip


@pytest.fixture
def visitor() -> Visitor:
    made = Visitor().world()
    made.touch(Action.BEGIN)
    return made


def fill(visitor: Visitor, **values: str) -> None:
    """Rows of the form by their keys, one after the other."""
    for row, value in values.items():
        visitor.touch(Action.EDIT, row)
        visitor.touch(Action.FILL, row, value)


def written(visitor: Visitor) -> None:
    """A complaint up to its review, without a name and a phone."""
    visitor.touch(Action.OPEN, "feedback.complain")
    visitor.touch(Action.CHOOSE, "quality")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.EDIT, "about")
    visitor.touch(Action.CHOOSE, "window")
    visitor.touch(Action.EDIT, "day")
    visitor.touch(Action.CHOOSE, "2026-10-12")
    visitor.touch(Action.PROCEED)
    fill(visitor, facts="等了两个小时", wish="请多开窗口")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, FormPage), "name and phone, which may stay empty"
    visitor.touch(Action.PROCEED)


def test_a_complaint_goes_with_what_was_written_and_no_more(visitor: Visitor) -> None:
    written(visitor)
    page = visitor.page
    assert isinstance(page, ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and (effect.kind, effect.queue) == ("feedback.complain", False)
    assert effect.data == {
        "kind": "quality", "about": "window", "place": None, "officer": None, "day": "2026-10-12",
        "facts": "等了两个小时", "more": None, "wish": "请多开窗口", "name": None, "mobile": None,
    }  # fmt: skip


def test_without_the_network_it_waits_and_the_slip_says_so(visitor: Visitor) -> None:
    visitor.world(online=False)
    written(visitor)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue
    visitor.answer({"queued": True, "key": KEY, "case": "69000126101200000017", "accepted_at": "2026-10-12"})
    slip = str(visitor.asked)
    assert f"https://bureau.example/s/{KEY}" in slip and "联网后送达" in slip and "查询码" not in slip


def test_the_slip_carries_number_and_code(visitor: Visitor) -> None:
    written(visitor)
    visitor.touch(Action.PROCEED)
    visitor.answer(FILED)
    slip = str(visitor.asked)
    assert all(part in slip for part in (FILED["case"], FILED["code"], f"/s/{KEY}?n={FILED['case']}"))
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.reference == FILED["case"]
    assert any("10月13日前决定" in step.note for step in page.next_steps)


def test_what_is_missing_is_told_at_its_row(visitor: Visitor) -> None:
    visitor.touch(Action.OPEN, "feedback.complain")
    visitor.touch(Action.CHOOSE, "quality")
    visitor.touch(Action.PROCEED)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert {row.id for row in page.rows if row.error} == {"about", "day"}, "place and name may stay empty"


# --- tip-offs -------------------------------------------------------------------------------------------------


def reported(visitor: Visitor, naming: str = "anonymous") -> None:
    visitor.touch(Action.OPEN, "feedback.report")
    visitor.touch(Action.CHOOSE, naming)
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.EDIT, "conduct")
    visitor.touch(Action.CHOOSE, "invoices")
    fill(visitor, target="翠湖小吃店")
    visitor.touch(Action.PROCEED)
    fill(visitor, facts="不开发票")
    visitor.touch(Action.PROCEED)


def test_an_anonymous_tip_off_asks_for_no_name(visitor: Visitor) -> None:
    reported(visitor)
    assert isinstance(visitor.page, ReviewPage)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit)
    assert [effect.data[name] for name in ("naming", "name", "id_number", "mobile")] == [
        "anonymous", None, None, None,
    ]  # fmt: skip


def test_a_named_one_asks_for_all_of_it_and_takes_no_number_that_is_none(visitor: Visitor) -> None:
    reported(visitor, "named")
    page = visitor.page
    assert isinstance(page, FormPage) and [row.id for row in page.rows] == ["name", "id_number", "mobile"]
    fill(visitor, name="唐悦", id_number="110105194912310021", mobile="13912340007")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.errors, "the check character is wrong"
    fill(visitor, id_number="11010519491231002X")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, ReviewPage)


def test_who_is_signed_in_reports_in_a_visit_of_its_own(visitor: Visitor) -> None:
    visitor = Visitor().world()
    visitor.sign_in("privacy.my-data")
    first = visitor.state.visit
    assert visitor.state.person is not None
    visitor.state = visitor.engine._go_home(visitor.state)[0]
    visitor.touch(Action.OPEN, "feedback.report")
    second = visitor.state.visit
    assert second != first and visitor.state.person is None
    ended = [i for i in visitor.issued if isinstance(i.effect, Wipe) or i.effect == Note("visit.ended", {})]
    assert {one.visit for one in ended} == {first}
    reported_ = [i for i in visitor.issued if i.service == "feedback.report"]
    assert reported_ and all(i.visit == second for i in reported_)
    assert all(i.subject["person"] is None for i in reported_)


def test_what_is_done_after_a_tip_off_is_another_visit_again(visitor: Visitor) -> None:
    before = visitor.state.visit
    reported(visitor)
    assert visitor.state.visit == before, "nobody was signed in: nothing was to be ended"
    visitor.touch(Action.PROCEED)
    visitor.answer({**FILED, "case": "68990026101200000014"})
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.SECOND, "another")
    assert visitor.state.phase is Phase.HOME and visitor.state.visit not in ("", before)
    begun = [i.visit for i in visitor.issued if isinstance(i.effect, Note) and i.effect.kind == "visit.begun"]
    assert begun == [before, visitor.state.visit]


def test_a_card_that_lies_there_still_is_reminded_of(visitor: Visitor) -> None:
    visitor = Visitor().world()
    visitor.sign_in("privacy.my-data")
    visitor.state = visitor.engine._go_home(visitor.state)[0]
    visitor.state = replace(visitor.state, world=replace(visitor.state.world, card=True))
    reported(visitor)
    visitor.touch(Action.LEAVE)
    assert visitor.state.phase is Phase.FAREWELL
    assert visitor.state.data["farewell"]["take"] == ["id"]


# --- followed -------------------------------------------------------------------------------------------------


def scanned(visitor: Visitor, answer: dict[str, Any]) -> None:
    visitor.touch(Action.OPEN, "feedback.track")
    assert isinstance(visitor.page, ScanPage)
    visitor.answer({"data": base64.b64encode(f"https://bureau.example/s/{KEY}".encode()).decode()})
    assert visitor.asked == Ask("feedback.case", {"key": KEY, "number": None, "code": None})
    visitor.answer(answer)
    assert isinstance(visitor.page, ReviewPage)
    visitor.touch(Action.PROCEED)


def test_by_the_slip_and_rated(visitor: Visitor) -> None:
    scanned(visitor, case())
    page = visitor.page
    assert isinstance(page, ChoosePage) and len(page.options) == 5 and not page.selected
    assert not page.action_enabled, "no level is chosen for anybody"
    visitor.touch(Action.CHOOSE, "satisfied")
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.kind == "feedback.reply"
    assert effect.data == {"key": KEY, "level": "satisfied", "again": None, "words": None}
    page = visitor.answer({"state": "accepted", "key": "k", "number": "1", "again": False, "answer_by": None})
    assert isinstance(page, DonePage) and page.title == "评价已提交"


def test_who_is_not_content_may_have_it_taken_up_again(visitor: Visitor) -> None:
    scanned(visitor, case())
    visitor.touch(Action.CHOOSE, "angry")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, FormPage)
    visitor.touch(Action.FILL, "again", "yes")
    fill(visitor, words="没有解决")
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    told = {"state": "accepted", "key": "k", "number": "1", "again": True, "next_text": texts("10月19日前")}
    assert isinstance(effect, Submit) and effect.data["words"] == "没有解决", effect
    page = visitor.answer(told)
    assert isinstance(page, DonePage) and page.title == "已要求重新办理"


def test_after_the_second_answer_nobody_is_asked_whether_again(visitor: Visitor) -> None:
    scanned(visitor, case(may_object=False))
    visitor.touch(Action.CHOOSE, "angry")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit)


@pytest.mark.parametrize("state", ["received", "refused", "closed"])
def test_where_there_is_nothing_to_rate_it_was_looked_up_alone(visitor: Visitor, state: str) -> None:
    scanned(visitor, case(state, rateable=False, may_object=False))
    page = visitor.page
    assert isinstance(page, DonePage) and page.title == "查询完毕"
    assert not any(isinstance(i.effect, Submit) for i in visitor.issued)


def test_who_has_no_code_reader_types_number_and_code(visitor: Visitor) -> None:
    visitor.world(barcodeReader=False)
    visitor.touch(Action.OPEN, "feedback.track")
    page = visitor.page
    assert isinstance(page, FormPage) and [row.id for row in page.rows] == ["number", "code"]
    fill(visitor, number="67990026101200000016", code="7K2M9QX4PD")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask(
        "feedback.case", {"key": None, "number": "67990026101200000016", "code": "7K2M9QX4PD"}
    )
    no = {
        "code": "feedbackUnknown",
        "text": texts("没有查到"),
        "next_step": texts("请对照回单"),
        "deadline": None,
    }
    page = visitor.answer({"refusal": no})
    assert isinstance(page, MessagePage)
