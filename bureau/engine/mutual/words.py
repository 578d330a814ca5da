"""What is said of contributions: as whom somebody wrote, how far an idea has come, how the votes stand."""

from __future__ import annotations

from typing import Literal

from bureau.engine.mutual.rules import rules
from bureau.ports.mutual import AuthorClass, Contribution, Reason, Stage, State, Tally
from bureau.texts import LANGUAGES, say
from sync.models import Texts

Vote = Literal["for", "against", "none"]
VOTES: dict[Vote, int] = {"for": 1, "against": -1, "none": 0}


def topic_text(of: Contribution) -> Texts:
    """What it is about."""
    return dict(rules().title(of.kind, of.topic))


def text_of(of: Contribution) -> Texts:
    """Its words in every language: where nobody has translated them, as they were written."""
    written = of.text.get(of.lang) or next(iter(of.text.values()), "")
    return {lang: of.text.get(lang) or written for lang in LANGUAGES}


def author_text(who: AuthorClass) -> Texts:
    """As whom they wrote."""
    return say(f"mutual.author.{who}")


def state_text(state: State) -> Texts:
    """What becomes of it."""
    return say(f"mutual.state.{state}")


def reason_text(reason: Reason) -> Texts:
    """Why it is not published."""
    return say(f"mutual.reason.{reason}")


def stage_text(stage: Stage) -> Texts:
    """How far an idea has come."""
    return say(f"mutual.stage.{stage or 'new'}")


def vote_text(vote: Vote) -> Texts:
    """How somebody voted."""
    return say(f"mutual.vote.{vote}")


def votes_text(tally: Tally) -> Texts:
    """How the votes stand."""
    return say("mutual.votes", yes=str(tally.yes), no=str(tally.no))


def voted(value: int) -> Vote:
    """The word for what is kept of a vote."""
    return next(word for word, kept in VOTES.items() if kept == value)
