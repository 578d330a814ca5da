"""What do I want to do: questions one after the other, the service with what to bring, its list on paper or as a code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.navigator import shipped
from kiosk.flow.consult_pages import ConsultPage
from kiosk.flow.effects import Note, PrintSlip
from kiosk.flow.events import Action
from kiosk.flow.pages import DonePage, FarewellPage, Page, PrintPage, ServicesPage
from kiosk.steps.base import Ctx
from kiosk.steps.navigate.sheet import as_text
from tests.kiosk.flow.visitor import Visitor
from tests.shipped import CATALOGUE

DEED = ("declare", "declare-bought", "declare.deed")


def begun(*way: str, online: bool = True, lang: str = "zh-CN", **world: bool) -> Visitor:
    """Somebody who has answered the questions so far."""
    visitor = Visitor().world(online=online, **world)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.LANGUAGE, lang)
    visitor.touch(Action.OPEN, "group:tools")
    visitor.touch(Action.OPEN, "tools.navigator")
    for answer in way:
        visitor.touch(Action.CHOOSE, answer)
    return visitor


def shown(page: Page) -> ConsultPage:
    assert isinstance(page, ConsultPage)
    return page


def answers(page: Page) -> list[str]:
    return [choice.id for group in shown(page).groups for choice in group.choices]


def ways() -> list[tuple[str, ...]]:
    """Every way of answering, from the first question to a service."""
    found, open_ = [], [((), shipped().start)]
    while open_:
        way, at = open_.pop()
        for option in shipped().question(at).options:
            further = (*way, option.leads)
            found.append(further) if option.service else open_.append((further, option.to))
    return found


def test_the_first_question_stands_there_at_once_and_asks_the_centre_nothing() -> None:
    visitor = begun()
    page = shown(visitor.page)
    assert (page.state, page.title, page.note) == ("question", "您想办什么？", "第 1 问，最多 4 问")
    assert not page.action and page.second is None
    assert [one.effect for one in visitor.issued if not isinstance(one.effect, Note)] == []


def test_every_way_ends_in_its_service_with_just_what_that_brings() -> None:
    visitor, ended = begun(), set()
    for way in ways():
        for answer in way:
            visitor.touch(Action.CHOOSE, answer)
        page, service = shown(visitor.page), CATALOGUE[way[-1]].service
        assert (page.state, page.title) == ("checklist", service.title["zh-CN"]), way
        brought = [value for label, value in page.facts if label == "要带"]
        assert brought == ([thing["zh-CN"] for thing in service.brings] or ["不用带东西"])
        ended.add(way[-1])
        for _ in way:
            visitor.touch(Action.BACK)
    assert shown(visitor.page).title == "您想办什么？"
    assert ended == set(CATALOGUE) - {"tools.navigator"}


def test_the_way_back_leads_through_the_questions_and_then_out() -> None:
    visitor = begun(*DEED[:2])
    assert shown(visitor.page).title == "买了什么？"
    assert shown(visitor.touch(Action.BACK)).title == "要报哪一种税？"
    assert shown(visitor.touch(Action.BACK)).title == "您想办什么？"
    assert isinstance(visitor.touch(Action.BACK), ServicesPage)


@pytest.mark.parametrize("value", ["", "nowhere", "declare-bought", "declare.deed", "service"])
def test_what_is_no_answer_leads_nowhere(value: str) -> None:
    visitor = begun()
    before = visitor.page
    assert visitor.touch(Action.CHOOSE, value) == before
    assert visitor.touch(Action.PROCEED) == before
    assert visitor.touch(Action.SECOND, "print") == before


@pytest.mark.parametrize(
    ("way", "who", "how"),
    [
        (DEED, "本人、受托人、监护人", "刷身份证，并对一下脸"),
        (
            ("declare", "declare-firm", "declare.zero"),
            "法定代表人、财务负责人、办税员",
            "刷身份证，并对一下脸",
        ),
        (("pay", "tools.calculate"), "谁都可以", "不用登录"),
        (("talk", "talk-counter", "queue.ticket"), "谁都可以", "手机验证码，或身份证"),
    ],
)
def test_who_may_come_and_how_they_are_recognised_is_told(way: tuple[str, ...], who: str, how: str) -> None:
    facts = dict(shown(begun(*way).page).facts)
    told = facts["谁来办"].split("、")
    assert set(told) <= set(who.split("、")) and told[0] == who.split("、")[0]
    assert facts["怎样核对身份"] == how


def test_the_service_opens_and_nothing_of_the_answers_goes_along() -> None:
    visitor = begun(*DEED)
    visitor.touch(Action.CHOOSE, "service")
    assert visitor.state.service is not None and visitor.state.service.service.id == "declare.deed"
    assert visitor.state.data == {}


def test_without_the_network_a_service_that_needs_it_is_closed_with_its_reason_and_the_list_is_the_same() -> (
    None
):
    visitor = begun("pay", "pay.due", online=False)
    page = shown(visitor.page)
    assert page.facts == shown(begun("pay", "pay.due").page).facts
    (choice,) = page.groups[0].choices
    assert (choice.enabled, choice.reason) == (False, "断网，请稍后再来")
    assert visitor.touch(Action.CHOOSE, "service") == page


def test_the_sheet_has_each_thing_to_bring_and_no_code() -> None:
    visitor = begun(*DEED)
    page = visitor.touch(Action.SECOND, "print")
    assert isinstance(page, PrintPage) and page.illustration == "receiptPrinter"
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    said = json.dumps(slip.blocks, ensure_ascii=False)
    assert "契税申报" in said and "1. 身份证原件" in said and "2. 购房合同" in said and "12366" in said
    assert not [block for block in slip.blocks if block["type"] == "qr"]
    assert shown(visitor.answer({"outcome": "printed"})).confirmed == "已经打印，请取走"


@pytest.mark.parametrize(
    ("outcome", "taken"),
    [
        (({"outcome": "printed"}, ""), ["paper"]),
        (({}, "in-doubt"), ["paper"]),
        (({"outcome": "notPrinted"}, ""), []),
        (({}, "internal"), []),
    ],
)
def test_what_came_of_the_sheet_is_told_and_is_among_the_things_to_take(
    outcome: tuple[dict[str, Any], str], taken: list[str]
) -> None:
    visitor = begun(*DEED)
    visitor.touch(Action.SECOND, "print")
    page = shown(visitor.answer(*outcome))
    assert bool(page.errors) is (outcome[0].get("outcome") != "printed") and page.second is not None
    visitor.touch(Action.BACK)
    visitor.touch(Action.CHOOSE, "declare.vehicle-purchase")
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and [thing.id for thing in done.take] == taken
    farewell = visitor.touch(Action.PROCEED)
    assert isinstance(farewell, FarewellPage) and [thing.id for thing in farewell.take] == taken


def test_who_goes_back_while_it_prints_reads_on_and_gets_no_second_sheet() -> None:
    visitor = begun(*DEED)
    before = visitor.page
    visitor.touch(Action.SECOND, "print")
    assert visitor.touch(Action.BACK) == before
    assert isinstance(visitor.touch(Action.SECOND, "print"), PrintPage)
    assert len([one for one in visitor.issued if isinstance(one.effect, PrintSlip)]) == 1
    done_before = shown(visitor.answer({"outcome": "printed"}))
    assert done_before.confirmed


def test_without_paper_the_code_takes_its_place() -> None:
    visitor = begun(*DEED, receiptPrinter=False)
    page = shown(visitor.page)
    assert page.second is None and "没有回单纸" in page.paragraphs[-1]
    visitor.touch(Action.SECOND, "print")
    assert not [one for one in visitor.issued if isinstance(one.effect, PrintSlip)]
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage) and done.qr.splitlines()[0] == "契税申报"


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_the_code_says_the_list_in_the_language_of_the_visitor_and_fits_a_phone(lang: str) -> None:
    visitor = begun(*DEED, lang=lang)
    done = visitor.touch(Action.PROCEED)
    assert isinstance(done, DonePage)
    service = CATALOGUE["declare.deed"].service
    title, _, *lines = done.qr.splitlines()
    assert title == service.title[lang]
    assert lines[: len(service.brings)] == [
        f"{n}. {thing[lang]}" for n, thing in enumerate(service.brings, 1)
    ]
    assert done.reference_notes == ({"zh-CN": "请用手机扫右边的码，清单就在手机上。", "en-US": "Scan the code: your phone shows the list."}[lang],)  # fmt: skip
    assert len(done.qr.encode()) < 400


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_no_list_is_too_long_for_a_code(lang: str) -> None:
    visitor = begun(lang=lang)
    ctx: Ctx[Any] = Ctx(visitor.state.step, visitor.state, visitor.engine.around, services=CATALOGUE)
    longest = max(len(as_text(ctx, published.service).encode()) for published in CATALOGUE.values())
    assert 100 < longest < 450
