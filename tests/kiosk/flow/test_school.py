"""The tax school at the terminal: courses read, a seat taken by phone or card, given back, a course evaluated."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, ReadDocument, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, IdentifyPage, MessagePage, Page, ReviewPage
from kiosk.steps.phone import CARD as BY_CARD
from tests.kiosk.flow.visitor import CARD, Visitor

MOMENT = "2026-10-12T08:30:00+08:00"
TOKEN = "01940000-0000-4000-8000-000000000001"


def texts(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


COURSE: dict[str, Any] = {
    "row": "100002", "number": "100002", "title": texts("买房缴契税"), "about": texts("税率"),
    "audience": texts("买房的人"), "when_text": texts("10月20日"), "where_text": texts("中心大厅"),
    "teacher": "顾明远", "seats_text": texts("余 3 座"), "state": "open",
    "courseware": "https://bureau.example/w/buying-a-home",
}  # fmt: skip
READING = {**COURSE, "row": "stamp", "number": "", "where_text": texts(""), "teacher": "", "state": "reading"}
TOPIC = {
    "topic": "soon",
    "title": texts("近期课程"),
    "note": texts("2 场"),
    "as_of": MOMENT,
    "courses": [COURSE, READING],
}
COURSES = {"as_of": MOMENT, "topics": [TOPIC, {**TOPIC, "topic": "vat", "courses": []}]}
CHOICE: dict[str, Any] = {
    "session": "100002", "title": texts("买房缴契税"), "when_text": texts("10月20日"), "where_text": texts("中心大厅"),
    "teacher": "顾明远", "seats_text": texts("余 3 座"), "state": "open", "open": True, "why_not": None,
}  # fmt: skip
CLASH = {**CHOICE, "session": "100003", "open": False, "why_not": texts("时间冲突")}
FACT = {"label": texts("课程"), "value": texts("买房缴契税")}
ENROLLED = {
    "state": "seated", "key": "k-1", "title": texts("报名成功"), "facts": [FACT], "columns": [], "rows": [],
    "total": [FACT], "statements": [], "number": "10000012", "state_text": texts("已有座位"),
    "course_title": texts("买房缴契税"), "when_text": texts("10月20日"), "where_text": texts("中心大厅"),
    "verify_url": f"https://bureau.example/t/{TOKEN}",
}  # fmt: skip
OWN = {
    "token": TOKEN, "number": "10000012", "title": texts("买房缴契税"), "when_text": texts("10月20日"),
    "where_text": texts("中心大厅"), "state": "seated", "place_text": texts(""),
}  # fmt: skip


def at(service: str, *, online: bool = True) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    return visitor


def by_card(service: str, *, online: bool = True) -> tuple[Visitor, Page]:
    visitor = at(service, online=online)
    if online:
        visitor.touch(Action.SECOND, BY_CARD)
    visitor.answer(CARD)
    page = visitor.touch(Action.PROCEED)
    return visitor, page


def test_anybody_reads_what_a_course_is_about_and_scans_its_courseware() -> None:
    visitor = at("school.courses")
    assert visitor.asked == Ask("school.courses")
    page = visitor.answer(COURSES)
    assert isinstance(page, ChoosePage) and [o.title for o in page.options] == ["近期课程", "近期课程"]
    visitor.touch(Action.CHOOSE, "soon")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ListPage) and [row.tags for row in page.rows] == [
        ("可报名", "余 3 座"),
        ("可看课件", "余 3 座"),
    ]
    visitor.touch(Action.CHOOSE, "100002")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert ("场次编号", "100002") in [(row.label, row.value) for s in page.sections for row in s.rows]
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.qr == COURSE["courseware"]


def test_a_topic_without_courses_says_so() -> None:
    visitor = at("school.courses")
    visitor.answer(COURSES)
    visitor.touch(Action.CHOOSE, "vat")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, MessagePage) and "还没有课程" in page.title


def test_a_seat_is_taken_and_its_slip_leads_to_it() -> None:
    visitor, page = by_card("school.enrol")
    assert visitor.asked == Ask("school.choices")
    page = visitor.answer({"rows": [CHOICE, CLASH]})
    assert isinstance(page, ListPage) and [row.reason for row in page.rows] == ["", "时间冲突"]
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("school.enrol", {"session": "100002", "number": None}, queue=False)
    page = visitor.answer(ENROLLED)
    assert isinstance(page, ReviewPage) and page.sheet is not None and page.sheet.title == "报名成功"
    visitor.touch(Action.PROCEED)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage)
    assert (done.qr, done.reference, done.lead) == (ENROLLED["verify_url"], "10000012", "座位：已有座位")


def test_without_the_network_a_card_is_laid_the_number_typed_and_it_is_delivered_later() -> None:
    visitor = at("school.enrol", online=False)
    assert isinstance(visitor.page, IdentifyPage) and visitor.asked == ReadDocument(), "no code can be sent"
    visitor.answer(CARD)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and [row.id for row in page.rows] == ["number"]
    visitor.touch(Action.FILL, "number", "10000")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.errors, "five digits are no session"
    visitor.touch(Action.FILL, "number", "100002")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("school.enrol", {"session": None, "number": "100002"}, queue=True)
    visitor.answer({"queued": True, "key": "k1"})
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage)
    assert (done.reference, done.reference_notes) == ("", ("扫右边的码，手机上也留一份。",)), "no number yet"


def test_back_from_the_card_without_the_network_leaves_and_asks_for_no_phone() -> None:
    visitor = at("school.enrol", online=False)
    page = visitor.touch(Action.BACK)
    assert not isinstance(page, FormPage | IdentifyPage)


def test_a_seat_is_given_back_and_who_has_none_is_told() -> None:
    visitor, _ = by_card("school.cancel")
    assert visitor.asked == Ask("school.mine")
    visitor.answer({"rows": [OWN]})
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("school.cancel", {"token": TOKEN}, queue=False)
    visitor, _ = by_card("school.cancel")
    page = visitor.answer({"rows": []})
    assert isinstance(page, MessagePage) and "没有报名" in page.title


def test_a_course_is_evaluated_by_one_of_five_levels_with_or_without_words() -> None:
    visitor, _ = by_card("school.evaluate")
    assert visitor.asked == Ask("school.attended")
    visitor.answer({"rows": [OWN]})
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage) and len(page.options) == 5
    visitor.touch(Action.CHOOSE, "good")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    visitor.touch(Action.PROCEED)
    wanted = {"enrolment": "10000012", "number": None, "level": "good", "words": None}
    assert visitor.asked == Submit("school.evaluate", wanted, queue=False)
