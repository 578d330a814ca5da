"""The departure refund at the terminal: the passport, its language, invoices one by one, their removal, no network."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest

from bureau.city.travellers import TRAVELLERS
from drivers.protocols.mrz import parse
from kiosk.flow.effects import Ask, ReadCode, ReadPassport, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, FormPage, IdentifyPage, MessagePage, Page, ReviewPage, ScanPage
from tests.kiosk.flow.visitor import Visitor

SERVICE = "tools.departure-refund"
ZONE = {
    "layout": "td3",
    "code": "P",
    "issuer": "SWE",
    "number": "X48213027",
    "familyName": "LINDQVALE",
    "givenNames": "MAJA",
    "nationality": "SWE",
    "sex": "F",
    "birth": "1991-08-23",
    "expiry": "2032-06-15",
    "corrected": 0,
}
STRANGER = {"known": False, "roles": [], "notices": []}
FIRST, SECOND = (f"2699500000000000000{n}" for n in (1, 2))
TRIP = {"arrived_on": "2026-09-28", "leaves_on": "2026-10-20"}


def code(number: str, total: str = "1180.00", kind: str = "32") -> dict[str, Any]:
    text = f"01,{kind},,{number},{total},20261008,,A1B2"
    return {"symbology": "qr", "data": base64.b64encode(text.encode()).decode()}


def line(number: str, eligible: bool = True, **changed: Any) -> dict[str, Any]:
    why = None if eligible else {"zh-CN": "不满 200 元", "en-US": "Below 200 yuan"}
    amount = 118_000 if eligible else 8_900
    return {
        "number": number, "issued": "2026-10-08", "amount_fen": amount, "shop": "云川翠屏丝绸有限公司",
        "eligible": eligible, "refund_fen": 12_980 if eligible else 0, "why_not": why, **changed,
    }  # fmt: skip


def assessed(*lines: dict[str, Any]) -> dict[str, Any]:
    refund = sum(one["refund_fen"] for one in lines)
    return {
        "lines": list(lines), "count": 1, "total_fen": 118_000, "refund_fen": refund, "fee_fen": 2_360,
        "paid_fen": refund - 2_360, "way": {"zh-CN": "现金或转账", "en-US": "Cash or transfer"},
        "as_of": "2026-10-12T01:00:00Z",
    }  # fmt: skip


def at_the_reader(lang: str = "zh-CN", **world: bool) -> Visitor:
    visitor = Visitor().world(**{"mrzReader": True, **world})
    visitor.touch(Action.LANGUAGE, lang)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    assert visitor.asked == ReadPassport()
    return visitor


def dated(visitor: Visitor, row: str, day: str) -> None:
    """Year, month and day, one touch each."""
    visitor.touch(Action.EDIT, row)
    for part in (day[:4], day[:7], day):
        visitor.touch(Action.CHOOSE, part)


def to_the_invoices(visitor: Visitor) -> Page:
    assert isinstance(visitor.page, FormPage), visitor.page
    for row, day in TRIP.items():
        dated(visitor, row, day)
    visitor.touch(Action.EDIT, "port")
    visitor.touch(Action.CHOOSE, "airport")
    return visitor.touch(Action.PROCEED)


def signed_in(**world: bool) -> Visitor:
    visitor = at_the_reader("en-US", **world)
    visitor.answer(ZONE)
    if world.get("online", True):
        visitor.answer(STRANGER)
    else:
        visitor.answer(fault="unreachable")
    to_the_invoices(visitor)
    assert visitor.asked == ReadCode()
    return visitor


def test_a_foreign_passport_is_offered_english_at_once_and_the_screen_speaks_it_from_then_on() -> None:
    visitor = at_the_reader()
    page = visitor.answer(ZONE)
    assert isinstance(page, ChoosePage)
    assert [one.title for one in page.options] == ["English", "中文"] and page.selected == ("zh-CN",)
    visitor.touch(Action.CHOOSE, "en-US")
    assert visitor.asked == Ask("person.profile")
    page = visitor.answer(STRANGER)
    assert page.title == "When did you come, when do you leave?" and visitor.state.lang == "en-US"
    assert visitor.state.person is not None
    assert visitor.state.person.claim == {
        "kind": "passport", "number": "X48213027", "name": "LINDQVALE MAJA", "nationality": "SWE",
        "evidence": "document",
    }  # fmt: skip


def test_who_chose_english_before_or_stays_with_chinese_is_asked_nothing_more() -> None:
    visitor = at_the_reader("en-US")
    visitor.answer(ZONE)
    assert visitor.asked == Ask("person.profile")
    visitor = at_the_reader()
    visitor.answer({**ZONE, "nationality": "CHN"})
    assert visitor.asked == Ask("person.profile"), "at home nobody is offered another language"
    visitor = at_the_reader()
    visitor.answer(ZONE)
    visitor.touch(Action.CHOOSE, "fr-FR")
    assert isinstance(visitor.page, ChoosePage)
    visitor.touch(Action.CHOOSE, "zh-CN")
    assert visitor.answer(STRANGER).title == "您哪天来，哪天走？"


@pytest.mark.parametrize(
    ("read", "fault", "state", "words"),
    [
        ({}, "noMedia", "again", "No passport seen yet; please swipe it through the reader"),
        ({}, "invalidData", "again", "Only a part was read; please swipe it again, slowly"),
        ({}, "device", "failed", "The passport reader does not answer; try again, or ask the staff"),
        ({**ZONE, "expiry": "2026-10-11"}, "", "failed", "This passport has expired; please use a valid one"),
        ({**ZONE, "layout": "td1", "code": "I"}, "", "failed", "This is no passport; swipe the page of your passport with the photo"),
    ],
)  # fmt: skip
def test_what_is_no_passport_is_told_and_can_be_swiped_again(
    read: dict[str, Any], fault: str, state: str, words: str
) -> None:
    visitor = at_the_reader("en-US")
    page = visitor.answer(read, fault=fault)
    assert isinstance(page, IdentifyPage) and (page.state, page.message) == (state, words)
    assert page.illustration == "mrzReader"
    if state == "failed":
        visitor.touch(Action.PROCEED)
    assert visitor.asked == ReadPassport()


def test_each_invoice_is_judged_with_those_before_it_and_what_does_not_count_says_why() -> None:
    visitor = signed_in()
    visitor.answer(code(FIRST))
    first = {"number": FIRST, "issued": "2026-10-08", "amount_fen": 118_000}
    assert visitor.asked == Ask("departure.assess", {**TRIP, "invoices": [first]})
    page = visitor.answer(assessed(line(FIRST)))
    assert isinstance(page, ListPage) and page.rows[0].amount == "129.80" and page.action_enabled
    page = visitor.touch(Action.SECOND, "more")
    assert isinstance(page, ScanPage) and page.title == "Scan invoice no. 2"
    page = visitor.answer(code(FIRST))
    assert isinstance(page, ScanPage) and page.message == "This one is on the list already; scan another"
    visitor.answer(code(SECOND, "89.00"))
    page = visitor.answer(assessed(line(FIRST), line(SECOND, eligible=False)))
    assert isinstance(page, ListPage)
    assert page.rows[1].lines[-1] == ("Why not", "Below 200 yuan") and page.rows[1].tags == ("No refund",)
    assert page.facts[-1] == ("Paid out", "106.20")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Submit) and asked.kind == "departure.apply" and not asked.queue
    assert asked.data == {**TRIP, "port": "airport", "invoices": [first]}


def test_what_is_removed_is_judged_no_more_and_the_last_one_leads_back_to_the_reader() -> None:
    visitor = signed_in()
    visitor.answer(code(FIRST))
    visitor.answer(assessed(line(FIRST)))
    page = visitor.touch(Action.CHOOSE, FIRST)
    assert isinstance(page, ListPage) and page.selected == (FIRST,) and page.quiet[0].id == "remove"
    page = visitor.touch(Action.SECOND, "remove")
    assert isinstance(page, ScanPage) and visitor.asked == ReadCode() and page.others == ()


def test_where_nothing_counts_there_is_no_way_on_and_the_way_back_keeps_what_was_read() -> None:
    visitor = signed_in()
    visitor.answer(code(SECOND, "89.00"))
    page = visitor.answer(assessed(line(SECOND, eligible=False)))
    assert isinstance(page, ListPage) and not page.action_enabled
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, ListPage)
    assert isinstance(visitor.touch(Action.BACK), FormPage)
    visitor.touch(Action.PROCEED)
    held = {"number": SECOND, "issued": "2026-10-08", "amount_fen": 8_900}
    assert visitor.asked == Ask("departure.assess", {**TRIP, "invoices": [held]})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("01,04,099002600111,00274801,104.72,20261001,12345678901234567890,1774,", "This is a paper invoice"),
        ("https://example.org", "This is not the code of an invoice"),
    ],
)
def test_another_code_is_told_and_the_reader_waits_again(data: str, words: str) -> None:
    visitor = signed_in()
    page = visitor.answer({"symbology": "qr", "data": base64.b64encode(data.encode()).decode()})
    assert isinstance(page, ScanPage) and page.state == "again" and page.message.startswith(words)
    assert visitor.asked == ReadCode()


def test_without_the_network_all_are_listed_as_they_were_read_and_the_application_waits() -> None:
    visitor = signed_in(online=False)
    page = visitor.answer(code(FIRST))
    assert isinstance(page, ListPage) and page.rows[0].title == FIRST and page.rows[0].amount == ""
    assert page.facts == (("Invoices scanned", "1"),)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    assert [row.note for row in page.sections[0].rows][2:] == ["Looked up later"] * 3
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Submit) and asked.queue


def test_a_network_that_goes_while_an_invoice_is_judged_lets_it_go_on_without_it() -> None:
    visitor = signed_in()
    visitor.answer(code(FIRST))
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, ListPage) and page.action_enabled and visitor.state.offline


def test_a_no_of_the_centre_is_told() -> None:
    visitor = signed_in()
    visitor.answer(code(FIRST))
    no = {
        "code": "departureGone",
        "text": {"en-US": "over"},
        "next_step": {"en-US": "anew"},
        "deadline": None,
    }
    page = visitor.answer({"refusal": no})
    assert isinstance(page, MessagePage) and page.body[0] == "over"


@pytest.mark.parametrize("traveller", TRAVELLERS, ids=lambda one: one.id)
def test_the_passports_of_the_citys_travellers_are_read_whole(traveller: Any) -> None:

    zone = parse(traveller.zone(date(2026, 10, 12)), date(2026, 10, 12))
    assert (zone.number, zone.nationality, zone.birth) == (
        traveller.passport,
        traveller.nationality,
        traveller.birth,
    )
    assert f"{zone.family_name} {zone.given_names}" == traveller.name and zone.corrected == 0
