"""Faults of mutual help and ideas."""

from __future__ import annotations

import json
from typing import Any

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import Story
from ui.walk.rules import mutual

QUESTION, IDEA = "67990026101200000016", "67990026100790000012"


def a_question(story: Story, **kept: Any) -> None:
    """Somebody asked, and the centre keeps it; ``kept`` is what it has in place of that."""
    told = {"topic": "other", "text": "电话[电话]打不通"}
    story.transaction = "t-help"
    story.effect("help.ask", "h1", told, {"state": "accepted", "number": QUESTION, "key": "h1"})
    story.about["h1"]["reference"] = QUESTION
    row = {"key": "h1", "number": QUESTION, "kind": "question", "state": "waiting", "about": "", "stage": ""}
    words = json.dumps({"zh-CN": told["text"]}, ensure_ascii=False)
    story.bureau["contribution"] = [{**row, "text": words, **kept}]


def a_vote(story: Story, vote: str, *values: int) -> None:
    """Somebody voted, and the centre counts ``values`` of them."""
    told = {"idea": IDEA, "number": None, "vote": vote}
    story.transaction = "t-ideas"
    story.effect("ideas.vote", "h2", told, {"state": "accepted", "number": IDEA, "key": "h2"})
    story.about["h2"]["reference"] = IDEA
    story.bureau["contribution_mark"] = [
        {"number": IDEA, "who": f"phone:1391234000{n}", "value": value} for n, value in enumerate(values)
    ]


def thanks(story: Story, times: int) -> None:
    """Somebody said that it helped, and the centre counts it so often."""
    story.transaction = "t-thanks"
    story.effect("help.thank", "h3", {"question": QUESTION}, {"state": "accepted", "key": "h3"})
    visit = next(r for r in story.journal if r["key"] == "h3")["visit"]
    story.bureau["contribution_mark"] = [{"number": QUESTION, "who": visit, "value": 1} for _ in range(times)]


@fault(mutual.contributions_are_kept_as_they_were_shown, "the centre keeps other words than were shown")
def a_phone_that_was_out_of_sight_is_kept(story: Story) -> None:
    a_question(story, text=json.dumps({"zh-CN": "电话13912340007打不通"}))


@fault(mutual.contributions_are_kept_as_they_were_shown, "it is kept as a published question")
def a_question_is_published_unread(story: Story) -> None:
    a_question(story, state="published")


@fault(mutual.contributions_are_kept_as_they_were_shown, "the centre keeps it 0 times")
def a_question_is_lost(story: Story) -> None:
    a_question(story, key="another")


@fault(mutual.contributions_are_kept_as_they_were_shown, "it has another number than was told")
def a_question_has_another_number(story: Story) -> None:
    a_question(story, number=IDEA)


@fault(mutual.votes_count_once, "voted for, the centre counts [1, 1]")
def a_vote_counts_twice(story: Story) -> None:
    a_vote(story, "for", 1, 1)


@fault(mutual.votes_count_once, "voted none, the centre counts [1]")
def a_vote_that_was_taken_back_counts(story: Story) -> None:
    a_vote(story, "none", 1)


@fault(mutual.thanks_count_once, "it helped once, the centre counts 0")
def thanks_are_lost(story: Story) -> None:
    thanks(story, 0)
