"""The page of wearing parts and cleaning: what is due first, and nothing is recorded by a slip of a finger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from config.texts import Texts, languages
from drivers.client import DeviceHub
from drivers.client.care import Cared, read_care
from drivers.client.errors import DeviceCommandFailed, DeviceUnavailable
from kiosk.staff.board import icon
from kiosk.staff.caring import Caring
from kiosk.staff.front import Front
from kiosk.staff.pages import StaffPages
from kiosk.staff.signing import Signing
from kiosk.staff.tasks import Tasks
from kiosk.staff.views import CareView
from kiosk.watch import Watch
from tests.shipped import CATALOGUE
from ui.samples.staff import _cared, known

CUTTER = "receiptPrinter:cutter"


class Hub:
    """Answers as the services do; the receipt printer alone has something to look after."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Mapping[str, Any]]] = []

    def roles(self) -> Sequence[str]:
        return ("receiptPrinter", "watchdog", "ups")

    async def request(
        self, role: str, name: str, payload: Mapping[str, Any], timeout_s: float
    ) -> Mapping[str, Any]:
        self.asked.append((role, name, payload))
        if role == "watchdog":
            raise DeviceCommandFailed(role, "unsupportedCommand")
        if role == "ups":
            raise DeviceUnavailable(role, "no connection")
        return _cared().told[role] if name == "Care.GetCare" else {}


class Desk:
    """The page, the person and the tasks, as far as caring needs them; remembers what was noted."""

    def __init__(self) -> None:
        self.pages = StaffPages(Texts("zh-CN"), CATALOGUE)
        self.noted: list[tuple[str, Mapping[str, Any]]] = []
        self.signed = type("Signed", (), {"name": "007"})()
        self.changed = 0

    def draw(self) -> None:
        pass

    async def note(self, kind: str, data: Mapping[str, Any]) -> None:
        self.noted.append((kind, data))

    async def ask(self, act: Any, done: str) -> bool:
        await act()
        return True

    def care_changed(self) -> None:
        self.changed += 1


def caring(desk: Desk, hub: Hub) -> Caring:
    return Caring(
        cast(Front, desk),
        cast(Signing, desk),
        cast(Tasks, desk),
        cast(DeviceHub, hub),
        cast(Watch, desk),
    )


async def test_what_nobody_counts_is_not_told_and_who_does_not_answer_is() -> None:
    found = await read_care(cast(DeviceHub, Hub()), ("receiptPrinter", "watchdog", "ups"))
    assert list(found.told) == ["receiptPrinter"]
    assert found.silent == {"ups": "ups: no connection"}


@pytest.mark.parametrize("lang", languages())
def test_what_is_due_stands_first_and_each_tells_how_far_it_is(lang: str) -> None:
    page = StaffPages(Texts(lang), CATALOGUE).care.page(_cared(), "", icon)
    assert [row.tone for row in page.rows] == ["bad", "bad", "low", "low", "ok", "ok"]
    rows = {row.id: row for row in page.rows}
    assert "931,400" in rows[CUTTER].measure
    assert "41,200" in rows["receiptPrinter:printHead"].measure, "paper is told in metres"
    assert "2026-11-02" in rows["barcodeReader:cleaning"].measure, "the day by which it is due"
    assert "2" in page.lead


async def test_a_part_is_recorded_only_when_the_person_says_so_twice() -> None:
    desk, hub = Desk(), Hub()
    steps = caring(desk, hub)
    await steps.look()
    await steps.done(CUTTER)
    shown = steps.page()
    assert isinstance(shown, CareView)
    (row,) = [row for row in shown.rows if row.id == CUTTER]
    assert [key.value for key in row.keys] == [f"{CUTTER}:sure", ""]
    assert all(name == "Care.GetCare" for _, name, _ in hub.asked)
    await steps.done(f"{CUTTER}:sure")
    assert ("receiptPrinter", "Care.Done", {"name": "cutter", "by": "007"}) in hub.asked
    assert desk.noted == [("staff.cared", {"role": "receiptPrinter", "name": "cutter"})]
    assert desk.changed == 1


async def test_another_touch_takes_the_question_back() -> None:
    desk, hub = Desk(), Hub()
    steps = caring(desk, hub)
    await steps.look()
    for touches in ((CUTTER, ""), (CUTTER, "receiptPrinter:cleaning"), ()):
        for touch in touches:
            await steps.done(touch)
        await steps.done(f"{CUTTER}:sure")
    assert not any(name == "Care.Done" for _, name, _ in hub.asked)
    assert desk.noted == []


def test_the_overview_says_that_something_is_due() -> None:
    pages = StaffPages(Texts("zh-CN"), CATALOGUE)
    due = replace(known(False), due={"receiptPrinter": ["cutter"]})
    (reason,) = [reason for reason in pages.board.reasons(due) if reason.key and reason.key.action == "care"]
    assert "凭条打印机" in reason.title
    assert pages.care.page(Cared(), "", icon).rows == ()
