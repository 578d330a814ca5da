"""Mutual help (互助) and ideas (创意): what taxpayers ask, answer, propose and vote, and what is published of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Texts, Wire

LONGEST = 200
"""Characters of a text that somebody gives."""
ContributionNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{20}$")]
TopicName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*$", max_length=40)]
Written = Annotated[str, StringConstraints(min_length=4, max_length=LONGEST, strip_whitespace=True)]
IdeaStage = Literal["new", "looked-at", "taken-up", "done", "declined"]


class HelpAsk(Wire):
    """``help.ask``: a question in one's own words; the terminal has put personal data out of sight already."""

    topic: TopicName
    text: Written = Field(repr=False)


class HelpAnswer(Wire):
    """``help.answer``: an answer to a published question, chosen from a list, or by its number without one."""

    question: ContributionNumber | None = None
    number: ContributionNumber | None = None
    author: Literal["taxpayer", "accountant", "agent"]
    text: Written = Field(repr=False)


class HelpThank(Wire):
    """``help.thank``: the question and its answers helped whoever reads it; once a visit."""

    question: ContributionNumber


class IdeaSubmit(Wire):
    """``ideas.submit``: what could be made better."""

    topic: TopicName
    text: Written = Field(repr=False)


class IdeaVote(Wire):
    """``ideas.vote``: for or against an idea, or no vote any more; by its number where there was no list."""

    idea: ContributionNumber | None = None
    number: ContributionNumber | None = None
    vote: Literal["for", "against", "none"]


class Contributed(Wire):
    """The answer to what somebody gave: its number, the text as it will be read, where it is followed."""

    number: str
    topic_text: Texts
    text: Texts
    state_text: Texts
    verify_url: str


class Voted(Wire):
    """The answer to a vote: the idea and how the votes stand now."""

    number: str
    text: Texts
    vote_text: Texts
    stage_text: Texts
    votes_for: int
    votes_against: int
    votes_text: Texts
    verify_url: str


class AnswerShown(Wire):
    """A published answer. ``official``: officers confirmed it or wrote it; else it is what another taxpayer says."""

    number: str
    text: Texts
    author_text: Texts
    official: bool
    knowledge_on: date | None
    written_on: date


class QuestionShown(Wire):
    """A published question with its answers, those of officers first. ``helped``: how many people."""

    number: str
    topic: str
    topic_text: Texts
    text: Texts
    asked_on: date
    helped: int
    answers: list[AnswerShown]


class HelpPublished(Wire):
    """``help.published``: all that a terminal holds for reading, the newest first."""

    as_of: AwareDatetime
    questions: list[QuestionShown]


class OpenQuestion(Wire):
    """A published question without an official answer; ``answers`` of other taxpayers it has."""

    number: str
    topic_text: Texts
    text: Texts
    asked_on: date
    answers: int


class OpenQuestions(Wire):
    """``help.open``: what anybody may answer, the oldest with the fewest answers first."""

    rows: list[OpenQuestion]


class IdeaShown(Wire):
    """A published idea. ``mine``: how whoever asks has voted; ``open``: whether votes are taken still."""

    number: str
    topic: str
    topic_text: Texts
    text: Texts
    proposed_on: date
    stage: IdeaStage
    stage_text: Texts
    reply: Texts
    votes_for: int
    votes_against: int
    votes_text: Texts
    mine: Literal["for", "against", "none"]
    mine_text: Texts
    open: bool


class IdeasShown(Wire):
    """``ideas.list``: those with the most votes first."""

    rows: list[IdeaShown]
