"""The results of a survey: how many answered what, in all and by hall.

A hall from which fewer than ``FEWEST`` visitors answered has no figures of its own: with so few of them who knows one
of the visitors would know their answers; nor has the next smallest, where what is left of the whole without the others
would be as few. Words come in the order of their letters, which says nothing of who wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bureau.engine.surveys.publishing import there
from bureau.ports.core import Core
from bureau.ports.surveys import Survey, SurveyAnswer, SurveyEvent

FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """One question: how many said something to it, how often each option was chosen, and what was written."""

    question: str
    replied: int
    chosen: Mapping[str, int]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Results:
    """Of all who answered: ``answers`` visitors; ``halls``: those with figures; ``few``: visitors of the others."""

    survey: Survey
    answers: int
    questions: Sequence[Counted]
    halls: Mapping[str, Sequence[Counted]]
    by_hall: Mapping[str, int]
    few: int


def results(core: Core, name: str, officer: str) -> Results:
    """Count the answers so far; that the officer looked is kept. Raises ``SurveyRefused``."""
    core.surveys.lock()
    survey = there(core, name)
    answers = core.surveys.answers(name)
    core.surveys.note(SurveyEvent(0, name, core.now, officer, "read", {"answers": str(len(answers))}))
    numbers = Counter(answer.hall for answer in answers)
    halls = {
        hall: _counted(survey, [a for a in answers if a.hall == hall], words=False)
        for hall in _with_figures(numbers)
    }
    return Results(
        survey=survey,
        answers=len(answers),
        questions=_counted(survey, answers, words=True),
        halls=halls,
        by_hall={hall: numbers[hall] for hall in halls},
        few=sum(count for hall, count in numbers.items() if hall not in halls),
    )


def _with_figures(numbers: Mapping[str, int]) -> Sequence[str]:
    """The halls with so many visitors that nobody is made out, also not by taking them from the whole."""
    enough = sorted(
        (hall for hall in numbers if numbers[hall] >= FEWEST), key=lambda hall: (numbers[hall], hall)
    )
    others = sum(numbers.values()) - sum(numbers[hall] for hall in enough)
    return sorted(enough[1:] if 0 < others < FEWEST else enough)


def _counted(survey: Survey, answers: Sequence[SurveyAnswer], *, words: bool) -> Sequence[Counted]:
    found = []
    for asked in survey.questions:
        replies = [one for answer in answers for one in answer.replies if one.question == asked.question]
        chosen = Counter(option for reply in replies for option in reply.options)
        found.append(
            Counted(
                question=asked.question,
                replied=len(replies),
                chosen={option.option: chosen[option.option] for option in asked.options},
                words=sorted(reply.words for reply in replies if reply.words) if words else (),
            )
        )
    return found
