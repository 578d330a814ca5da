"""The staff's first page and the page of reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.texts import Texts
from drivers.client import RoleStatus
from drivers.client.facades import Bin
from kiosk.availability import NOT_HERE, device_usable
from kiosk.flow.state import ServiceState, World
from kiosk.staff.board import TILES, Board, Known
from kiosk.staff.faults import ORDER
from kiosk.staff.pages import StaffPages
from kiosk.staff.views import BoardView, HandoverView
from tests.shipped import CATALOGUE
from ui.samples.staff import NOW, WELL, known


@pytest.fixture
def board() -> Board:
    return Board(Texts("zh-CN"), CATALOGUE)


def well() -> Known:
    return replace(
        known(False), units={"unit1": {"count": 3, "loaded": 5, "next": "00000003", "status": "ok"}}
    )


def test_the_worst_comes_first_with_the_way_to_mend_it(board: Board) -> None:
    page = board.page(known(True), False)
    assert page.todo is not None
    assert page.todo.key is not None
    assert (page.todo.key.action, page.todo.key.value) == ("guide", "a4:documentPrinter")
    assert "09:36" in page.todo.text
    assert "个税" in page.todo.text, "which service is out"


def test_a_reason_says_what_to_bring_and_which_services_wait(board: Board) -> None:
    first, *others = board.reasons(known(True))
    assert "A4" in first.bring
    assert first.tone == "bad"
    tones = [reason.tone for reason in (first, *others)]
    assert tones == sorted(tones, key=ORDER.index) and tones[1:3] == ["bad", "bad"], (
        "network, and what was refused"
    )
    network = next(reason for reason in others if reason.title == "网络不通")
    assert "网线" in network.services, "what to do about it"


def test_a_terminal_that_is_well_has_no_reasons(board: Board) -> None:
    page = board.page(well(), False)
    assert board.reasons(well()) == ()
    assert page.todo is not None
    assert (page.todo.tone, page.todo.key) == ("ok", None)


def test_a_paused_terminal_that_is_well_offers_to_go_on(board: Board) -> None:
    page: BoardView = board.page(well(), True)
    assert page.todo is not None
    assert page.todo.key is not None
    assert page.todo.key.action == "resume"


def test_a_unit_that_may_not_dispense_is_unlocked_by_whoever_looked(board: Board) -> None:
    locked = replace(well(), units={"unit1": {"count": 3, "status": "locked", "code": "053001900104"}})
    (reason,) = board.reasons(locked)
    assert reason.key is not None
    assert (reason.key.action, reason.key.value) == ("unlock", "unit1")


def test_a_unit_that_is_not_in_the_machine_has_nothing_to_unlock(board: Board) -> None:
    pulled = {"unit1": {"count": 3, "status": "missing", "code": "053001900104"}}
    (reason,) = board.reasons(replace(well(), units=pulled))
    assert "1" in reason.title and reason.key is None


@pytest.mark.parametrize(
    ("held", "tone"), [(Bin(37), ""), (Bin(37, nearly_full=True), "low"), (Bin(37, full=True), "bad")]
)
def test_a_bin_is_emptied_before_it_stops_the_dispenser(board: Board, held: Bin, tone: str) -> None:
    found = board.reasons(replace(well(), bins={"unitRetract": held, "unitReject": Bin(900)}))
    assert [reason.tone for reason in found] == [tone] * bool(tone)
    for reason in found:
        assert "回收箱" in reason.title and str(held.count) in reason.title and reason.bring
        assert reason.key is not None
        assert (reason.key.action, reason.key.value) == ("guide", "bins:invoiceDispenser")


@pytest.mark.parametrize("count", [0, 1])
def test_the_handover_counts_the_bins_and_leads_to_emptying_them(count: int) -> None:
    pages = StaffPages(Texts("en-US"), CATALOGUE)
    page = pages.handover(replace(well(), bins={"unitReject": Bin(count)}), "007", False)
    assert isinstance(page, HandoverView)
    assert ("Reject bin", f"{count} sheets") in page.lines
    assert ("bins:invoiceDispenser" in [key.value for key in page.keys]) == bool(count)


def test_the_page_of_reasons_says_how_many_services_remain() -> None:
    pages = StaffPages(Texts("en-US"), CATALOGUE)
    assert "Still offered: 2 of 3" in pages.why(known(True)).lead
    assert "Still offered" not in pages.why(known(False)).lead
    full = replace(known(True), world=World(True, known(True).world.services, out_of_service="storage"))
    assert "Still offered: 0 of 3" in pages.why(full).lead
    less = {**known(True).world.services, "invoice.pick-up": ServiceState(False, NOT_HERE)}
    assert "Still offered: 2 of 3" in pages.why(replace(known(True), world=World(False, less))).lead


def test_an_open_door_says_which_services_wait_for_it(board: Board) -> None:
    shut = {"invoice.collect": ServiceState(False, "invoiceDispenser")}
    doors = {"auxiliaries": RoleStatus("online", {"auxiliaries": {"cabinetDoor": "open"}}, 1.0)}
    (reason,) = board.reasons(replace(well(), statuses=doors, world=World(True, shut)))
    assert "领取纸质发票" in reason.services
    assert reason.key is not None
    assert reason.key.value == "door:auxiliaries"


def test_an_exchange_that_a_power_cut_left_open_is_told_with_the_way_to_end_it(board: Board) -> None:
    left = {"invoiceDispenser": RoleStatus("online", {"common": {"exchange": "active"}}, 1.0)}
    (reason,) = board.reasons(replace(well(), statuses=left))
    assert (reason.tone, reason.key and reason.key.action) == ("bad", "load")
    assert not device_usable("online", left["invoiceDispenser"].details, "invoiceDispenser")


def test_what_nobody_counts_shows_no_figure(board: Board) -> None:
    found = replace(well(), statuses={"documentPrinter": RoleStatus("online", {"printer": {}}, 1.0)})
    supplies = {supply.id: supply for supply in board.page(found, False).supplies}
    assert (supplies["a4"].share, supplies["a4"].amount, supplies["a4"].tone) == (-1.0, "", "unknown")
    assert supplies["roll"].tone == "unknown", "a printer nobody hears of"
    assert (supplies["unit1"].amount, supplies["unit1"].share) == ("3 / 5", 0.6)


def test_more_devices_than_room_are_told_as_one_and_none_that_is_ill_is_hidden(board: Board) -> None:
    statuses = {f"device{n}": WELL for n in range(12)} | {"device11": RoleStatus()}
    tiles = board.page(Known(statuses, {}, World(True), {}, {}, NOW), False).tiles
    assert len(tiles) == TILES
    assert "device11" in {tile.role for tile in tiles}
    assert tiles[-1].role == ""


@pytest.mark.parametrize(
    ("seconds", "shown"), [(59.0, ""), (61.0, "0:01"), (4020.0, "1:07"), (90000.0, "25:00")]
)
def test_what_waits_tells_how_long(board: Board, seconds: float, shown: str) -> None:
    found = replace(well(), queue={"queue": 1, "oldest_s": seconds})
    note = board.page(found, False).figures[1].note
    assert shown in note
    assert (":" in note) == bool(shown)
