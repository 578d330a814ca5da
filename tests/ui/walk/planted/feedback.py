"""Faults of complaints, tip-offs and ratings."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import PERSON, Story
from ui.walk.rules import feedback


def a_tip_off(story: Story, *, desk: str = "report", target: str = "翠湖小吃店") -> None:
    """A tip-off that was accepted, with a number that is not on the slip of the story."""
    number = "68990026101200000014"
    data = {"target": target, "facts": "不开发票", "naming": "anonymous", "name": None}
    story.transaction = "t21"
    story.effect("feedback.report", "x1", data, {"state": "accepted", "case": number})
    story.about["x1"] |= {"person_number": None, "taxpayer": None}
    case = {"number": number, "key": "x1", "desk": desk, "mobile": "", "state": "received"}
    story.bureau["feedback_case"] = [case]


@fault(feedback.feedback_is_entered_once, "entered 0 times")
def a_tip_off_that_was_never_entered(story: Story) -> None:
    a_tip_off(story)
    story.bureau["feedback_case"].clear()


@fault(feedback.feedback_is_entered_once, "at ['complaint']")
def a_tip_off_at_the_other_desk(story: Story) -> None:
    a_tip_off(story, desk="complaint")


@fault(feedback.feedback_is_entered_once, "told as 68990026101200000014, held as")
def a_tip_off_under_another_number(story: Story) -> None:
    a_tip_off(story)
    story.bureau["feedback_case"][0]["number"] = "68990026101200000022"


@fault(feedback.tip_offs_name_nobody, "keeps who stood there")
def a_tip_off_with_its_giver(story: Story) -> None:
    a_tip_off(story)
    story.about["x1"] |= {"person_number": PERSON}


@fault(feedback.tip_offs_name_nobody, "its visit says who it was (identified)")
def a_tip_off_in_the_visit_of_somebody(story: Story) -> None:
    a_tip_off(story)
    story.record("identified", "note", None, {})


@fault(feedback.tip_offs_name_nobody, "target stand in the centre's tables unsealed")
def a_tip_off_in_the_clear(story: Story) -> None:
    a_tip_off(story)
    story.bureau["case_file"] = [{"details": "翠湖小吃店"}]


def a_rated_answer(story: Story, **act: str) -> None:
    """An answer of which somebody said what they think."""
    a_key, number = "01940000-0000-7000-8000-000000000021", "67990026100600000019"
    story.transaction = "t22"
    data = {"key": a_key, "level": "fair", "again": None, "words": None}
    story.effect("feedback.reply", "x2", data, {"state": "accepted", "number": number})
    case = {"number": number, "key": a_key, "desk": "complaint", "mobile": "", "state": "closed"}
    story.bureau.setdefault("feedback_case", []).append(case)
    story.bureau["feedback_act"] = [{"number": number, "act": "rate", "officer": "", **act}]


@fault(feedback.answers_are_judged_once, "rate stands 0 times in the log")
def a_rating_that_an_officer_entered(story: Story) -> None:
    a_rated_answer(story, officer="赵服务")
