"""Faults of the navigator's checklists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from tests.shipped import CATALOGUE
from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import URL, Story
from ui.walk.rules import navigated

BRINGS = CATALOGUE["declare.deed"].service
"""Whose checklist is printed."""


def a_checklist(
    story: Story, things: Sequence[str] = (), printed: Sequence[str] = (), code: str = "", *, title: str = ""
) -> None:
    """A checklist at a visit of its own; ``printed`` are the things that came out in place of what was meant."""
    story.transaction = "t-navigator"
    story.record("service.opened", "note", None, {"service": "tools.navigator"})
    meant = things or [thing["zh-CN"] for thing in BRINGS.brings]

    def lines(of: Sequence[str]) -> list[dict[str, Any]]:
        numbered = [f"{number}. {thing}" for number, thing in enumerate(of, 1)]
        texts = (title or BRINGS.title["zh-CN"], BRINGS.summary["zh-CN"], *numbered)
        told = [{"type": "text", "text": text} for text in texts]
        return [*told, *([{"type": "qr", "data": code}] if code else [])]

    story.effect("slip", "s-list", {"blocks": lines(meant)}, {"outcome": "printed", "key": "s-list"})
    story.item("slip", "021-slip.png", to_png(render(parse_receipt(lines(printed or meant)))))


@fault(navigated.checklists_say_what_the_service_takes, "s-list: the checklist is that of no service")
def a_checklist_leaves_something_out(story: Story) -> None:
    a_checklist(story, ["身份证原件"])


@fault(navigated.checklists_say_what_the_service_takes, "s-list: the checklist is that of no service")
def a_checklist_is_that_of_another_service(story: Story) -> None:
    a_checklist(story, title="契税退税")


@fault(navigated.checklists_say_what_the_service_takes, "no sheet that came out has 2 things to bring")
def a_thing_to_bring_did_not_come_out(story: Story) -> None:
    a_checklist(story, printed=["身份证原件"])


@fault(navigated.checklists_say_what_the_service_takes, "s-list: a checklist has a code")
def a_checklist_has_a_code(story: Story) -> None:
    a_checklist(story, code=f"{URL}/s/nowhere")
