"""Surveys: two officers publish one, each visit answers it once, and nothing says who answered what."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.surveys import counting, publishing
from bureau.engine.surveys.counting import Results
from bureau.errors import DecisionRefused
from bureau.ports.surveys import Survey, SurveyAnswer
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

FIRST, SECOND = "周审核", "吴批准"
WHY = {"zh-CN": "问题已经解决", "en-US": "It is solved"}
PROPOSAL = """
survey: door
title: {zh-CN: 大厅的门, en-US: The door}
about: {zh-CN: 换不换自动门, en-US: Whether to have an automatic one}
since: 2026-10-12
until: 2026-10-20
questions:
  - question: heavy
    kind: one
    ask: {zh-CN: 门重吗？, en-US: Is it heavy?}
    options:
      - {option: "very", title: {zh-CN: 重, en-US: "Yes"}}
      - {option: light, title: {zh-CN: 不重, en-US: "No"}}
  - question: ways
    kind: many
    most: 2
    optional: true
    ask: {zh-CN: 怎么改？, en-US: What helps?}
    options:
      - {option: motor, title: {zh-CN: 自动门, en-US: A motor}}
      - {option: handle, title: {zh-CN: 换把手, en-US: A handle}}
      - {option: open, title: {zh-CN: 白天开着, en-US: Left open}}
  - {question: more, kind: words, optional: true, ask: {zh-CN: 还有呢？, en-US: Anything else?}}
"""
HEAVY = {"question": "heavy", "options": ["very"], "words": ""}
WAYS = {"question": "ways", "options": ["motor", "open"], "words": ""}


def proposed(centre: Centre, officer: str = FIRST, **changed: str) -> Survey:
    raw = PROPOSAL
    for old, new in changed.items():
        raw = raw.replace(f"{old}: ", f"{old}: {new} #", 1)
    with centre.system.write() as work:
        return publishing.propose(work.core, officer, publishing.draft(raw))


def published(centre: Centre, officer: str = SECOND) -> Survey:
    with centre.system.write() as work:
        return publishing.publish(work.core, "door", officer)


def closed(centre: Centre) -> Survey:
    with centre.system.write() as work:
        return publishing.close(work.core, "door", FIRST, WHY)


def counted(centre: Centre, survey: str = "door") -> Results:
    with centre.system.write() as work:
        return counting.results(work.core, survey, FIRST)


def asked(terminal: Terminal) -> dict[str, Any]:
    return {one["survey"]: one for one in terminal.data("survey.list", None, {}, "survey.take")["surveys"]}


def given(terminal: Terminal, *replies: dict[str, Any], visit: str = "v-1", **more: Any) -> str:
    """``accepted``, or the code with which the answers are refused."""
    data = {"survey": "door", "answers": list(replies)}
    answer = terminal.do("survey.take", data, visit=visit, **more)
    return answer.refusal.code if answer.refusal is not None else answer.state.value


@pytest.fixture
def door(centre: Centre) -> Survey:
    proposed(centre)
    return published(centre)


def test_it_is_asked_once_another_officer_published_it(terminal: Terminal, centre: Centre) -> None:
    proposed(centre)
    assert "door" not in asked(terminal)
    with pytest.raises(DecisionRefused, match="another officer"):
        published(centre, FIRST)
    published(centre)
    shown = asked(terminal)["door"]
    assert [one["question"] for one in shown["questions"]] == ["heavy", "ways", "more"]
    assert shown["count_text"]["zh-CN"] == "3 个问题"
    assert {"opening-hours", "tax-month"}.isdisjoint(asked(terminal)), "one is proposed, the other is over"


def test_each_visit_answers_once(terminal: Terminal, centre: Centre, door: Survey) -> None:
    assert given(terminal, HEAVY, WAYS) == "accepted"
    assert given(terminal, HEAVY) == "surveyAnswered"
    assert given(terminal, HEAVY, visit="v-2") == "accepted"
    found = counted(centre)
    assert (found.answers, [one.replied for one in found.questions]) == (2, [2, 1, 0])
    assert found.questions[0].chosen == {"very": 2, "light": 0}
    assert found.questions[1].chosen == {"motor": 1, "handle": 0, "open": 1}


def test_of_two_answers_of_one_visit_at_once_one_counts(
    terminal: Terminal, centre: Centre, door: Survey
) -> None:
    records = [
        terminal.intent("survey.take", {"survey": "door", "answers": [HEAVY]}, visit="v-9") for _ in range(2)
    ]
    states: list[str] = []
    threads = [
        threading.Thread(target=lambda r=r: states.append(terminal.send(r).state.value))  # type: ignore[misc]
        for r in records
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["accepted", "refused"]
    assert counted(centre).answers == 1


@pytest.mark.parametrize(
    "replies",
    [
        [],
        [{**HEAVY, "options": []}],
        [{**HEAVY, "options": ["very", "light"]}],
        [{**HEAVY, "options": ["other"]}],
        [{**HEAVY, "words": "很重"}],
        [HEAVY, HEAVY],
        [HEAVY, {"question": "ways", "options": ["motor", "handle", "open"]}],
        [HEAVY, {"question": "ways", "options": ["motor", "motor"]}],
        [HEAVY, {"question": "more", "options": ["very"]}],
        [HEAVY, {"question": "unknown", "options": ["very"]}],
    ],
)
def test_answers_that_nobody_could_have_touched_are_refused(
    terminal: Terminal, door: Survey, replies: list[dict[str, Any]]
) -> None:
    assert given(terminal, *replies) == "surveyDiffers"


def test_nothing_is_kept_of_who_answered(terminal: Terminal, centre: Centre, door: Survey) -> None:
    words = {"question": "more", "options": [], "words": "打13912340007找我，门太重"}
    data = {"survey": "door", "answers": [HEAVY, words]}
    done = terminal.do("survey.take", data, subject("tang-yue"), visit="v-3")
    assert done.refusal is None
    with centre.system.read() as work:
        (answer,) = work.core.surveys.answers("door")
    effect = select(tables.effect.c.person_number, tables.effect.c.reference).where(
        tables.effect.c.key == done.key
    )
    with centre.database.read() as connection:
        kept = connection.execute(effect).one()
    assert {f: getattr(answer, f) for f in ("survey", "hall")} == {"survey": "door", "hall": "H-01"}
    assert set(SurveyAnswer.__slots__) == {"token", "survey", "hall", "day", "replies"}
    assert "13912340007" not in str(answer) and "门太重" in answer.replies[1].words
    assert tuple(kept) == (None, ""), "whoever stood there, the effect is of nobody"


def test_what_was_answered_without_the_network_counts_by_its_moment(
    terminal: Terminal, centre: Centre, door: Survey
) -> None:
    before = centre.clock.now()
    closed(centre)
    centre.clock.at += timedelta(hours=2)
    late = (before + timedelta(hours=1)).isoformat()
    assert given(terminal, HEAVY, visit="v-4", offline=True, accepted_at=late) == "surveyClosed"
    early = (before - timedelta(minutes=1)).isoformat()
    assert given(terminal, HEAVY, visit="v-5", offline=True, accepted_at=early) == "accepted"
    assert given(terminal, HEAVY, visit="v-6") == "surveyClosed"


def test_it_ends_after_its_last_day_by_itself(terminal: Terminal, centre: Centre, door: Survey) -> None:
    centre.clock.at += timedelta(days=9)
    assert "door" not in asked(terminal)
    assert given(terminal, HEAVY, visit="v-7") == "surveyClosed"
    with pytest.raises(DecisionRefused, match="by itself"):
        closed(centre)


def test_what_is_not_published_cannot_be_answered(terminal: Terminal, centre: Centre) -> None:
    assert given(terminal, HEAVY) == "surveyUnknown"
    proposed(centre)
    assert given(terminal, HEAVY) == "surveyUnknown"
    with centre.system.write() as work:
        publishing.refuse(work.core, "door", SECOND, WHY)
    assert given(terminal, HEAVY) == "surveyUnknown"
    with pytest.raises(DecisionRefused, match="is refused"):
        published(centre)


def test_halls_with_few_answers_have_no_figures_of_their_own(centre: Centre) -> None:
    def results(**visitors: int) -> Results:
        with centre.system.write() as work:
            for hall, count in visitors.items():
                for _ in range(count):
                    token = f"{hall}{len(work.core.surveys.answers('door'))}"
                    work.core.surveys.take(SurveyAnswer(token, "door", hall, door.since, ()))
        return counted(centre)

    proposed(centre)
    door = published(centre)
    assert results(A=5, B=6).by_hall == {"A": 5, "B": 6}
    few = results(C=2)
    assert (few.by_hall, few.few) == ({"B": 6}, 7), "C would be what is left of the whole without A and B"
    assert results(C=3).by_hall == {"A": 5, "B": 6, "C": 5}


def test_the_trail_names_each_deed_and_each_look(centre: Centre, door: Survey) -> None:
    counted(centre)
    closed(centre)
    with centre.system.read() as work:
        trail = [(e.did, e.officer) for e in publishing.history(work.core, "door")]
    assert trail == [("proposed", FIRST), ("published", SECOND), ("read", FIRST), ("closed", FIRST)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("until: 2026-10-20", "until: 2026-10-11"), "not before since"),
        (("until: 2026-10-20", "until: 2027-10-20"), "180 days"),
        (("question: ways", "question: heavy"), "heavy stands there twice"),
        (("option: light", "option: very"), "very stands there twice"),
        (("most: 2", "most: 4"), "no more than it has options"),
        (("kind: words,", "kind: words, most: 1,"), "words have no options"),
        (("kind: many\n    most: 2", "kind: words"), "words have no options"),
        (("{zh-CN: 门重吗？, en-US: Is it heavy?}", "{zh-CN: 门重吗？}"), "say it in en-US"),
        (("大厅的门", "门" * 17), "at most 16"),
        (("survey: door", "survey: The door"), "survey"),
        (("questions:", "asks:"), "asks"),
        (("title: {", "title: [{"), "cannot be read"),
    ],
)
def test_a_proposal_with_a_mistake_says_what_to_mend(change: tuple[str, str], problem: str) -> None:
    with pytest.raises(DecisionRefused, match=problem):
        publishing.draft(PROPOSAL.replace(*change, 1))


def test_a_survey_that_is_there_or_over_is_not_proposed(centre: Centre) -> None:
    proposed(centre)
    with pytest.raises(DecisionRefused, match="there is a survey door"):
        proposed(centre, SECOND)
    with pytest.raises(DecisionRefused, match="from today on"):
        proposed(centre, survey="gate", since="2026-09-01", until="2026-10-11")


def test_what_the_city_has_was_published_by_another_officer(terminal: Terminal, centre: Centre) -> None:
    assert {"hall-service", "e-invoice-use"} <= asked(terminal).keys()
    found = counted(centre, "hall-service")
    assert found.answers == 64 and found.questions[0].replied == 64
    with centre.system.read() as work:
        for survey in work.core.surveys.entries():
            assert survey.proposed_by != survey.decided_by
