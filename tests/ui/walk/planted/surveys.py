"""Faults of surveys."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import PERSON, Story
from ui.walk.rules import surveys


def an_answered_survey(story: Story, **kept: Any) -> None:
    """A survey that was answered in a visit of nobody; ``kept`` stands beside the answer at the centre."""
    story.transaction = "t23"
    replies = [{"question": "waiting", "options": ["short"], "words": ""}]
    story.effect("survey.take", "x3", {"survey": "hall-service", "answers": replies}, {"state": "accepted"})
    story.about["x3"] |= {"person_number": None, "taxpayer": None}
    visit = next(r["visit"] for r in story.journal if r["key"] == "x3")
    digest = hashlib.sha256(f"hall-service:{visit}".encode()).hexdigest()
    story.bureau["survey_visit"] = [{"survey": "hall-service", "visit": digest}]
    row = {"token": "r", "survey": "hall-service", "hall": "H-01", "day": "2026-10-12"}
    story.bureau["survey_answer"] = [{**row, "replies": json.dumps(replies), **kept}]


@fault(surveys.surveys_count_once, "given 1 times, the centre holds it 0 times")
def a_survey_with_other_answers(story: Story) -> None:
    an_answered_survey(story, replies=json.dumps([{"question": "waiting", "options": ["long"], "words": ""}]))


@fault(surveys.surveys_count_once, "its visit has answered 0 times")
def a_survey_that_may_be_answered_again(story: Story) -> None:
    an_answered_survey(story)
    story.bureau["survey_visit"].clear()


@fault(surveys.answers_are_of_nobody, "an answer to hall-service is kept with terminal")
def a_survey_with_its_terminal(story: Story) -> None:
    an_answered_survey(story, terminal="A-07")


@fault(surveys.answers_are_of_nobody, "the answer leads to its visit")
def a_survey_that_names_its_visit(story: Story) -> None:
    an_answered_survey(story, token="t23")


@fault(surveys.answers_are_of_nobody, "the centre keeps who answered")
def a_survey_of_somebody(story: Story) -> None:
    an_answered_survey(story)
    story.about["x3"] |= {"person_number": PERSON}


@fault(surveys.answers_are_of_nobody, "its visit says who it was (phone.proven)")
def a_survey_in_the_visit_of_somebody(story: Story) -> None:
    an_answered_survey(story)
    story.record("phone.proven", "note", None, {})
