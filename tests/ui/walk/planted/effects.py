"""Faults of effects: settled, kept, the same on both sides."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import Story
from ui.walk.rules import effects


@fault(effects.every_effect_is_settled, "slip s2 is not settled")
def an_effect_hangs(story: Story) -> None:
    story.journal = [r for r in story.journal if (r["key"], r["phase"]) != ("s2", "settled")]
    renumber(story)


@fault(effects.the_core_alone_keeps_effects, "in its own store, beside the core")
def an_effect_is_kept_beside_another_core(story: Story) -> None:
    story.bureau["kept_here"] = [{"kind": "rate", "key": "r1"}]


@fault(effects.every_effect_is_settled, "the journal has a gap")
def a_record_is_missing(story: Story) -> None:
    del story.journal[0]


@fault(effects.every_effect_is_settled, "the journal has a gap")
def a_record_is_there_twice(story: Story) -> None:
    story.journal.append(dict(story.journal[-1]))


@fault(effects.terminal_and_centre_hold_the_same_effects, "never reached the centre")
def a_rating_never_arrived(story: Story) -> None:
    del story.effects["f1"]


@fault(effects.terminal_and_centre_hold_the_same_effects, "which the terminal never meant")
def the_centre_holds_what_nobody_sent(story: Story) -> None:
    story.effects["x1"] = "accepted"


@fault(
    effects.terminal_and_centre_hold_the_same_effects,
    "reserve i1: the terminal holds accepted, the centre refused",
)
def an_online_answer_differs(story: Story) -> None:
    story.effects["i1"] = "refused"


@fault(
    effects.terminal_and_centre_hold_the_same_effects,
    "rate f1: the terminal holds accepted, the centre refused",
)
def a_late_answer_differs(story: Story) -> None:
    story.effects["f1"] = "refused"


def renumber(story: Story) -> None:
    for number, row in enumerate(story.journal, 1):
        row["seq"] = number
