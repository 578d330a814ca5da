"""What is published: questions with their answers, ideas with their votes; nothing of who gave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bureau.engine.mutual.contributing import CLOSED
from bureau.engine.mutual.rules import rules
from bureau.engine.mutual.words import (
    author_text,
    stage_text,
    text_of,
    topic_text,
    vote_text,
    voted,
    votes_text,
)
from bureau.ports.core import Core
from bureau.ports.mutual import Contribution, Tally
from config.clock import CHINA
from sync.models import AnswerShown, HelpPublished, IdeaShown, OpenQuestion, QuestionShown

EVERYTHING = 10_000
OPEN = 60
"""Open questions that are listed: as many as a page of rows has."""


def published(core: Core) -> HelpPublished:
    """Questions for reading: the newest, and those of which an answer became knowledge, the newest first."""
    everything = core.mutual.listed("question", ("published",), EVERYTHING)
    answers = answers_of(core, [one.number for one in everything])
    most = rules().shown
    known = {n for n, found in answers.items() if any(one.knowledge_on for one in found)}
    fresh = {one.number for one in everything if one.number not in known}
    room = [one.number for one in everything if one.number in fresh][: max(0, most - len(known))]
    kept = [one for one in everything if one.number in known or one.number in set(room)][:most]
    helped = tallies(core, [one.number for one in kept])
    return HelpPublished(
        as_of=core.now,
        questions=[question_shown(one, answers[one.number], helped[one.number]) for one in kept],
    )


def question_shown(one: Contribution, answers: Iterable[Contribution], helped: Tally) -> QuestionShown:
    """One with its answers, what officers confirmed first."""
    shown = sorted(answers, key=lambda a: (a.confirmed_at is None, a.written_at, a.number))
    return QuestionShown(
        number=one.number,
        topic=one.topic,
        topic_text=topic_text(one),
        text=text_of(one),
        asked_on=day_of(one),
        helped=helped.yes,
        answers=[
            AnswerShown(
                number=each.number,
                text=text_of(each),
                author_text=author_text(each.author_class),
                official=each.confirmed_at is not None,
                knowledge_on=each.knowledge_on,
                written_on=day_of(each),
            )
            for each in shown
        ],
    )


def open_questions(core: Core) -> list[OpenQuestion]:
    """What no officer has answered or confirmed an answer to: the fewest answers first, then the oldest."""
    everything = core.mutual.listed("question", ("published",), EVERYTHING)
    answers = answers_of(core, [one.number for one in everything])
    found = [one for one in everything if not any(a.confirmed_at for a in answers[one.number])]
    found.sort(key=lambda one: (len(answers[one.number]), one.written_at, one.number))
    return [
        OpenQuestion(
            number=one.number,
            topic_text=topic_text(one),
            text=text_of(one),
            asked_on=day_of(one),
            answers=len(answers[one.number]),
        )
        for one in found[:OPEN]
    ]


def ideas(core: Core, names: Sequence[str]) -> list[IdeaShown]:
    """Those with the most votes first; ``names``: of whom it is told how they voted."""
    everything = core.mutual.listed("idea", ("published",), EVERYTHING)
    numbers = [one.number for one in everything]
    votes, mine = tallies(core, numbers), core.mutual.marked(numbers, names) if names else {}
    shown = [idea_shown(one, votes[one.number], mine.get(one.number, 0)) for one in everything]
    return sorted(shown, key=lambda one: (not one.open, -one.votes_for, one.number))


def idea_shown(one: Contribution, votes: Tally, mine: int) -> IdeaShown:
    """One with its votes and what officers say to it."""
    said = voted(mine)
    return IdeaShown(
        number=one.number,
        topic=one.topic,
        topic_text=topic_text(one),
        text=text_of(one),
        proposed_on=day_of(one),
        stage=one.stage or "new",
        stage_text=stage_text(one.stage),
        reply=one.reply,
        votes_for=votes.yes,
        votes_against=votes.no,
        votes_text=votes_text(votes),
        mine=said,
        mine_text=vote_text(said) if said != "none" else {},
        open=one.stage not in CLOSED,
    )


def answers_of(core: Core, questions: Sequence[str]) -> Mapping[str, list[Contribution]]:
    """The published answers to each of these questions."""
    found: dict[str, list[Contribution]] = {number: [] for number in questions}
    for one in core.mutual.answers(questions):
        if one.state == "published":
            found[one.about].append(one)
    return found


def tallies(core: Core, numbers: Sequence[str]) -> Mapping[str, Tally]:
    """Of each of these."""
    known = {one.number: one for one in core.mutual.tallies(numbers)}
    return {number: known.get(number, Tally(number, 0, 0)) for number in numbers}


def day_of(one: Contribution) -> date:
    """The day on which it was written, in China."""
    return one.written_at.astimezone(CHINA).date()
