"""Faults of conversations with an officer and of call-backs."""

from __future__ import annotations

from typing import Any

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import DIGEST, Story
from ui.walk.rules import remote

CALL_BACK = "71990026101200000014"


def a_call_back(story: Story, **kept: Any) -> None:
    """Somebody asked to be called, and the centre has it; ``kept`` is what it has in place of that."""
    told = {"topic": "other", "words": "几点开门", "mobile": "13912340031", "slot": "any"}
    story.transaction = "t-call"
    story.effect("consult.call-back", "c9", told, {"state": "accepted", "case": CALL_BACK, "key": "c9"})
    story.about["c9"]["reference"] = CALL_BACK
    row = {
        "key": "c9",
        "number": CALL_BACK,
        "slot": "any",
        "state": "open",
        "sealed": DIGEST,
        "topic": "other",
    }
    story.bureau["call_back"] = [{**row, **kept}]


@fault(remote.call_backs_are_entered_once, "the centre holds it 0 times")
def a_call_back_did_not_come(story: Story) -> None:
    a_call_back(story)
    story.bureau["call_back"] = []


@fault(remote.call_backs_are_entered_once, "it has another number than was told")
def a_call_back_has_another_number(story: Story) -> None:
    a_call_back(story, number="71990026101200000022")


@fault(remote.call_backs_are_entered_once, "it is open at the time morning, any was chosen")
def a_call_back_is_at_another_time(story: Story) -> None:
    a_call_back(story, slot="morning")


@fault(remote.nothing_of_a_conversation_lies_open, "what was said lies open")
def a_phone_lies_open(story: Story) -> None:
    a_call_back(story, topic="13912340031")


@fault(remote.nothing_of_a_conversation_lies_open, "a screen is kept that is shown no more")
def a_screen_is_left(story: Story) -> None:
    a_call_back(story)
    talk = {"number": CALL_BACK, "visit": "another", "taken_at": None, "state": "ended"}
    story.bureau["remote_talk"] = [{**talk, "sealed": DIGEST, "picture": DIGEST}]
