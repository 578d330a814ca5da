"""Faults of worked sheets."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.planted.scenes import WORKED
from tests.ui.walk.story import DIGEST, Story
from ui.walk.rules import worked


def a_worked_sheet(story: Story, *rows: str, total: str = "¥5,300.00") -> None:
    """A slip of which the journal holds the digest alone, and which has no code."""
    story.transaction = "t9"
    story.effect("slip", "s9", {"sha256": DIGEST, "reprint": False}, {"outcome": "printed", "key": "s9"})
    story.slip("013-slip.png", "", *rows, total=total)


@fault(worked.worked_sheets_say_what_comes_out, "which is no sum of the domain note")
def a_worked_sheet_with_a_wrong_line(story: Story) -> None:
    a_worked_sheet(story, *WORKED[:-1], "地方教育附加 50.01")


@fault(worked.worked_sheets_say_what_comes_out, "which is no sum of the domain note")
def a_worked_sheet_that_lacks_a_line(story: Story) -> None:
    a_worked_sheet(story, *WORKED[:-1])
