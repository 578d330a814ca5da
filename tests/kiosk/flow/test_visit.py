from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow.effects import Ask, CheckStaff, Dispense, Note, ReadDocument, Submit, Wipe
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import CapturePage, ChoosePage, DispensePage, FormPage, IdentifyPage, MessagePage
from kiosk.flow.state import Phase, WorldChanged
from tests.depth import examples
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, UNITS, Visitor
from tests.shipped import CATALOGUE

KIND = {
    "kind": "vat-ordinary",
    "kind_name": {"zh-CN": "增值税普通发票", "en-US": "Ordinary VAT invoice"},
    "code": UNITS[0]["code"],
    "unit": "unit1",
    "allowed": 5,
    "binding": "perTime",
    "binding_text": {"zh-CN": "每次最多 5 份", "en-US": "5 at a time"},
    "collected_this_month": 0,
    "monthly_max": 25,
    "per_time_max": 5,
    "unused_held": 3,
    "hold_max": 50,
    "face_limit_fen": 1_000_000,
}
RESERVED = {
    "state": "accepted",
    "key": "k",
    "reservation": "R1",
    "code": KIND["code"],
    "first": "00004801",
    "last": "00004805",
    "count": 5,
    "expires_at": "2026-10-12T09:50:00+08:00",
}


def test_an_old_serial_is_a_double_press_and_changes_nothing() -> None:
    visitor = Visitor().world()
    old = visitor.state.serial
    visitor.touch(Action.BEGIN)
    before = visitor.state
    visitor.state, issued = visitor.engine.step(before, Intent(Action.OPEN, "pay.due", serial=old))
    assert (visitor.state, issued) == (before, ())


def test_an_expired_card_is_told_with_the_way_out_and_can_be_tried_again() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    page = visitor.answer({**CARD, "validTo": "2020-01-01"})
    assert isinstance(page, IdentifyPage)
    assert page.state == "failed"
    assert "有效期" in page.message
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, ReadDocument)


def test_while_the_reader_is_away_the_page_says_so_and_nobody_need_press() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    page = visitor.answer({"state": "away"}, partial=True)
    assert isinstance(page, IdentifyPage)
    assert (page.state, page.message, page.action) == ("away", "读卡器还没准备好，请稍等", "")
    page = visitor.answer({"state": "back"}, partial=True)
    assert isinstance(page, IdentifyPage)
    assert (page.state, page.message) == ("again", "请把证件拿起来，再放一次")
    page = visitor.answer({"state": "reading"}, partial=True)
    assert isinstance(page, IdentifyPage)
    assert page.state == "reading"


@pytest.mark.parametrize("fault", ["noMedia", "invalidData", "securityFail", "samSelfTestFailed", "device"])
def test_every_fault_of_the_reader_has_words_in_both_languages(fault: str) -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    page = visitor.answer(fault=fault)
    assert isinstance(page, IdentifyPage)
    chinese = page.message
    visitor.touch(Action.LANGUAGE, "en-US")
    english = visitor.page
    assert isinstance(english, IdentifyPage)
    assert chinese


def test_the_face_is_never_the_only_way() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    page = visitor.answer(CARD)
    assert isinstance(page, CapturePage)
    assert [c.id for c in page.others] == ["staff"]
    page = visitor.touch(Action.SECOND, "staff")
    assert isinstance(page, FormPage)
    visitor.touch(Action.FILL, "pin", "123456")
    page = visitor.page
    assert isinstance(page, FormPage)
    assert page.rows[0].value == "●●●●●●"
    visitor.touch(Action.PROCEED)
    assert visitor.asked == CheckStaff("123456")
    visitor.answer({"passed": True, "staff": "张"})
    assert visitor.state.person is not None
    assert visitor.state.person.claim["evidence"] == "document+staff"


def test_a_second_service_of_the_visit_asks_for_no_second_sign_in() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.collect")
    visitor.touch(Action.BACK)
    assert visitor.page.kind == "home"
    page = visitor.touch(Action.OPEN, "declare.vat-small")
    assert isinstance(page, ChoosePage)


@pytest.mark.parametrize("service", ["invoice.collect", "certificate.iit-record"])
def test_what_carries_value_away_wants_the_face_again_in_a_visit_already_signed_in(service: str) -> None:
    visitor = Visitor().world()
    visitor.sign_in("declare.vat-small")
    visitor.touch(Action.BACK)
    page = visitor.touch(Action.OPEN, service)
    assert isinstance(page, IdentifyPage)


def test_a_profile_the_centre_could_not_give_is_asked_for_again_and_no_number_is_claimed_on_line() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "pay.due")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="busy")
    visitor.touch(Action.PROCEED)
    assert visitor.page.kind == "home"
    visitor.touch(Action.OPEN, "pay.due")
    assert visitor.asked == Ask("person.profile")
    page = visitor.answer(PROFILE)
    assert isinstance(page, ChoosePage)


def test_the_end_of_a_visit_wipes_and_forgets() -> None:
    visitor = Visitor().world()
    visitor.sign_in("declare.vat-small")
    visit = visitor.state.visit
    visitor.touch(Action.EXPIRE)
    assert any(i.effect == Wipe(visit) for i in visitor.issued)
    assert visitor.state.phase is Phase.FAREWELL
    assert visitor.state.person is None
    assert "李秀兰" not in repr(visitor.state)


def test_the_answer_to_a_question_nobody_asks_any_more_is_dropped() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    late = visitor.issued[-1].id
    visitor.touch(Action.LEAVE)
    before = visitor.state
    visitor.state, _ = visitor.engine.step(before, Outcome(late, CARD))
    assert visitor.state == before


def at_the_dispenser() -> Visitor:
    visitor = Visitor().world()
    visitor.sign_in("invoice.collect")
    visitor.touch(Action.PROCEED)
    visitor.answer({"kinds": [KIND], "blocked": None})
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.COUNT, "99")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    visitor.answer(RESERVED)
    return visitor


def test_a_role_that_may_not_is_told_which_may() -> None:
    agent = {"taxpayer": "91530102MA6K1234X7", "name": "新篁印务", "role": "A", "state": "normal"}
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "invoice.collect")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    page = visitor.answer({**PROFILE, "roles": [agent]})
    assert isinstance(page, ChoosePage) and not page.options[0].enabled
    assert page.options[0].reason == "您的身份不能办，请由法定代表人、财务负责人、办税员、购票员来办"


@pytest.mark.parametrize(
    ("taxpayer", "tag"), [("91530102MA6K1234X7", "法定代表人"), ("92530102MA6K1234X9", "经营者")]
)
def test_the_head_of_a_household_is_its_operator(taxpayer: str, tag: str) -> None:
    head = {"taxpayer": taxpayer, "name": "新篁印务", "role": "L", "state": "normal"}
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "invoice.collect")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    page = visitor.answer({**PROFILE, "roles": [head, {**head, "role": "T"}]})
    assert isinstance(page, ChoosePage) and page.options[0].tags == (tag,)


def test_the_count_never_exceeds_what_is_allowed_and_the_next_number_is_the_cabinets() -> None:
    visitor = at_the_dispenser()
    assert visitor.state.data["count"]["count"] == 5
    assert visitor.state.data["kind"]["next_number"] == "00004801"
    assert visitor.asked == Dispense("R1", str(KIND["code"]), "00004801", "00004805", "unit1")


def test_while_sheets_move_there_is_no_way_back_and_no_way_out() -> None:
    visitor = at_the_dispenser()
    for action in (Action.BACK, Action.LEAVE, Action.EXPIRE):
        visitor.touch(action)
        assert isinstance(visitor.page, DispensePage)
    assert visitor.screen.idle_after_s == 0


def test_a_jam_after_two_tells_what_came_and_goes_on_to_the_slip() -> None:
    visitor = at_the_dispenser()
    item = {"number": "00004801", "position": "tray"}
    page = visitor.answer(item, partial=True)
    assert isinstance(page, DispensePage)
    assert [s.state for s in page.sheets] == ["done", "reading", "waiting", "waiting", "waiting"]
    result = {"delivered": 2, "missing": 3, "cause": "mediaJammed", "ranges_text": "…", "movement": "M1"}
    page = visitor.answer(result)
    assert isinstance(page, DispensePage)
    assert page.state == "problem"
    visitor.touch(Action.PROCEED)
    assert visitor.state.step.id == "slip"


def test_nothing_delivered_is_a_message_and_no_slip() -> None:
    visitor = at_the_dispenser()
    page = visitor.answer({"delivered": 0, "missing": 5, "cause": "mediaJammed"})
    assert isinstance(page, MessagePage)


@pytest.mark.parametrize(
    ("deadline", "label"),
    [("2026-10-26", "请在此日期前"), ("2026-10-12", "请在此日期前"), ("2026-07-15", "期限（已过）")],
)
def test_a_day_that_is_over_is_not_asked_to_be_kept(deadline: str, label: str) -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.collect")
    visitor.touch(Action.PROCEED)
    refusal = {"code": "unfiledPeriod", "text": {"zh-CN": "还没有申报"}, "deadline": deadline}
    page = visitor.answer({"kinds": [], "blocked": refusal})
    assert isinstance(page, MessagePage)
    assert [fact[0] for fact in page.facts] == [label]


def test_blocked_by_the_centre_is_a_page_with_the_reason() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.collect")
    visitor.touch(Action.PROCEED)
    refusal = {
        "code": "unfiled",
        "text": {"zh-CN": "有未申报的所属期", "en-US": "Unfiled"},
        "deadline": "2026-10-26",
    }
    page = visitor.answer({"kinds": [], "blocked": refusal})
    assert isinstance(page, MessagePage)
    assert "2026年10月26日" in str(page.facts)


ACTIONS = st.builds(
    Intent,
    st.sampled_from(list(Action)),
    st.one_of(
        st.sampled_from([*CATALOGUE, "0", "5", "staff", "later", "en-US", "elder"]), st.text(max_size=4)
    ),
    st.text(max_size=6),
)
OUTCOMES: list[dict[str, Any]] = [CARD, PASSED, {"known": True, "roles": [], "notices": []}, RESERVED]


ENGINE = Visitor().engine


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.one_of(ACTIONS, st.sampled_from(["noMedia", "unreachable", "internal"])), max_size=15))
def test_no_touch_in_any_order_breaks_the_flow_or_leaves_a_page_undrawn(events: list[Any]) -> None:
    visitor = Visitor(engine=ENGINE).world()
    for event in events:
        if isinstance(event, str):
            waiting = sorted(visitor.state.waiting)
            if waiting:
                visitor.state, issued = visitor.engine.step(visitor.state, Outcome(waiting[-1], {}, event))
                visitor.issued += issued
        else:
            visitor.state, issued = visitor.engine.step(visitor.state, event)
            visitor.issued += issued
        visitor.engine.screen(visitor.state)
    assert not any(isinstance(i.effect, Note) and "李秀兰" in repr(i.effect) for i in visitor.issued)


# --- the card is taken away, the time runs --------------------------------------------------------------------


def card(visitor: Visitor, lies: bool | None) -> bool:
    """What the screen asks after the reader says that a card lies there, or not."""
    visitor._step(WorldChanged(replace(visitor.state.world, card=lies)))
    return visitor.screen.card_taken


def test_who_takes_the_card_away_before_anything_is_final_is_asked_whether_they_go_on() -> None:
    visitor = Visitor().world()
    assert not card(visitor, True)
    visitor.sign_in("declare.vat-small")
    assert not card(visitor, True)
    assert card(visitor, False)
    assert card(visitor, None) is False, "a reader that cannot tell asks nobody"
    assert not card(visitor, True)
    assert card(visitor, False)


def test_nobody_is_asked_for_a_card_that_nobody_signed_in_with_or_once_it_is_final() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    card(visitor, True)
    assert not card(visitor, False)
    visitor = at_the_dispenser()
    card(visitor, True)
    assert not card(visitor, False), "paper moves: there is no way back any more"


def test_the_time_without_a_touch_follows_what_is_on_the_screen() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    assert (visitor.screen.idle_after_s, visitor.screen.idle_warning_s) == (60, 30)
    visitor.sign_in("declare.vat-small")
    assert visitor.screen.idle_after_s == 120
    visitor.touch(Action.MODE, "elder")
    assert (visitor.screen.idle_after_s, visitor.screen.idle_warning_s) == (180, 45)


def test_two_units_of_one_kind_are_one_row_and_the_one_that_can_give_gives() -> None:
    visitor = Visitor().world()
    visitor.sign_in("invoice.collect")
    visitor.touch(Action.PROCEED)
    both = (*UNITS, {**UNITS[0], "unit": "unit2"})
    visitor._step(WorldChanged(replace(visitor.state.world, units=both)))
    told = {**KIND, "binding_text": {"zh-CN": "核对后再领"}}
    page = visitor.answer({"kinds": [{**told, "allowed": 0}, {**told, "unit": "unit2", "allowed": 5}]})
    assert isinstance(page, ChoosePage)
    assert [(option.enabled, option.tags) for option in page.options] == [(True, ("可领 5 份",))]
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage)
    assert (page.count, page.count_max) == (1, 5)
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit)
    assert visitor.asked.data["unit"] == "unit2"


def test_the_person_is_told_to_take_what_lies_in_the_tray_not_what_was_fed() -> None:
    visitor = at_the_dispenser()
    visitor.answer({"number": "1"}, partial=True)
    visitor.answer({"number": "2", "fault": "numberMismatch"}, partial=True)
    page = visitor.answer({"state": "take"}, partial=True)
    assert isinstance(page, DispensePage)
    assert "1 张" in page.lead
