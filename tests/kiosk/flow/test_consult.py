"""The library is asked at the terminal: an answer with its source, an honest word, the right service, a sheet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kiosk.flow.consult_pages import ConsultPage
from kiosk.flow.effects import LookUp, Note, PrintSlip
from kiosk.flow.events import Action, Outcome
from kiosk.flow.pages import DonePage, FarewellPage, FormPage, MessagePage, Page, PrintPage, WorkingPage
from kiosk.flow.state import Phase
from tests.kiosk.flow.visitor import Visitor

WORDS = "我交税晚了会怎么样"
TODAY = "2026-10-12"


def both(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en-US": f"<{text}>"}


def entry(number: str = "7", **more: Any) -> dict[str, Any]:
    source = {
        "title": both("征管法"),
        "number": "主席令第 49 号",
        "issuer": both("全国人大常委会"),
        "unit": "article",
        "at": 32,
        "effective": "2001-05-01",
        "until": "",
    }
    told = {
        "id": number,
        "kind": "answer",
        "title": both(f"滞纳金怎么算？{number}"),
        "text": both("每天万分之五。"),
        "snippet": {"zh-CN": "每天万分之五。"},
        "sources": (source,),
        "since": "2001-05-01",
        "until": "",
        "service": "pay.arrears",
        "more": (both("从哪天算起？"), both("能分开缴吗？")),
    }
    return {**told, **more}


def told(state: str, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"state": state, "entries": entries, "as_of": "2026-10-09", "day": "2026-10-12", **more}


ANSWERED = told("answered", entry(), entry("8", service=None, more=()), read_as=())
UNSURE = told("unsure", entry("9"), why="unknown", where={}, service=None)


def typed(service: str = "consult.ask", *, online: bool = True, **world: bool) -> Visitor:
    """Somebody who has typed their words and gone on."""
    visitor = Visitor().world(online=online, **world)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    visitor.touch(Action.FILL, "words", WORDS)
    visitor.touch(Action.PROCEED)
    return visitor


def shown(page: Page) -> ConsultPage:
    assert isinstance(page, ConsultPage)
    return page


def ways(page: Page) -> dict[str, bool]:
    return {way.id: way.enabled for group in shown(page).groups for way in group.choices}


def test_what_was_typed_is_looked_up_as_it_stands_and_todays_law_is_meant() -> None:
    visitor = typed()
    assert visitor.asked == LookUp(WORDS, "zh-CN", TODAY, TODAY)
    assert isinstance(visitor.page, WorkingPage)


def test_an_answer_stands_with_its_source_its_day_and_the_date_of_the_content() -> None:
    page = shown(typed().answer(ANSWERED))
    assert (page.state, page.title, page.paragraphs) == ("answer", "滞纳金怎么算？7", ("每天万分之五。",))
    assert page.facts == (
        ("出处", "《征管法》第 32 条"),
        ("有效时间", "2001年5月1日 起"),
    )
    assert page.note == "内容存在本机，收录到 2026年10月9日，断网也能查。"
    assert ways(page) == {"service": True, "follow:0": True, "follow:1": True, "8": True}


def test_it_is_the_same_without_the_network_but_for_the_service_that_needs_it() -> None:
    visitor = typed(online=False)
    page = visitor.answer(ANSWERED)
    assert shown(page).paragraphs == ("每天万分之五。",)
    assert ways(page)["service"] is False
    visitor.touch(Action.CHOOSE, "service")
    assert shown(visitor.page).state == "answer"


def test_a_follow_up_is_asked_and_the_way_back_leads_to_what_was_read() -> None:
    visitor = typed()
    before = visitor.answer(ANSWERED)
    visitor.touch(Action.CHOOSE, "follow:1")
    assert visitor.asked == LookUp("能分开缴吗？", "zh-CN", TODAY, TODAY)
    assert isinstance(visitor.page, WorkingPage)
    assert shown(visitor.answer(told("answered", entry("20"), read_as=()))).title == "滞纳金怎么算？20"
    assert visitor.touch(Action.BACK) == before
    form = visitor.touch(Action.BACK)
    assert isinstance(form, FormPage) and form.rows[0].value == WORDS


@pytest.mark.parametrize("value", ["follow:2", "follow:-1", "follow:x", "follow:", "99", ""])
def test_what_is_not_there_leads_nowhere(value: str) -> None:
    visitor = typed()
    before = visitor.answer(ANSWERED)
    assert visitor.touch(Action.CHOOSE, value) == before


def test_another_of_the_best_is_opened_and_left_again() -> None:
    visitor = typed()
    before = visitor.answer(ANSWERED)
    page = visitor.touch(Action.CHOOSE, "8")
    assert shown(page).title == "滞纳金怎么算？8" and ways(page) == {"7": True}
    assert visitor.touch(Action.BACK) == before


def test_the_service_opens_and_nothing_of_the_question_goes_along() -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    visitor.touch(Action.CHOOSE, "service")
    assert visitor.state.service is not None and visitor.state.service.service.id == "pay.arrears"
    assert visitor.state.data == {} and WORDS not in repr(visitor.state)


def test_who_is_not_answered_is_told_so_with_what_is_near_and_where_people_are() -> None:
    page = shown(typed().answer(UNSURE))
    assert (page.state, page.title) == ("unsure", "这个我不知道")
    assert [value for _, value in page.facts] == ["点屏幕上的“找人帮忙”", "本厅 3 号窗口", "12366"]
    assert [group.title for group in page.groups] == ["问一位税务人员", "最接近的是这些，不一定是您要的"]
    assert ways(page) == {"consult.person": True, "9": True}
    assert page.second is None  # an unsure word is not printed as an answer


def test_who_is_not_answered_is_led_to_an_officer_with_nothing_of_the_question() -> None:
    visitor = typed()
    visitor.answer(UNSURE)
    visitor.touch(Action.CHOOSE, "consult.person")
    assert visitor.state.service is not None and visitor.state.service.service.id == "consult.person"
    assert WORDS not in repr(visitor.state)


def test_what_is_near_is_read_and_the_way_back_leads_to_the_honest_word() -> None:
    visitor = typed()
    before = visitor.answer(UNSURE)
    page = shown(visitor.touch(Action.CHOOSE, "9"))
    assert page.state == "answer" and page.second is not None
    assert visitor.touch(Action.BACK) == before


def test_ones_own_data_leads_to_the_service_that_shows_them() -> None:
    visitor = typed()
    page = visitor.answer(told("unsure", why="own-data", where={}, service="refund.track"))
    assert shown(page).title == "这要查您自己的数据" and ways(page) == {
        "service": True,
        "consult.person": True,
    }
    visitor.touch(Action.CHOOSE, "service")
    assert visitor.state.service is not None and visitor.state.service.service.id == "refund.track"


@pytest.mark.parametrize("why", ["unknown", "own-data", "evasion", "prediction", "elsewhere"])
@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_each_limit_has_its_words_and_who_answers_is_named(why: str, lang: str) -> None:
    visitor = typed()
    visitor.touch(Action.LANGUAGE, lang)
    page = shown(visitor.answer(told("unsure", why=why, where=both("问海关。"), service=None)))
    assert page.title and page.paragraphs[-1] == both("问海关。")[lang]


def test_a_search_lists_what_was_found_for_the_day_that_was_asked_for() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "library.search")
    visitor.touch(Action.FILL, "words", "契税")
    visitor.touch(Action.EDIT, "day")
    for part in ("2024", "2024-06", "2024-06-28"):
        visitor.touch(Action.CHOOSE, part)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == LookUp("契税", "zh-CN", "2024-06-28", TODAY, search=True)
    found = {**told("found", entry(), entry("8", kind="law", until="2025-01-01"), read_as=("契税",))}
    page = shown(visitor.answer({**found, "day": "2024-06-28"}))
    assert (page.state, page.title) == ("found", "找到 2 条")
    assert "2024年6月28日" in page.lead and page.paragraphs == ("您输入的字母，是按“契税”找的。",)
    (rows,) = page.groups
    assert rows.choices[1].tags == ("法律", "2001年5月1日 至 2025年1月1日")
    assert rows.choices[0].note == "每天万分之五。\n《征管法》第 32 条"
    opened = shown(visitor.touch(Action.CHOOSE, "8"))
    assert opened.state == "answer" and opened.second is not None
    visitor.touch(Action.SECOND, "print")
    slip = visitor.asked
    assert isinstance(slip, PrintSlip) and slip.blocks[1]["text"] == "法规查询单"
    visitor.answer({"outcome": "printed"})
    assert visitor.touch(Action.BACK) == page


def test_a_search_that_finds_nothing_says_what_to_try() -> None:
    page = shown(typed("library.search").answer(told("none", read_as=())))
    assert (page.state, page.title, page.groups) == ("unsure", "没有找到", ())


def test_the_sheet_has_the_librarys_words_and_none_of_the_persons() -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    page = visitor.touch(Action.SECOND, "print")
    assert isinstance(page, PrintPage) and page.illustration == "receiptPrinter"
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    said = json.dumps(slip.blocks, ensure_ascii=False)
    for words in (
        "滞纳金怎么算？7",
        "每天万分之五。",
        "《征管法》第 32 条",
        "主席令第 49 号",
        "2001年5月1日",
        "12366",
    ):
        assert words in said
    assert "2026年10月9日" in said and WORDS not in said
    assert not [block for block in slip.blocks if block["type"] == "qr"]
    page = visitor.answer({"outcome": "printed"})
    assert shown(page).confirmed == "已经打印，请取走" and shown(page).errors == ()


@pytest.mark.parametrize(
    "outcome", [({"outcome": "notPrinted"}, ""), ({}, "in-doubt"), ({"outcome": "uncertain"}, "")]
)
def test_a_sheet_that_did_not_come_is_told_and_may_be_printed_again(
    outcome: tuple[dict[str, Any], str],
) -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    visitor.touch(Action.SECOND, "print")
    page = shown(visitor.answer(*outcome))
    assert page.errors and not page.confirmed and page.second is not None


@pytest.mark.parametrize(
    ("outcome", "taken"),
    [
        (({"outcome": "printed"}, ""), ["paper"]),
        (({"outcome": "uncertain"}, ""), ["paper"]),
        (({}, "in-doubt"), ["paper"]),
        (({"outcome": "notPrinted"}, ""), []),
        (({}, "internal"), []),
    ],
)
def test_a_sheet_that_came_out_is_among_the_things_to_take_whatever_was_read_since(
    outcome: tuple[dict[str, Any], str], taken: list[str]
) -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    visitor.touch(Action.CHOOSE, "follow:0")
    visitor.answer(told("answered", entry("8"), read_as=()))
    visitor.touch(Action.SECOND, "print")
    visitor.answer(*outcome)
    visitor.touch(Action.BACK)
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and [thing.id for thing in done.take] == taken
    farewell = visitor.touch(Action.PROCEED)
    assert isinstance(farewell, FarewellPage) and [thing.id for thing in farewell.take] == taken
    assert farewell.title == ("请带走您的东西" if taken else "谢谢，再见")


def test_without_paper_there_is_no_key_for_it_and_the_page_says_why() -> None:
    visitor = typed(receiptPrinter=False)
    page = shown(visitor.answer(ANSWERED))
    assert page.second is None and "没有回单纸" in page.paragraphs[-1]
    visitor.touch(Action.SECOND, "print")
    assert not [one for one in visitor.issued if isinstance(one.effect, PrintSlip)]


def test_who_goes_back_while_it_prints_reads_on() -> None:
    visitor = typed()
    before = visitor.answer(ANSWERED)
    visitor.touch(Action.SECOND, "print")
    assert visitor.touch(Action.BACK) == before


def test_a_library_that_cannot_be_asked_is_a_problem_of_ours_and_can_be_tried_again() -> None:
    visitor = typed()
    page = visitor.answer({}, "internal")
    assert isinstance(page, MessagePage) and page.tone == "problem"
    visitor.touch(Action.PROCEED)
    assert visitor.asked == LookUp(WORDS, "zh-CN", TODAY, TODAY)


def test_the_language_may_change_while_one_reads() -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    visitor.touch(Action.LANGUAGE, "en-US")
    page = shown(visitor.page)
    assert page.title == "<滞纳金怎么算？7>" and page.facts[0][1] == "<征管法>, article 32"


def test_what_was_asked_is_in_no_note_and_gone_with_the_visit() -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage)
    assert visitor.state.data["answer"] == {"state": "answered", "delivered": False}
    assert done.take == ()
    notes = [one.effect for one in visitor.issued if isinstance(one.effect, Note)]
    assert notes and WORDS not in repr(notes) and WORDS not in repr(visitor.issued)
    visitor.touch(Action.EXPIRE)
    assert visitor.state.phase in (Phase.ATTRACT, Phase.FAREWELL) and WORDS not in repr(visitor.state)


def answered(visitor: Visitor, kind: type[LookUp | PrintSlip], data: dict[str, Any]) -> Page:
    """The world answers the last effect of that kind, whatever was asked since."""
    last = [one for one in visitor.issued if isinstance(one.effect, kind)][-1]
    visitor._step(Outcome(last.id, data, "", False))
    return visitor.page


def test_a_sheet_that_comes_while_something_else_is_looked_up_is_no_answer_to_it() -> None:
    visitor = typed()
    visitor.answer(ANSWERED)
    visitor.touch(Action.SECOND, "print")
    visitor.touch(Action.BACK)
    assert isinstance(visitor.touch(Action.CHOOSE, "follow:0"), WorkingPage)
    assert isinstance(answered(visitor, PrintSlip, {"outcome": "printed"}), WorkingPage)
    page = shown(answered(visitor, LookUp, told("answered", entry("8"), read_as=())))
    assert page.title == "滞纳金怎么算？8"
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and [thing.id for thing in done.take] == ["paper"]


def test_an_answer_that_comes_when_nobody_waits_for_it_says_nothing_of_a_sheet() -> None:
    visitor = typed()
    before = visitor.answer(ANSWERED)
    visitor.touch(Action.CHOOSE, "follow:0")
    assert visitor.touch(Action.BACK) == before
    assert answered(visitor, LookUp, told("answered", entry("8"), read_as=())) == before
