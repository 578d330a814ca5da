"""Faults of subscriptions."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import Story
from ui.walk.rules import subscriptions


def subscriptions_of(story: Story, chosen: list[str], held: list[str]) -> None:
    """Somebody left ``chosen`` marked, and the centre holds ``held``."""
    who = {
        "person": None,
        "phone": {"mobile": "13912340029", "challenge": "c"},
        "taxpayer": None,
        "role": None,
    }
    story.transaction = "t-follow"
    story.effect("subscription.change", "h4", {"topics": chosen}, {"state": "accepted", "key": "h4"})
    next(r for r in story.journal if r["key"] == "h4" and r["phase"] == "intent")["body"]["subject"] = who
    story.bureau["subscription"] = [
        {"visitor": "phone:13912340029", "topic": topic, "active": 1} for topic in held
    ] + [{"visitor": "phone:13912340029", "topic": "school", "active": 0}]


@fault(subscriptions.subscriptions_are_as_chosen, "chose ['notices'], the centre holds []")
def a_subscription_is_lost(story: Story) -> None:
    subscriptions_of(story, ["notices"], [])


@fault(subscriptions.subscriptions_are_as_chosen, "the centre holds ['notices', 'rules-vat']")
def a_subscription_does_not_end(story: Story) -> None:
    subscriptions_of(story, ["notices"], ["notices", "rules-vat"])
