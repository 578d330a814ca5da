"""Surveys (调查问卷): what the bureau asks whoever comes, and what they answer without saying who they are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Texts, Wire

SurveyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
QuestionKind = Literal["one", "many", "words"]
"""One of the options, any of them, or words of one's own."""
MOST_WORDS = 100
"""Characters that somebody may write to a question."""
MOST_QUESTIONS, MOST_OPTIONS = 12, 8


class SurveyOption(Wire):
    """Something that may be answered."""

    option: SurveyName
    title: Texts


class SurveyQuestion(Wire):
    """One question. ``most``: of ``many`` so many at most, 0: all. ``optional``: it may be passed by."""

    question: SurveyName
    kind: QuestionKind
    ask: Texts
    options: list[SurveyOption]
    most: int
    optional: bool


class SurveyShown(Wire):
    """A survey that runs. ``until`` is its last day; ``count_text`` says how many questions it has."""

    survey: SurveyName
    title: Texts
    about: Texts
    count_text: Texts
    until: date
    questions: list[SurveyQuestion]


class SurveyList(Wire):
    """``survey.list``: those that run now, the one that ends first on top; the same for everybody."""

    as_of: AwareDatetime
    surveys: list[SurveyShown]


class SurveyReply(Wire):
    """The answer to one question: options, or words; one that was passed by is not there."""

    question: SurveyName
    options: Annotated[list[SurveyName], Field(max_length=MOST_OPTIONS)] = Field(
        default_factory=list, repr=False
    )
    words: Annotated[str, StringConstraints(max_length=MOST_WORDS)] = Field(default="", repr=False)


class SurveyTake(Wire):
    """``survey.take``: one visitor's answers, of nobody; the terminal has put personal data out of sight already."""

    survey: SurveyName
    answers: Annotated[list[SurveyReply], Field(max_length=MOST_QUESTIONS)] = Field(repr=False)


class SurveyTaken(Wire):
    """They count."""

    survey: SurveyName
    title: Texts
