"""The questions that the consultation is measured with hold together, and those held back leave no subject out.

What fails names ids only, so that a run shows nobody the part that is held back.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

import pytest

from config import library
from config.catalogue import load_catalogue
from config.library import Library
from config.library.models import Topic
from tests.consultation.questions import PARTS, TODAY, Beyond, Manner, Part, Question, load

NUMBERS: Final[dict[Part, dict[bool, int]]] = {
    "open": {True: 240, False: 50},
    "held": {True: 184, False: 78},
}
"""How many have an answer, and how many have none."""


@cache
def shipped() -> Library:
    return library.load()


@cache
def questions(part: Part) -> tuple[Question, ...]:
    return load(part)


def every_question() -> Iterable[Question]:
    for part in PARTS:
        yield from questions(part)


def bare(asked: str) -> str:
    """The wording without what does not tell questions apart: width, case, punctuation, space."""
    folded = unicodedata.normalize("NFKC", asked).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "PZSC")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_its_number_of_questions(part: Part) -> None:
    answerable = [bool(question.expects) for question in questions(part)]
    assert Counter(answerable) == NUMBERS[part]


def test_every_expected_clause_is_there_and_in_force_on_the_day_asked_about() -> None:
    wrong = []
    for question in every_question():
        for cited in question.expects:
            text = shipped().texts.get(cited.text)
            if text is None or text.clause(cited.clause) is None:
                wrong.append(f"{question.id}: there is no {cited.text} {cited.clause}")
            elif not text.in_force(question.day):
                wrong.append(f"{question.id}: {cited.text} was not in force on {question.day}")
    assert not wrong


def test_every_topic_is_one_of_a_text_that_answers_or_of_an_answer_that_cites_it() -> None:
    about = {
        (text.id, clause.at): {*text.topics} for text in shipped().texts.values() for clause in text.clauses
    }
    for answer in shipped().answers.values():
        for cited in answer.sources:
            about[cited.text, cited.clause] |= {*answer.topics}
    wrong = [
        question.id
        for question in every_question()
        if question.expects
        and not any(question.topic in about[cited.text, cited.clause] for cited in question.expects)
    ]
    assert not wrong


def test_every_service_is_in_the_catalogue() -> None:
    catalogue = load_catalogue()
    assert not [q.id for q in every_question() if q.service is not None and q.service not in catalogue]


def test_ids_and_wordings_stand_once_in_both_parts_together() -> None:
    ids = Counter(question.id for question in every_question())
    assert not [id for id, times in ids.items() if times > 1]
    first: dict[str, str] = {}
    twice = []
    for question in every_question():
        before = first.setdefault(bare(question.asked), question.id)
        if before != question.id:
            twice.append((before, question.id))
    assert not twice


def test_no_wording_is_one_that_the_library_itself_gives() -> None:
    given = {bare(words) for a in shipped().answers.values() for asked in a.asked for words in asked.values()}
    assert not [question.id for question in every_question() if bare(question.asked) in given]


@pytest.mark.parametrize("part", PARTS)
def test_every_subject_is_asked_about(part: Part) -> None:
    assert {question.topic for question in questions(part) if question.expects} == {*Topic}


def test_the_held_ones_are_spread_evenly_over_the_subjects() -> None:
    asked = Counter(question.topic for question in questions("held") if question.expects)
    assert max(asked.values()) <= 2 * min(asked.values())


def test_every_reason_for_having_no_answer_is_among_the_held_ones() -> None:
    reasons = Counter(question.beyond for question in questions("held") if question.beyond)
    assert not [reason for reason in Beyond if reasons[reason] < 2]


@pytest.mark.parametrize("part", PARTS)
def test_some_are_asked_about_a_day_that_is_past(part: Part) -> None:
    assert sum(question.day < TODAY for question in questions(part)) >= 5


@pytest.mark.parametrize(("part", "share"), [("open", 0.15), ("held", 0.2)])
def test_english_has_its_share(part: Part, share: float) -> None:
    english = sum(question.lang == "en-US" for question in questions(part))
    assert abs(english / len(questions(part)) - share) <= 0.02


@pytest.mark.parametrize("part", PARTS)
def test_the_ways_of_asking_have_their_shares(part: Part) -> None:
    manners = Counter(question.manner for question in questions(part) if question.expects)
    for manner, share in {"misspelt": 10, "initials": 5, "word": 10, "rambling": 10, "numbers": 10}.items():
        assert abs(100 * manners[Manner(manner)] / NUMBERS[part][True] - share) <= 2, manner


def test_each_question_is_asked_in_the_manner_that_it_names() -> None:
    looks: dict[Manner, Callable[[str], bool]] = {
        Manner.WORD: lambda asked: len(asked) <= 6,
        Manner.RAMBLING: lambda asked: len(asked) >= 60,
        Manner.NUMBERS: lambda asked: any(c.isdigit() for c in asked),
        Manner.INITIALS: lambda asked: asked.isascii() and asked.replace(" ", "").islower(),
    }
    wrong = [q.id for q in every_question() if q.manner in looks and not looks[q.manner](q.asked)]
    assert not wrong
    han = [q.id for q in every_question() if q.lang == "en-US" and not q.asked.isascii()]
    assert not han
