"""Complaints and tip-offs: taken in, decided within their terms by the right officers, followed by who made them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bureau.engine.feedback import officers
from bureau.engine.feedback.officers import Office, Officer, officer_of
from bureau.engine.feedback.rules import FeedbackRules, Term, rules
from bureau.engine.feedback.words import parts
from bureau.errors import FeedbackRefused
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.ids import uuid7
from kiosk.domain.tax.limits import WorkingCalendar
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.phones import prove
from tests.bureau.queueing import code_of
from tests.bureau.terminals import CAST, Terminal, subject

COMPLAINT = {
    "kind": "manner", "about": "officer", "place": "一号办税厅", "officer": "钱窗口", "day": "2026-10-10",
    "facts": "问材料时不耐烦", "more": None, "wish": "请一次说清楚", "name": "唐悦", "mobile": "13912340007",
}  # fmt: skip
TIP_OFF = {
    "conduct": "hidden-income", "target": "翠湖小吃店", "taxpayer": None, "address": "翠湖路",
    "facts": "只收现金，从不开票", "more": None, "naming": "anonymous", "name": None, "id_number": None, "mobile": None,
}  # fmt: skip
NAMED = {
    **TIP_OFF, "naming": "named", "name": "唐悦", "id_number": CAST["tang-yue"].number, "mobile": "13912340007",
}  # fmt: skip
ZHAO, SUN = Officer("赵服务", frozenset({"complaint"})), Officer("孙服务", frozenset({"complaint"}))
QIAN, LI = Officer("钱检举", frozenset({"report"})), Officer("李检举", frozenset({"report"}))


@contextmanager
def office(centre: Centre) -> Iterator[Office]:
    with centre.system.write() as work:
        yield Office(work.core, stores.published()[1], SealingVault(centre.container.keys.sealing))


def complain(terminal: Terminal, **changed: Any) -> dict[str, Any]:
    answer = terminal.do("feedback.complain", {**COMPLAINT, **changed})
    assert answer.refusal is None, answer.refusal
    return dict(answer.result, key=answer.key)


def report(terminal: Terminal, data: dict[str, Any] = TIP_OFF, who: Any = None) -> dict[str, Any]:
    answer = terminal.do("feedback.report", data, who)
    assert answer.refusal is None, answer.refusal
    return dict(answer.result, key=answer.key)


def seen(terminal: Terminal, filed: dict[str, Any]) -> dict[str, Any]:
    """As whoever types number and query code sees it."""
    params = {"number": filed["case"], "code": filed["code"]}
    return dict(terminal.data("feedback.case", None, params, "feedback.track"))


def said(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False)


def messages(centre: Centre, mobile: str = "13912340007") -> list[str]:
    t = tables.sms
    with centre.database.read() as connection:
        return list(
            connection.execute(select(t.c.text).where(t.c.mobile == mobile).order_by(t.c.at)).scalars()
        )


def reply(terminal: Terminal, key: str, level: str = "fair", **more: Any) -> Any:
    return terminal.do("feedback.reply", {"key": key, "level": level, **more})


# --- taken in -------------------------------------------------------------------------------------------------


def test_a_complaint_has_its_number_its_code_and_its_terms(terminal: Terminal) -> None:
    filed = complain(terminal)
    assert len(filed["case"]) == 20 and filed["case"].startswith("67") and len(filed["code"]) == 10
    # Monday 12 October: one working day to take it up, five more for manner (ten for quality)
    assert (filed["due_on"], filed["answer_by"]) == ("2026-10-13", "2026-10-20")
    assert complain(terminal, kind="quality")["answer_by"] == "2026-10-27"
    assert "10月13日前" in filed["state_text"]["zh-CN"] and "13 Oct 2026" in filed["state_text"]["en-US"]


def test_the_same_key_is_the_same_case(terminal: Terminal, centre: Centre) -> None:
    record = terminal.intent("feedback.complain", COMPLAINT)
    first, again = terminal.send(record), terminal.send(record)
    assert first.result == again.result
    with centre.database.read() as connection:
        numbers = connection.execute(select(tables.feedback_case.c.number)).scalars().all()
    assert list(numbers) == [first.result["case"]]


def test_a_day_to_come_is_no_day_on_which_it_happened(terminal: Terminal, centre: Centre) -> None:
    assert code_of(terminal.do("feedback.complain", {**COMPLAINT, "day": "2026-10-13"})) == "feedbackAhead"
    with centre.database.read() as connection:
        assert connection.execute(select(tables.feedback_case)).all() == []


def test_nothing_of_a_tip_off_stands_outside_the_seal(terminal: Terminal, centre: Centre) -> None:
    filed = report(terminal, NAMED, subject("tang-yue"))
    with centre.database.read() as connection:
        everything = "".join(
            str(tuple(row))
            for table in (tables.feedback_case, tables.feedback_act, tables.effect, tables.sms, tables.notice)
            for row in connection.execute(select(table))
        )
        effect = connection.execute(select(tables.effect).where(tables.effect.c.key == filed["key"])).one()
    for secret in ("翠湖", "只收现金", "唐悦", CAST["tang-yue"].number, "13912340007"):
        assert secret not in everything, secret
    assert (effect.person_number, effect.taxpayer) == (None, None), "a card that lay there names nobody"


def test_a_name_is_whole_or_there_is_none(terminal: Terminal) -> None:
    for data, code in (
        ({**TIP_OFF, "mobile": "13912340007"}, "feedbackNamed"),
        ({**NAMED, "mobile": None}, "feedbackNameMissing"),
        ({**NAMED, "id_number": "539902198507090246"}, "feedbackNameMissing"),
    ):
        assert code_of(terminal.do("feedback.report", data)) == code


def test_one_that_waited_at_a_terminal_counts_from_the_day_it_came(
    terminal: Terminal, centre: Centre
) -> None:
    at = datetime(2026, 10, 9, 16, 0, tzinfo=CHINA).isoformat()
    answer = terminal.do("feedback.complain", COMPLAINT, offline=True, accepted_at=at)
    assert answer.result["due_on"] == "2026-10-13"
    assert answer.result["case"] in messages(centre)[-1], "the phone gets the number that the slip has not"
    terminal.do("feedback.report", NAMED, offline=True, accepted_at=at)
    assert len(messages(centre)) == 1, "no message says on a phone who gave a tip-off"


# --- decided --------------------------------------------------------------------------------------------------


def test_taken_up_answered_rated_and_closed(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    assert code_of(reply(terminal, filed["key"])) == "feedbackUnanswered"
    with office(centre) as work:
        officers.accept(work, ZHAO, filed["case"])
    shown = seen(terminal, filed)
    # taken up a day early: five working days from the 12th
    assert (shown["state"], shown["rateable"]) == ("accepted", False) and "10月19日前答复" in said(shown)
    centre.clock.forward(days=2)
    with office(centre) as work:
        officers.answer(work, ZHAO, filed["case"], "已核实，并向您致歉。")
    shown = seen(terminal, filed)
    assert shown["state"] == "answered" and shown["rateable"] and "向您致歉" in said(shown)
    done = reply(terminal, filed["key"], "satisfied").result
    assert (done["again"], done["answer_by"]) == (False, None)
    shown = seen(terminal, filed)
    assert shown["state"] == "closed" and not shown["rateable"] and "满意" in said(shown)
    assert code_of(reply(terminal, filed["key"])) == "feedbackRated"
    told = messages(centre)
    assert [any(word in one for one in told) for word in ("已受理", "已有答复")] == [True, True]
    assert not any("致歉" in one for one in told), (
        "a phone was typed and never proven: it is told no contents"
    )


def test_an_answer_is_asked_for_again_once(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    for round_ in (1, 2):
        with office(centre) as work:
            if round_ == 1:
                officers.accept(work, ZHAO, filed["case"])
            officers.answer(work, ZHAO, filed["case"], f"第{round_}次答复")
        if round_ == 1:
            assert code_of(reply(terminal, filed["key"], "angry", again=True)) == "feedbackSayWhy"
            assert (
                code_of(reply(terminal, filed["key"], "fair", again=True, words="还没有"))
                == "feedbackObjected"
            )
            again = reply(terminal, filed["key"], "angry", again=True, words="还没有改").result
            assert again["again"] and again["answer_by"] == "2026-10-19"
            assert seen(terminal, filed)["state"] == "again" and "第1次" not in said(seen(terminal, filed))
    shown = seen(terminal, filed)
    assert "第2次" in said(shown) and not shown["may_object"]
    assert code_of(reply(terminal, filed["key"], "angry", again=True, words="还是没有")) == "feedbackObjected"
    assert reply(terminal, filed["key"], "angry", words="算了").result["again"] is False
    with office(centre) as work:
        log = officers.opened(work, ZHAO, filed["case"]).log
    assert [one.act for one in log] == ["accept", "answer", "again", "answer", "rate", "read"]
    assert log[2].officer == "" and log[2].words == "还没有改"


def test_an_old_answer_is_asked_for_again_no_more(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with office(centre) as work:
        officers.answer(work, ZHAO, filed["case"], "当场处理了")
    centre.clock.forward(days=rules().again_within_days)
    assert seen(terminal, filed)["may_object"]
    centre.clock.forward(days=1)
    assert not seen(terminal, filed)["may_object"]
    assert code_of(reply(terminal, filed["key"], "angry", again=True, words="没有")) == "feedbackObjected"


def test_who_hears_nothing_is_accepted_and_can_be_refused_no_more(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    centre.clock.forward(days=1)
    assert seen(terminal, filed)["state"] == "received"
    centre.clock.forward(days=1)
    shown = seen(terminal, filed)
    assert shown["state"] == "deemed" and "10月20日前答复" in said(shown)
    with pytest.raises(FeedbackRefused, match="taken up already"), office(centre) as work:
        officers.refuse(work, ZHAO, filed["case"], "other-way")
    with office(centre) as work:
        late = officers.accept(work, ZHAO, filed["case"])
    assert late.answer_by == date(2026, 10, 20), "whoever takes it up late has no longer time for it"


def test_a_refusal_is_told_in_the_words_of_its_reason(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with pytest.raises(FeedbackRefused, match="known: other-way"), office(centre) as work:
        officers.refuse(work, ZHAO, filed["case"], "no-time")
    with office(centre) as work:
        officers.refuse(work, ZHAO, filed["case"], "other-way")
    shown = seen(terminal, filed)
    assert shown["state"] == "refused" and "行政复议" in said(shown) and "reconsideration" in said(shown)
    with pytest.raises(FeedbackRefused, match="nothing is to be done"), office(centre) as work:
        officers.answer(work, ZHAO, filed["case"], "还是答复")


def test_a_term_is_extended_once_and_by_two(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with pytest.raises(FeedbackRefused, match="accept it first"), office(centre) as work:
        officers.extend(work, ZHAO, filed["case"], SUN, "复杂")
    with office(centre) as work:
        officers.accept(work, ZHAO, filed["case"])
    for second, words in ((ZHAO, "another officer"), (QIAN, "no officer for this")):
        with pytest.raises(FeedbackRefused, match=words), office(centre) as work:
            officers.extend(work, ZHAO, filed["case"], second, "复杂")
    with office(centre) as work:
        longer = officers.extend(work, ZHAO, filed["case"], SUN, "要调监控")
    assert longer.answer_by == date(2026, 11, 2), "ten working days after the 19th"
    with pytest.raises(FeedbackRefused, match="extended already"), office(centre) as work:
        officers.extend(work, ZHAO, filed["case"], SUN, "再等等")
    with office(centre) as work:
        log = officers.opened(work, ZHAO, filed["case"]).log
    assert [(one.act, one.officer, one.second) for one in log][1] == ("extend", "赵服务", "孙服务")


def test_one_asks_for_longer_and_another_allows_it(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    number = filed["case"]
    with pytest.raises(FeedbackRefused, match="accept it first"), office(centre) as work:
        officers.ask_longer(work, ZHAO, number, "复杂")
    with office(centre) as work:
        officers.accept(work, ZHAO, number)
    with pytest.raises(FeedbackRefused, match="nobody has asked"), office(centre) as work:
        officers.allow_longer(work, SUN, number)
    with office(centre) as work:
        officers.ask_longer(work, ZHAO, number, "要调监控")
        assert officers.opened(work, SUN, number).asks_longer == "赵服务"
    for who, words in ((ZHAO, "another officer"), (QIAN, "there is no case")):
        with pytest.raises(FeedbackRefused, match=words), office(centre) as work:
            officers.allow_longer(work, who, number)
    with pytest.raises(FeedbackRefused, match="asked for already"), office(centre) as work:
        officers.ask_longer(work, SUN, number, "再等等")
    with office(centre) as work:
        longer = officers.allow_longer(work, SUN, number)
    assert (longer.answer_by, longer.extended) == (date(2026, 11, 2), True)
    with office(centre) as work:
        read = officers.opened(work, ZHAO, number)
    told = [(one.act, one.officer, one.second, one.words) for one in read.log if one.act != "read"]
    asked = ("longer", "赵服务", "", "要调监控")
    assert told[1:] == [asked, ("extend", "赵服务", "孙服务", "要调监控")] and read.asks_longer == ""
    assert [any("延长" in one for one in messages(centre))] == [True]


def test_what_was_asked_for_before_the_answer_is_over_with_it(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with office(centre) as work:
        officers.accept(work, ZHAO, filed["case"])
        officers.ask_longer(work, ZHAO, filed["case"], "复杂")
        officers.answer(work, ZHAO, filed["case"], "第一次答复")
    reply(terminal, filed["key"], "angry", again=True, words="还没有改")
    with pytest.raises(FeedbackRefused, match="nobody has asked"), office(centre) as work:
        officers.allow_longer(work, SUN, filed["case"])


def test_passed_on_its_terms_stay_and_who_made_it_sees_to_whom(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with office(centre) as work:
        officers.accept(work, ZHAO, filed["case"])
        moved = officers.transfer(work, ZHAO, filed["case"], "书院税务所", "属地办理")
    assert moved.answer_by == date(2026, 10, 19) and "书院税务所" in said(seen(terminal, filed))


@pytest.mark.parametrize("words", ["", "  ", "一\n二", "字" * 201])
def test_an_answer_is_one_line_that_says_something(terminal: Terminal, centre: Centre, words: str) -> None:
    filed = complain(terminal)
    with pytest.raises(FeedbackRefused, match="1 to 200"), office(centre) as work:
        officers.answer(work, ZHAO, filed["case"], words)
    assert seen(terminal, filed)["state"] == "received"


def test_two_officers_at_once_decide_once(terminal: Terminal, centre: Centre) -> None:
    filed, done, barrier = complain(terminal), [], threading.Barrier(2)

    def act(officer: Officer) -> None:
        barrier.wait(20)
        try:
            with office(centre) as work:
                officers.accept(work, officer, filed["case"])
            done.append(officer.name)
        except FeedbackRefused as no:
            assert "decided before" in str(no)

    threads = [threading.Thread(target=act, args=(who,)) for who in (ZHAO, SUN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 1


# --- two desks ------------------------------------------------------------------------------------------------


def test_each_desk_has_its_own_officers_and_the_other_cases_are_not_there(
    terminal: Terminal, centre: Centre
) -> None:
    complained, reported = complain(terminal), report(terminal)
    with office(centre) as work:
        assert [one.number for one in officers.listed(work, ZHAO, "complaint")] == [complained["case"]]
        tips = officers.listed(work, QIAN, "report")
        assert [one.number for one in tips] == [reported["case"]] and "翠湖" not in str(tips)
        for who, desk in ((ZHAO, "report"), (QIAN, "complaint")):
            with pytest.raises(FeedbackRefused, match="no officer for this"):
                officers.listed(work, who, desk)  # type: ignore[arg-type]
        for who, number in ((ZHAO, reported["case"]), (QIAN, complained["case"]), (QIAN, "no such")):
            for act in (
                lambda who=who, number=number: officers.opened(work, who, number),
                lambda who=who, number=number: officers.accept(work, who, number),
                lambda who=who, number=number: officers.answer(work, who, number, "好"),
            ):
                with pytest.raises(FeedbackRefused, match="there is no case"):
                    act()
        said_ = officers.opened(work, QIAN, reported["case"])
    assert said_.said["target"] == "翠湖小吃店" and [one.act for one in said_.log] == ["read"]


def test_who_is_named_for_a_desk() -> None:
    assert officer_of("甲", (), ()).desks == {"complaint"}, "complaints are everybody's, tip-offs nobody's"
    assert officer_of("甲", ("乙",), ("甲",)).desks == {"report"}
    assert officer_of("甲", ("乙",), ()).desks == frozenset()


def test_nobody_handles_what_names_them(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with pytest.raises(FeedbackRefused, match="another officer"), office(centre) as work:
        officers.opened(work, Officer("钱窗口", frozenset({"complaint"})), filed["case"])
    with pytest.raises(FeedbackRefused, match="another officer"), office(centre) as work:
        officers.accept(work, Officer("qian-yi", frozenset({"complaint"}), "钱窗口"), filed["case"])


def test_a_tip_off_is_taken_up_by_a_course_that_is_not_told(terminal: Terminal, centre: Centre) -> None:
    filed = report(terminal)
    # fifteen working days from the 12th of October; three months more, a day off moves on
    assert (filed["due_on"], filed["answer_by"]) == ("2026-11-02", "2027-02-02")
    with pytest.raises(FeedbackRefused, match="by a course"), office(centre) as work:
        officers.accept(work, QIAN, filed["case"])
    with office(centre) as work:
        officers.accept(work, QIAN, filed["case"], "inspect")
    shown = seen(terminal, filed)
    assert shown["state"] == "looked-into" and "立案" not in said(shown) and "inspect" not in said(shown)


@pytest.mark.parametrize(("data", "told"), [(TIP_OFF, False), (NAMED, True)])
def test_an_answer_to_a_tip_off_is_told_to_who_gave_their_name(
    terminal: Terminal, centre: Centre, data: dict[str, Any], told: bool
) -> None:
    filed = report(terminal, data)
    with office(centre) as work:
        officers.accept(work, QIAN, filed["case"], "investigate")
        officers.answer(work, QIAN, filed["case"], "已补缴税款")
    shown = seen(terminal, filed)
    assert ("已补缴" in said(shown), shown["rateable"]) == (told, told)
    assert shown["state"] == ("answered" if told else "concluded")
    outcome = reply(terminal, filed["key"], "fair")
    assert (outcome.refusal is None) is told
    assert messages(centre) == []
    desk = centre.container.site.feedback
    assert desk is not None
    page = desk.shown(filed["key"])
    assert page is not None and page.answer == "", "what became of a tip-off stands on no page of the network"


def test_what_is_late_is_listed_first_and_alone(terminal: Terminal, centre: Centre) -> None:
    old = complain(terminal)
    centre.clock.forward(days=3)
    new = complain(terminal)
    with office(centre) as work:
        rows = officers.listed(work, ZHAO, "complaint")
        assert [(one.number, one.late) for one in rows] == [(old["case"], True), (new["case"], False)]
        assert [one.number for one in officers.listed(work, ZHAO, "complaint", late=True)] == [old["case"]]
        officers.answer(work, ZHAO, old["case"], "好了")
        assert officers.listed(work, ZHAO, "complaint", late=True) == []
        everything = officers.listed(work, ZHAO, "complaint", every=True)
    assert {one.number for one in everything} == {old["case"], new["case"]}


def test_the_log_is_only_added_to(terminal: Terminal, centre: Centre) -> None:
    filed = complain(terminal)
    with office(centre) as work:
        officers.accept(work, ZHAO, filed["case"])
    for change in ("UPDATE feedback_act SET officer = 'x'", "DELETE FROM feedback_act"):
        with pytest.raises(DBAPIError, match="append only"), centre.database.write() as connection:
            connection.execute(text(change))


# --- followed -------------------------------------------------------------------------------------------------


def test_it_is_found_by_its_slip_or_by_number_and_code_alone(terminal: Terminal) -> None:
    filed, other = complain(terminal), complain(terminal)
    by_slip = terminal.data("feedback.case", None, {"key": filed["key"]}, "feedback.track")
    assert by_slip["number"] == filed["case"] == seen(terminal, filed)["number"]
    spaced = {"number": f"{filed['case'][:4]} {filed['case'][4:]}", "code": filed["code"].lower()}
    assert terminal.data("feedback.case", None, spaced, "feedback.track")["number"] == filed["case"]
    for params in (
        {"number": filed["case"], "code": other["code"]},
        {"number": filed["case"]},
        {"number": "67990026101299999998", "code": filed["code"]},
        {"key": uuid7()},
        {},
    ):
        refusal = terminal.ask("feedback.case", None, params, "feedback.track").refusal
        assert refusal is not None and refusal.code == "feedbackUnknown", params


def test_whoever_guesses_codes_is_held_up(terminal: Terminal) -> None:
    filed = complain(terminal)
    codes = []
    for _ in range(40):
        asked = terminal.ask(
            "feedback.case", None, {"number": filed["case"], "code": "2222222222"}, "feedback.track"
        )
        assert asked.refusal is not None
        codes.append(asked.refusal.code)
    assert codes[0] == "feedbackUnknown" and codes[-1] == "askedTooOften"


def test_who_proves_a_phone_sees_its_complaints_and_no_tip_off(terminal: Terminal, centre: Centre) -> None:
    first = complain(terminal)
    centre.clock.forward(seconds=1)
    second = complain(terminal, kind="rights")
    complain(terminal, mobile="13912340008")
    report(terminal, NAMED)
    asked = terminal.ask("feedback.mine", None, {}, "feedback.mine")
    assert asked.refusal is not None and asked.refusal.code == "phoneUnproven"
    who = {"person": None, "phone": prove(terminal, centre), "taxpayer": None, "role": None}
    rows = terminal.data("feedback.mine", who, {}, "feedback.mine")["rows"]
    assert [row["number"] for row in rows] == [second["case"], first["case"]]
    assert rows[0]["title"]["zh-CN"] == "侵害合法权益" and rows[0]["due_on"] == "2026-10-13"


def test_the_page_of_a_slip_has_the_answer_of_a_complaint(terminal: Terminal, centre: Centre) -> None:
    filed, desk = complain(terminal), centre.container.site.feedback
    assert desk is not None and desk.shown(uuid7()) is None
    page = desk.shown(filed["key"])
    assert page is not None and page.answer == "" and filed["case"] in str(page.facts)
    with office(centre) as work:
        officers.answer(work, ZHAO, filed["case"], "已处理")
    page = desk.shown(filed["key"])
    assert page is not None and page.answer == "已处理"
    assert "唐悦" not in str(page.facts) and "13912340007" not in str(page.facts)


def test_a_long_answer_stands_in_two_parts() -> None:
    one = "字" * 99 + "。"
    assert parts("短") == ("短", "") and parts(one) == (one, "")
    assert parts("字" * 59 + "。" + "句" * 90) == ("字" * 59 + "。", "句" * 90)
    assert parts("字" * 150) == ("字" * 100, "字" * 50)
    assert parts("字" * 10 + "。" + "句" * 120)[1] == "句" * 31, (
        "a sentence that ends too early is no place to part"
    )


# --- rules ----------------------------------------------------------------------------------------------------


def test_terms_end_on_working_days() -> None:
    days = WorkingCalendar(stores.published()[1].current)
    assert Term(workdays=1).after(date(2026, 9, 30), days) == date(2026, 10, 8), "over the holidays"
    assert Term(months=3).after(date(2026, 11, 30), days) == date(2027, 3, 1), (
        "the last of February is a Sunday"
    )
    assert Term(months=1).after(date(2026, 8, 31), days) == date(2026, 9, 30)
    for wrong in ({}, {"workdays": 1, "months": 1}):
        with pytest.raises(ValueError, match="one of the two"):
            Term.model_validate(wrong)


def test_rules_are_read_whole() -> None:
    book = rules().model_dump(mode="json", exclude_none=True)
    assert FeedbackRules.model_validate(book) == rules()
    assert timedelta(days=rules().again_within_days) > timedelta(0)
