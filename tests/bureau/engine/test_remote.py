"""The remote officer: who is answered by whom, what is told and shown, how it ends, and who is called back."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.remote import calling, desk, talking
from bureau.engine.remote.rules import rules
from bureau.engine.remote.sealing import Office
from bureau.engine.remote.sources import Source
from bureau.errors import RemoteRefused, StoreConflict
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from config.catalogue.models import FormStep
from tests.bureau.conftest import Centre
from tests.bureau.phones import MOBILE, message
from tests.bureau.terminals import Terminal, subject
from tests.shipped import CATALOGUE

TANG = subject("tang-yue", evidence="document", face=None)
WORDS = "出租房屋要交什么税？"
LI, WANG = "李远程", "王远程"
NOBODY = {"person": None, "phone": None, "taxpayer": None, "role": None}
BOTH = {"zh-CN": "答", "en-US": "An answer"}


def vault(centre: Centre) -> SealingVault:
    return SealingVault(centre.container.keys.sealing)


def on_duty(centre: Centre, *officers: str) -> None:
    with centre.system.write() as work:
        for officer in officers:
            desk.serve(work.core, officer)


def ask(terminal: Terminal, visit: str = "visit-0001", who: dict[str, Any] = TANG, words: str = WORDS) -> Any:
    given = {"visit": visit, "topic": "house-car", "words": words}
    return terminal.data("consult.open", who, given, "consult.person")


def talk(terminal: Terminal, visit: str = "visit-0001", **told: Any) -> Any:
    return terminal.data("consult.talk", TANG, {"visit": visit, **told}, "consult.person")


def refusal(terminal: Terminal, query: str, params: dict[str, Any], who: dict[str, Any] = TANG) -> str:
    answer = terminal.ask(query, who, params, "consult.person")
    assert answer.refusal is not None, answer.data
    return answer.refusal.code


def taken(centre: Centre, officer: str, number: str) -> None:
    with centre.system.write() as work:
        desk.take(work.core, officer, number)


def refused(error: pytest.ExceptionInfo[RemoteRefused]) -> str:
    return error.value.code


def test_topics_of_the_service_are_those_of_the_rules_and_what_they_propose_is_there() -> None:
    question = next(step for step in CATALOGUE["consult.person"].service.steps if step.id == "question")
    assert isinstance(question, FormStep)
    options = next(row for row in question.rows if row.id == "topic").options
    assert [(one.id, dict(one.title)) for one in options] == [(one.id, one.title) for one in rules().topics]
    assert {service for topic in rules().topics for service in topic.services} <= set(CATALOGUE)


def test_nobody_on_duty_opens_nothing_and_a_call_back_is_taken(centre: Centre, terminal: Terminal) -> None:
    assert ask(terminal)["state"] == "nobody"
    assert refusal(terminal, "consult.talk", {"visit": "visit-0001"}) == "talkUnknown"
    data = {"topic": "house-car", "words": WORDS, "mobile": MOBILE, "slot": "morning"}
    answer = terminal.do("consult.call-back", data, TANG, service="consult.person")
    number = answer.result["case"]
    assert number.startswith("71") and len(number) == 20
    assert date.fromisoformat(str(answer.result["call_by"])) > centre.clock.now().date()
    with centre.system.write() as work:
        office = Office(work.core, vault(centre))
        one = calling.opened(office, number)
        assert (one.mobile, one.words, one.call.state, one.done) == (MOBILE, WORDS, "open", ())
        with pytest.raises(RemoteRefused) as error:
            calling.close(office, LI, number, "打不通")
        assert refused(error) == "tries"
        for _ in range(rules().tries):
            calling.missed(office, LI, number)
        assert calling.opened(office, number).call.tries == rules().tries
        calling.reached(office, WANG, number, "已说明契税怎么报")
        with pytest.raises(RemoteRefused) as error:
            calling.missed(office, LI, number)
        assert refused(error) == "settled"
        done = calling.opened(office, number).done
    assert [(one.officer, one.did) for one in done][-1] == (WANG, "reached")
    assert done[-1].words == "已说明契税怎么报"


def test_an_officer_answers_says_cites_proposes_and_ends_and_the_terminal_hears_each_once(
    centre: Centre, terminal: Terminal
) -> None:
    on_duty(centre, LI)
    opened = ask(terminal)
    assert (opened["state"], opened["ahead"], opened["wait_s"]) == ("waiting", 0, rules().wait_s)
    assert ask(terminal)["number"] == opened["number"]  # asked again, it is the same one
    number = opened["number"]
    assert talk(terminal)["state"] == "waiting"
    with centre.system.write() as work:
        office = Office(work.core, vault(centre))
        desk.take(work.core, LI, number)
        desk.phrase(office, LI, number, "hello")
        desk.say(office, LI, number, "月租金不超过十万元免增值税。")
        desk.cite(office, LI, number, Source("7", {"zh-CN": "问", "en-US": "Q"}, BOTH, BOTH, ""))
        desk.propose(office, LI, number, "declare.rental", CATALOGUE["declare.rental"].service.title)
    told = talk(terminal, say=[{"n": 1, "text": "谢谢"}])
    assert [(one["seq"], one["kind"]) for one in told["lines"]] == [
        (1, "text"), (2, "text"), (3, "source"), (4, "service"),
    ]  # fmt: skip
    assert (
        told["lines"][0]["text"]["en-US"].startswith("Hello")
        and told["lines"][3]["service"] == "declare.rental"
    )
    assert told["said"] == 1
    again = talk(terminal, heard=4, say=[{"n": 1, "text": "谢谢"}, {"n": 2, "text": "再见"}])
    assert (again["lines"], again["said"]) == ([], 2)
    with centre.system.write() as work:
        office = Office(work.core, vault(centre))
        lines = desk.opened(office, number).lines
        assert [str(line.content["text"]) for line in lines if not line.officer] == ["谢谢", "再见"]
        assert desk.latest_words(desk.opened(office, number)) == f"{WORDS} 再见"
        desk.end(work.core, LI, number)
    over = talk(terminal, heard=4)
    assert (over["state"], over["ended_by"]) == ("ended", "officer")
    assert (
        refusal(terminal, "consult.open", {"visit": "visit-0001", "topic": "other", "words": "还有"})
        == "consultOnce"
    )


def test_what_was_said_and_shown_lies_sealed_and_is_gone_after_its_time(
    centre: Centre, terminal: Terminal
) -> None:
    on_duty(centre, LI)
    number = ask(terminal)["number"]
    taken(centre, LI, number)
    with centre.system.write() as work:
        desk.ask_screen(Office(work.core, vault(centre)), LI, number)
    shown = {"title": "核对租金收入", "rows": [{"label": "月租金", "value": "•••"}]}
    talk(terminal, say=[{"n": 1, "text": "我的电话不方便"}], shares="yes", shown=shown)
    with centre.database.read() as connection:
        rows = [
            bytes(value)
            for table in (tables.remote_talk, tables.remote_line)
            for row in connection.execute(select(table))
            for value in row
            if isinstance(value, bytes)
        ]
    assert len(rows) == 3
    hidden = (WORDS, "我的电话不方便", "核对租金收入")
    assert not any(word.encode() in row for word in hidden for row in rows)
    talk(terminal, end=True)
    with centre.system.write() as work:
        assert work.core.remote.find(number).picture is None  # type: ignore[union-attr]
        work.core.remote.forget(work.core.now)
        assert work.core.remote.find(number) is not None
        work.core.remote.forget(work.core.now + timedelta(seconds=1))
        assert work.core.remote.find(number) is None and not work.core.remote.lines(number)


def test_the_screen_is_seen_when_the_person_allows_it_and_no_longer(
    centre: Centre, terminal: Terminal
) -> None:
    on_duty(centre, LI)
    number = ask(terminal)["number"]
    shown = {"title": "核对", "rows": []}

    def seen() -> str | None:
        with centre.system.write() as work:
            found = desk.opened(Office(work.core, vault(centre)), number).shown
        return found.title if found is not None else None

    talk(terminal, shares="yes", shown=shown)  # nobody has taken it, so nobody sees it
    assert seen() is None
    taken(centre, LI, number)
    talk(terminal, shown=shown)  # not allowed
    assert seen() is None
    with centre.system.write() as work:
        desk.ask_screen(Office(work.core, vault(centre)), LI, number)
    assert talk(terminal, shown=shown)["screen"] == "asked" and seen() is None
    assert talk(terminal, shares="no")["screen"] == "refused" and seen() is None
    with centre.system.write() as work:
        desk.ask_screen(Office(work.core, vault(centre)), LI, number)
    assert talk(terminal, shares="yes", shown=shown)["screen"] == "shared" and seen() == "核对"
    assert talk(terminal, shares="no")["screen"] == "no" and seen() is None


def test_who_may_talk(centre: Centre, terminal: Terminal) -> None:
    on_duty(centre, LI)
    given = {"visit": "visit-0001", "topic": "other", "words": WORDS}
    assert refusal(terminal, "consult.open", given, NOBODY) == "phoneUnproven"
    ask(terminal)
    other = centre.terminal("A-08")
    answer = other.ask("consult.talk", TANG, {"visit": "visit-0001"}, "consult.person")
    assert answer.refusal is not None and answer.refusal.code == "talkUnknown"


def test_what_an_officer_may_not(centre: Centre, terminal: Terminal) -> None:
    on_duty(centre, LI, WANG)
    first, second = ask(terminal)["number"], ask(terminal, "visit-0002")["number"]
    with centre.system.write() as work:
        office = Office(work.core, vault(centre))

        def code(what: Any, *given: Any) -> str:
            with pytest.raises(RemoteRefused) as error:
                what(*given)
            return refused(error)

        assert code(desk.say, office, LI, first, "您好") == "notOwn"
        assert code(desk.take, work.core, LI, "71990026101200009999") == "unknown"
        desk.take(work.core, LI, first)
        assert code(desk.take, work.core, WANG, first) == "taken"
        assert code(desk.take, work.core, LI, second) == "one"
        assert code(desk.rest, work.core, LI) == "talking"
        assert code(desk.say, office, WANG, first, "您好") == "notOwn"
        assert code(desk.say, office, LI, first, "长" * (rules().longest + 1)) == "words"
        assert code(desk.phrase, office, LI, first, "nothing") == "phrase"
        desk.end(work.core, LI, first)
        assert code(desk.say, office, LI, first, "您好") == "over"
        assert desk.next_one(work.core, LI).number == second
        assert code(desk.next_one, work.core, WANG) == "nobody"


def test_limits_of_what_a_person_says(centre: Centre, terminal: Terminal) -> None:
    on_duty(centre, LI)
    ask(terminal)
    most, said = rules().most_people_a_minute, 0
    for first in range(1, most + 5, 8):
        lines = [{"n": n, "text": f"第{n}句"} for n in range(first, first + 8)]
        said = talk(terminal, say=lines)["said"]
    assert said == most
    centre.clock.forward(seconds=61)
    told = talk(terminal, say=[{"n": most + 1, "text": "再说"}, {"n": most + 9, "text": "漏了"}])
    assert told["said"] == most + 1  # what came out of turn is told again


def test_a_silent_terminal_is_gone_and_a_new_officer_may_take_the_next(
    centre: Centre, terminal: Terminal
) -> None:
    on_duty(centre, LI)
    first = ask(terminal)["number"]
    taken(centre, LI, first)
    centre.clock.forward(seconds=rules().lost_after_s + 1)
    with centre.system.write() as work:
        talking.sweep(work.core)
        gone = work.core.remote.find(first)
        assert gone is not None and (gone.state, gone.ended_by) == ("ended", "lost")
        assert work.core.remote.of_officer(LI) is None
    centre.clock.forward(seconds=rules().on_duty_s)
    assert ask(terminal, "visit-0002")["state"] == "nobody"


def test_who_waits_and_asks_to_be_called_waits_no_more(centre: Centre, terminal: Terminal) -> None:
    on_duty(centre, LI)
    number = ask(terminal, "v-call-back")["number"]
    data = {"topic": "other", "words": WORDS, "mobile": MOBILE, "slot": "any"}
    answer = terminal.do("consult.call-back", data, TANG, service="consult.person", visit="v-call-back")
    with centre.system.write() as work:
        gone, call = work.core.remote.find(number), work.core.remote.call(answer.result["case"])
    assert gone is not None and gone.ended_by == "person"
    assert call is not None and call.talk == number


def test_a_call_back_that_waited_at_the_terminal_is_told_by_message(
    centre: Centre, terminal: Terminal
) -> None:
    data = {"topic": "other", "words": WORDS, "mobile": MOBILE, "slot": "any"}
    answer = terminal.do("consult.call-back", data, TANG, service="consult.person", offline=True)
    assert answer.result["case"] in message(centre) and WORDS not in message(centre)


def test_two_officers_and_ten_who_wait_each_is_answered_once(centre: Centre, terminal: Terminal) -> None:
    """Both take whoever comes next at the same time, again and again: each person has exactly one of them."""
    on_duty(centre, LI, WANG)
    numbers = [ask(terminal, f"visit-{n:04}")["number"] for n in range(10)]
    begin = threading.Barrier(2)

    def answers(officer: str) -> list[str]:
        answered: list[str] = []
        begin.wait()
        while True:
            try:
                with centre.system.write() as work:
                    number = desk.next_one(work.core, officer).number
                with centre.system.write() as work:
                    desk.say(Office(work.core, vault(centre)), officer, number, f"{officer}为您服务")
                    desk.end(work.core, officer, number)
            except StoreConflict:
                continue
            except RemoteRefused as error:
                assert error.code == "nobody"
                return answered
            answered.append(number)

    with ThreadPoolExecutor(2) as both:
        li, wang = both.map(answers, (LI, WANG))
    assert Counter(li + wang) == Counter(numbers)
    for n in range(10):
        told = talk(terminal, f"visit-{n:04}")
        assert len(told["lines"]) == 1 and told["state"] == "ended"


def test_of_two_who_take_the_same_one_exactly_one_has_it(centre: Centre, terminal: Terminal) -> None:
    on_duty(centre, LI, WANG)
    number = ask(terminal)["number"]
    begin = threading.Barrier(2)

    def takes(officer: str) -> str:
        begin.wait()
        while True:
            try:
                taken(centre, officer, number)
            except StoreConflict:
                continue
            except RemoteRefused as error:
                return error.code
            return ""

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(takes, (LI, WANG))) == ["", "taken"]
