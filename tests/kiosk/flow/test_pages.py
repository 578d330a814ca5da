"""Scanning papers: each page is looked at, kept, taken again or removed; pages go ahead of what names them."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import PrintSlip, ReadPage, StopWaiting, Submit
from kiosk.flow.events import Action
from kiosk.flow.frame_words import things_to_take
from kiosk.flow.pages import DonePage, MessagePage, Page, PagesPage, ReviewPage, WorkingPage
from tests.kiosk.flow.visitor import CARD, Visitor
from tests.shipped import CATALOGUE

CASE: dict[str, Any] = {
    "case": "63990026100800000011",
    "title": {"zh-CN": "税收减免申请", "en-US": "Application for tax relief"},
    "owner": "云川远山建材有限公司",
    "wanted": "受灾证明",
    "pages": 0,
    "accepted_on": "2026-10-08",
    "due_on": "2026-11-05",
}
CASES = {"rows": [CASE], "as_of": "2026-10-12T09:42:00+08:00"}
HELD = {"state": "accepted", "accepted_at": "2026-10-12T09:43:00+08:00"}


def seen(name: str) -> dict[str, Any]:
    return {"jpeg": f"SkZJRg{name}", "sha256": name * 64, "bytes": 4}


def scanning(**world: bool) -> Visitor:
    """Before the first page, with a case chosen."""
    visitor = Visitor().world(**{"documentCamera": True, "documentScanner": True, **world})
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "materials.supply")
    visitor.answer(CARD)
    if visitor.state.world.online:
        visitor.answer({"known": True, "roles": [], "notices": []})
        visitor.answer(CASES)
    else:
        visitor.answer(fault="unreachable")
        visitor.touch(Action.SECOND, "type")
        visitor.touch(Action.FILL, "number", CASE["case"])
    visitor.touch(Action.PROCEED)
    return visitor


def pages(page: Page, state: str) -> PagesPage:
    assert isinstance(page, PagesPage), page
    assert page.state == state
    return page


def keep(visitor: Visitor, name: str) -> PagesPage:
    visitor.touch(Action.PROCEED)
    pages(visitor.answer(seen(name)), "shown")
    return pages(visitor.touch(Action.PROCEED), "list")


def test_a_page_is_shown_before_it_is_kept() -> None:
    visitor = scanning()
    pages(visitor.page, "ready")
    reading = pages(visitor.touch(Action.PROCEED), "reading")
    assert visitor.asked == ReadPage("documentCamera")
    assert (reading.preview, reading.action) == (True, "")
    shown = pages(visitor.answer(seen("a")), "shown")
    assert dict(shown.papers) == {"a" * 64: "SkZJRga"} and shown.picture == "a" * 64
    listed = pages(visitor.touch(Action.PROCEED), "list")
    assert [choice.icon for choice in listed.choices] == ["a" * 64]


def test_a_page_is_taken_again_in_its_place_and_removed() -> None:
    visitor = scanning()
    keep(visitor, "a")
    visitor.touch(Action.SECOND, "more")
    keep(visitor, "b")
    pages(visitor.touch(Action.CHOOSE, "0"), "shown")
    pages(visitor.touch(Action.SECOND, "again"), "ready")
    listed = keep(visitor, "c")
    assert [choice.icon[0] for choice in listed.choices] == ["c", "b"]
    pages(visitor.touch(Action.CHOOSE, "1"), "shown")
    listed = pages(visitor.touch(Action.SECOND, "remove"), "list")
    assert [choice.icon[0] for choice in listed.choices] == ["c"]
    assert "b" * 64 not in listed.papers
    pages(visitor.touch(Action.CHOOSE, "0"), "shown")
    pages(visitor.touch(Action.SECOND, "remove"), "ready")


@pytest.mark.parametrize("fault", ["noDocument", "cutOff", "glare", "device", "tooFar", "somethingNew"])
def test_what_was_not_seen_well_is_told_and_cannot_be_kept(fault: str) -> None:
    visitor = scanning()
    visitor.touch(Action.PROCEED)
    page = pages(visitor.answer(fault=fault), "again")
    assert page.message and page.picture == ""
    pages(visitor.touch(Action.SECOND, "keep"), "again")
    pages(visitor.touch(Action.PROCEED), "reading")


@pytest.mark.parametrize("flaw", ["dark", "empty", "blur"])
def test_a_page_that_looks_unreadable_is_shown_with_why_and_kept_only_on_purpose(flaw: str) -> None:
    visitor = scanning()
    visitor.touch(Action.PROCEED)
    page = pages(visitor.answer(seen("a"), fault=flaw), "again")
    assert page.message and page.picture == "a" * 64
    assert page.second is not None and page.second.id == "keep"
    pages(visitor.touch(Action.SECOND, "keep"), "list")


def test_no_more_than_so_many_pages_are_kept() -> None:
    visitor = scanning()
    for number in range(10):
        if number:
            visitor.touch(Action.SECOND, "more")
        listed = keep(visitor, str(number))
    assert listed.second is None
    pages(visitor.touch(Action.SECOND, "more"), "list")


def test_reading_can_be_stopped_and_a_late_page_is_nobodys() -> None:
    visitor = scanning()
    visitor.touch(Action.PROCEED)
    late = next(i.id for i in visitor.issued if isinstance(i.effect, ReadPage))
    pages(visitor.touch(Action.SECOND, "stop"), "ready")
    assert isinstance(visitor.issued[-1].effect, StopWaiting)
    assert late


def test_the_way_back_leads_to_the_list_and_the_pages_are_still_there_afterwards() -> None:
    visitor = scanning()
    keep(visitor, "a")
    visitor.touch(Action.SECOND, "more")
    pages(visitor.touch(Action.BACK), "list")
    review = visitor.touch(Action.PROCEED)
    assert isinstance(review, ReviewPage)
    assert [choice.icon[0] for choice in pages(visitor.touch(Action.BACK), "list").choices] == ["a"]
    visitor.touch(Action.PROCEED)
    pages(visitor.touch(Action.CHANGE, "scan"), "list")
    assert isinstance(visitor.touch(Action.PROCEED), ReviewPage)


def test_the_scanner_takes_the_cameras_place_when_that_is_away() -> None:
    visitor = scanning(documentCamera=False)
    assert pages(visitor.page, "ready").illustration == "documentScanner"
    visitor.touch(Action.PROCEED)
    assert visitor.asked == ReadPage("documentScanner")


def test_without_either_the_service_is_closed() -> None:
    visitor = Visitor().world(documentCamera=False, documentScanner=False)
    state = visitor.state.world.services["materials.supply"]
    assert (state.usable, state.reason) == (False, "documentCamera")


def test_each_page_goes_ahead_and_is_named_by_its_key() -> None:
    visitor = scanning()
    keep(visitor, "a")
    visitor.touch(Action.SECOND, "more")
    keep(visitor, "b")
    visitor.touch(Action.PROCEED)
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, WorkingPage) and "1" in page.steps[1].label
    for key, name in (("k1", "a"), ("k2", "b")):
        assert visitor.asked == Submit("material.page", {"sha256": name * 64, "jpeg": f"SkZJRg{name}"})
        visitor.answer({**HELD, "key": key})
    named = [{"key": "k1", "sha256": "a" * 64}, {"key": "k2", "sha256": "b" * 64}]
    data = {"case": CASE["case"], "number": None, "pages": named}
    assert visitor.asked == Submit("materials.supply", data)
    visitor.answer({**HELD, "key": "k3", "case": CASE["case"], "count": 2, "due_on": "2026-11-09"})
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    listed = [(block.get("label"), block.get("value")) for block in slip.blocks]
    assert ("第 1 页", "AAAAAAAA") in listed and ("第 2 页", "BBBBBBBB") in listed
    assert "SkZJRg" not in str(slip.blocks)
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)


def test_when_one_page_has_to_wait_all_that_follows_waits_behind_it() -> None:
    visitor = scanning()
    keep(visitor, "a")
    visitor.touch(Action.SECOND, "more")
    keep(visitor, "b")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    visitor.answer({"queued": True, "key": "k1"})
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue and effect.kind == "material.page"
    visitor.answer({"queued": True, "key": "k2"})
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue and effect.kind == "materials.supply"


def test_offline_the_number_is_typed_and_everything_is_queued() -> None:
    visitor = scanning(online=False)
    keep(visitor, "a")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue
    visitor.answer({"queued": True, "key": "k1"})
    effect = visitor.asked
    assert isinstance(effect, Submit) and effect.queue
    assert (effect.data["case"], effect.data["number"]) == (None, CASE["case"])


def test_a_page_that_is_refused_ends_it_with_what_to_do() -> None:
    visitor = scanning()
    keep(visitor, "a")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    refusal = {"code": "pageUnreadable", "text": {"zh-CN": "坏"}, "next_step": {"zh-CN": "再拍"}}
    page = visitor.answer({"state": "refused", "refusal": refusal})
    assert isinstance(page, MessagePage) and page.body == ("坏", "再拍")


def test_nothing_of_the_pages_is_left_when_the_visit_ends() -> None:
    visitor = scanning()
    keep(visitor, "a")
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.PROCEED)
    assert "SkZJRg" not in repr(visitor.state) and "SkZJRg" not in str(visitor.state.data)


def test_originals_under_the_camera_are_among_the_things_to_take() -> None:
    service = CATALOGUE["preference.apply"].service
    laid = things_to_take(service, ["id", "paper"], {"scan": {"pages": [{}]}, "slip": {"outcome": "printed"}})
    assert laid == ["id", "paper", "originals"]
    assert "originals" not in things_to_take(service, ["id"], {"slip": {"outcome": "printed"}})
