"""Mutual help and ideas: who may write and vote, what officers make of it, and what everybody reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.mutual import moderating, showing
from bureau.engine.mutual.rules import rules
from bureau.errors import ContributionRefused, ContributionUnknown
from bureau.store import tables
from config.catalogue.models import FormStep
from tests.bureau.conftest import Centre
from tests.bureau.phones import prove
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

TANG = subject("tang-yue", evidence="document", face=None)
LIN = subject("lin-tao", evidence="document", face=None)
OFFICER = "周审核"


def phone(claim: dict[str, str] | None) -> dict[str, Any]:
    return {"person": None, "phone": claim, "taxpayer": None, "role": None}


def ask(terminal: Terminal, who: dict[str, Any] = TANG, text: str = "自助机几点关机？", **more: Any) -> Any:
    return terminal.do("help.ask", {"topic": "other", "text": text}, who, service="help.ask", **more)


def propose(terminal: Terminal, who: dict[str, Any] = TANG, text: str = "多放几把椅子") -> Any:
    return terminal.do("ideas.submit", {"topic": "hall", "text": text}, who, service="ideas.submit")


def vote(terminal: Terminal, idea: str, how: str, who: dict[str, Any] = TANG) -> Any:
    return terminal.do("ideas.vote", {"idea": idea, "vote": how}, who, service="ideas.vote")


def reply(terminal: Terminal, question: str, text: str = "晚上八点。", who: dict[str, Any] = LIN) -> Any:
    data = {"question": question, "author": "accountant", "text": text}
    return terminal.do("help.answer", data, who, service="help.answer")


def code_of(answer: Any) -> str:
    assert answer.refusal is not None, answer.result
    return str(answer.refusal.code)


def published_question(terminal: Terminal, centre: Centre, text: str = "自助机几点关机？") -> str:
    number = str(ask(terminal, text=text).result["number"])
    with centre.system.write() as work:
        moderating.publish(work.core, number, OFFICER)
    return number


def published_idea(terminal: Terminal, centre: Centre, text: str = "多放几把椅子") -> str:
    number = str(propose(terminal, text=text).result["number"])
    with centre.system.write() as work:
        moderating.publish(work.core, number, OFFICER)
    return number


def shown(terminal: Terminal, number: str) -> dict[str, Any] | None:
    told = terminal.data("help.published", None, {}, "help.browse")
    return next((one for one in told["questions"] if one["number"] == number), None)


def idea_of(terminal: Terminal, number: str, who: dict[str, Any] = TANG) -> dict[str, Any]:
    rows = terminal.data("ideas.list", who, {}, "ideas.vote")["rows"]
    return next(one for one in rows if one["number"] == number)


# --- questions and answers ------------------------------------------------------------------------------------


def test_nothing_is_read_by_others_before_an_officer_has_read_it(terminal: Terminal, centre: Centre) -> None:
    answer = ask(terminal, text="我的电话是13912340007，自助机几点关机？")
    number, key = answer.result["number"], answer.key
    assert answer.result["text"]["zh-CN"] == "我的电话是[电话]，自助机几点关机？"
    assert answer.result["verify_url"].endswith(f"/h/{key}")
    assert shown(terminal, number) is None
    records = centre.container.site.records
    waiting = records.contribution(key)
    assert waiting is not None and waiting.state == "waiting"
    with centre.system.write() as work:
        moderating.publish(
            work.core, number, OFFICER, {"zh-CN": "自助机几点关机？", "en-US": "When does it close?"}
        )
    found = shown(terminal, number)
    assert found is not None and found["text"]["en-US"] == "When does it close?" and found["answers"] == []
    with centre.database.read() as connection:
        kept = connection.execute(
            select(tables.contribution).where(tables.contribution.c.number == number)
        ).one()
    assert "13912340007" not in str(kept.text)


def test_the_same_key_again_is_one_question(terminal: Terminal, centre: Centre) -> None:
    record = terminal.intent("help.ask", {"topic": "other", "text": "几点关机？"}, TANG, service="help.ask")
    first, second = terminal.send(record), terminal.send(record)
    assert first == second and first.state == "accepted"
    with centre.database.read() as connection:
        keys = connection.execute(select(tables.contribution.c.key)).scalars().all()
    assert list(keys).count(first.key) == 1


def test_an_answer_is_another_taxpayers_until_officers_confirm_it(terminal: Terminal, centre: Centre) -> None:
    question = published_question(terminal, centre)
    assert question in {row["number"] for row in terminal.data("help.open", None, {}, "help.answer")["rows"]}
    number = reply(terminal, question).result["number"]
    found = shown(terminal, question)
    assert found is not None and found["answers"] == []
    with centre.system.write() as work:
        moderating.publish(work.core, number, OFFICER)
    (one,) = (shown(terminal, question) or {})["answers"]
    assert (one["official"], one["author_text"]["zh-CN"]) == (False, "会计人员")
    with centre.system.write() as work:
        with pytest.raises(ContributionRefused, match="confirm it first"):
            moderating.knowledge(work.core, number, OFFICER)
        moderating.confirm(work.core, number, OFFICER)
        moderating.knowledge(work.core, number, OFFICER)
    (one,) = (shown(terminal, question) or {})["answers"]
    assert one["official"] and one["knowledge_on"] == centre.clock.now().date().isoformat()
    assert question not in {
        row["number"] for row in terminal.data("help.open", None, {}, "help.answer")["rows"]
    }
    with centre.system.read() as work:
        acts = [(act.act, act.officer) for act in work.core.mutual.acts(number)]
    assert acts == [("publish", OFFICER), ("confirm", OFFICER), ("knowledge", OFFICER)]


def test_an_answer_to_what_is_not_published_is_refused(terminal: Terminal, centre: Centre) -> None:
    waiting = ask(terminal).result["number"]
    assert code_of(reply(terminal, waiting)) == "helpQuestionClosed"
    assert code_of(reply(terminal, "67990026101200009991")) == "helpQuestionUnknown"
    idea = published_idea(terminal, centre)
    assert code_of(reply(terminal, idea)) == "helpQuestionUnknown"


def test_what_is_refused_tells_its_author_alone_why(terminal: Terminal, centre: Centre) -> None:
    answer = ask(terminal, text="我要举报楼下的饭店")
    with centre.system.write() as work:
        (waiting,) = [one for one in moderating.listed(work.core, ("question",)) if one.key == answer.key]
        assert waiting.tips_off
        moderating.refuse(work.core, waiting.number, OFFICER, "tip-off")
        with pytest.raises(ContributionRefused, match="refused already"):
            moderating.refuse(work.core, waiting.number, OFFICER, "abusive")
        with pytest.raises(ContributionRefused, match="no reason"):
            moderating.refuse(work.core, waiting.number, OFFICER, "because")  # type: ignore[arg-type]
    told = centre.container.site.records.contribution(answer.key)
    assert told is not None and "12366" in told.reason_text["zh-CN"]
    assert shown(terminal, answer.result["number"]) is None


def test_two_questions_that_are_one_bring_their_answers_together(terminal: Terminal, centre: Centre) -> None:
    first, second = (
        published_question(terminal, centre),
        published_question(terminal, centre, "机器啥时候关？"),
    )
    number = reply(terminal, second).result["number"]
    with centre.system.write() as work:
        moderating.publish(work.core, number, OFFICER)
        moderating.merge(work.core, second, OFFICER, first)
        with pytest.raises(ContributionRefused):
            moderating.merge(work.core, first, OFFICER, second)
        with pytest.raises(ContributionRefused, match="itself"):
            moderating.merge(work.core, first, OFFICER, first)
    assert shown(terminal, second) is None
    assert [one["number"] for one in (shown(terminal, first) or {})["answers"]] == [number]
    assert reply(terminal, second, "再问问窗口").state == "accepted", "by its old number it is the other one"


def test_it_helped_once_a_visit(terminal: Terminal, centre: Centre) -> None:
    question = published_question(terminal, centre)
    for _ in range(2):
        assert (
            terminal.do("help.thank", {"question": question}, None, service="help.browse").state == "accepted"
        )
    assert (shown(terminal, question) or {})["helped"] == 1
    waiting = ask(terminal, text="另一个问题").result["number"]
    assert (
        code_of(terminal.do("help.thank", {"question": waiting}, None, service="help.browse"))
        == "helpQuestionClosed"
    )


def test_an_officer_answers_in_person_with_nobodys_data(terminal: Terminal, centre: Centre) -> None:
    question = published_question(terminal, centre)
    with centre.system.write() as work:
        done = moderating.answer(work.core, question, OFFICER, {"zh-CN": "打我手机13912340007"})
        with pytest.raises(ContributionRefused, match="what people are to read"):
            moderating.answer(work.core, question, OFFICER, {"zh-CN": " "})
        with pytest.raises(ContributionUnknown):
            moderating.answer(work.core, "67990026101200009991", OFFICER, {"zh-CN": "好"})
    assert done.text == {"zh-CN": "打我手机[电话]"} and done.confirmed_at is not None


# --- who, and how often ----------------------------------------------------------------------------------------


def test_somebody_writes_so_many_a_day_and_is_forgotten_after_some(
    terminal: Terminal, centre: Centre
) -> None:
    most = rules().a_day["question"]
    claim = prove(terminal, centre, CAST["tang-yue"].mobile)
    for n in range(most):
        assert ask(terminal, phone(claim), f"第{n}个问题").state == "accepted"
    assert code_of(ask(terminal, phone(claim), "又一个问题")) == "mutualOften"
    assert code_of(ask(terminal, TANG, "换身份证再来")) == "mutualOften", (
        "their registered phone counts as theirs"
    )
    assert ask(terminal, LIN).state == "accepted"
    with centre.system.write() as work:
        work.core.mutual.forget(work.core.now + timedelta(seconds=1))
    with centre.database.read() as connection:
        assert set(connection.execute(select(tables.contribution.c.author)).scalars()) == {""}


def test_nobody_and_a_stolen_name_write_nothing(terminal: Terminal) -> None:
    assert code_of(ask(terminal, phone(None))) == "phoneUnproven"
    assert (
        code_of(ask(terminal, subject("tang-yue", name="别人", evidence="document", face=None)))
        == "nameDiffers"
    )


def test_what_waited_for_the_network_was_proven_when_it_was_taken(terminal: Terminal, centre: Centre) -> None:
    claim = prove(terminal, centre)
    taken = centre.clock.now().isoformat()
    centre.clock.forward(hours=5)
    data = {"topic": "other", "text": "断网时提的"}
    late = terminal.intent(
        "help.ask", data, phone(claim), service="help.ask", offline=True, accepted_at=taken
    )
    assert terminal.send(late).state == "accepted"
    assert code_of(ask(terminal, phone(claim))) == "phoneNotProven"


# --- ideas -----------------------------------------------------------------------------------------------------


def test_one_vote_of_one_person_which_may_be_changed(terminal: Terminal, centre: Centre) -> None:
    idea = published_idea(terminal, centre)
    assert vote(terminal, idea, "for").result["votes_for"] == 1
    told = vote(terminal, idea, "against").result
    assert (told["votes_for"], told["votes_against"]) == (0, 1)
    claim = prove(terminal, centre, CAST["tang-yue"].mobile)
    vote(terminal, idea, "for", phone(claim))
    assert vote(terminal, idea, "for", LIN).result["votes_for"] == 2
    told = vote(terminal, idea, "for").result
    assert told["votes_for"] == 2, "with the card now, with the phone on file before: one person"
    assert idea_of(terminal, idea)["mine"] == "for"
    assert vote(terminal, idea, "none").result["votes_for"] == 1
    assert idea_of(terminal, idea)["mine"] == "none"


def test_two_people_who_vote_at_once_count_both(terminal: Terminal, centre: Centre) -> None:
    idea = published_idea(terminal, centre)
    records = [
        terminal.intent("ideas.vote", {"idea": idea, "vote": "for"}, who, service="ideas.vote")
        for who in (TANG, LIN)
    ]
    with ThreadPoolExecutor(2) as threads:
        states = [answer.state for answer in threads.map(terminal.send, records)]
    assert states == ["accepted", "accepted"] and idea_of(terminal, idea)["votes_for"] == 2


def test_the_bureau_says_how_far_an_idea_has_come(terminal: Terminal, centre: Centre) -> None:
    idea = published_idea(terminal, centre)
    with centre.system.write() as work:
        with pytest.raises(ContributionRefused, match="why"):
            moderating.reply(work.core, idea, OFFICER, "declined")
        with pytest.raises(ContributionRefused, match="no stage"):
            moderating.reply(work.core, idea, OFFICER, "soon")  # type: ignore[arg-type]
        moderating.reply(work.core, idea, OFFICER, "declined", {"zh-CN": "放不下。"})
    told = idea_of(terminal, idea)
    assert (told["stage"], told["reply"], told["open"]) == ("declined", {"zh-CN": "放不下。"}, False)
    assert code_of(vote(terminal, idea, "for")) == "ideaClosed"
    assert code_of(vote(terminal, "67990026101200009991", "for")) == "ideaUnknown"


def test_votes_of_merged_ideas_are_one_vote_of_each(terminal: Terminal, centre: Centre) -> None:
    first, second = published_idea(terminal, centre), published_idea(terminal, centre, "椅子太少")
    vote(terminal, first, "for")
    vote(terminal, second, "for")
    vote(terminal, second, "for", LIN)
    with centre.system.write() as work:
        moderating.merge(work.core, second, OFFICER, first)
    assert idea_of(terminal, first)["votes_for"] == 2
    assert vote(terminal, second, "against").result["number"] == first


# --- the city and the files ------------------------------------------------------------------------------------


def test_the_city_has_read_answers_open_questions_and_voted_ideas(centre: Centre) -> None:
    with centre.system.read() as work:
        held = showing.published(work.core).questions
        ideas = showing.ideas(work.core, ())
        assert len(showing.open_questions(work.core)) >= 4
    assert len(held) >= 24 and all(set(one.text) == {"zh-CN", "en-US"} for one in held)
    assert all(answer.text["en-US"] != answer.text["zh-CN"] for one in held for answer in one.answers)
    assert sum(answer.knowledge_on is not None for one in held for answer in one.answers) >= 5
    assert {one.stage for one in ideas} == {"new", "looked-at", "taken-up", "done", "declined"}


@pytest.mark.parametrize(
    ("service", "kind"), [("help.browse", "question"), ("help.ask", "question"), ("ideas.submit", "idea")]
)
def test_the_topics_of_the_files_are_those_of_the_centre(service: str, kind: Any) -> None:
    forms = [step for step in CATALOGUE[service].service.steps if isinstance(step, FormStep)]
    (row,) = [row for step in forms for row in step.rows if row.id == "topic"]
    offered = {option.id: option.title for option in row.options if option.id != "all"}
    assert offered == {topic.id: topic.title for topic in rules().topics[kind]}


def test_what_became_knowledge_is_held_before_what_is_new(
    terminal: Terminal, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = published_question(terminal, centre)
    small = rules().model_copy(update={"shown": 12})
    monkeypatch.setattr(showing, "rules", lambda: small)
    with centre.system.read() as work:
        held = showing.published(work.core).questions
    known = [one for one in held if any(answer.knowledge_on for answer in one.answers)]
    assert len(held) == 12 and len(known) >= 5 and number in {one.number for one in held}
