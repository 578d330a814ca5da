"""The dispenser's bins are emptied by a guide, and what the book had in them is noted with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from config.texts import Texts
from drivers.client import DeviceHub, RoleStatus
from drivers.client.errors import DeviceCommandFailed
from drivers.client.facades import Bin
from kiosk.machines import Machines
from kiosk.staff.front import Front
from kiosk.staff.lookout import Lookout
from kiosk.staff.pages import Guiding, StaffPages
from kiosk.staff.signing import Signing
from kiosk.staff.tasks import Tasks
from tests.kiosk.staff.test_board import WELL, well
from tests.shipped import CATALOGUE

HELD = {"unitReject": Bin(3), "unitRetract": Bin(0)}


class Desk:
    """Page, person, eyes and devices, as far as the bins need them."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.noted: list[tuple[str, Mapping[str, Any]]] = []
        self.said: list[str] = []
        self.known = replace(well(), bins=HELD)
        self.exchanging = asyncio.Lock()

    def draw(self) -> None:
        pass

    def say(self, text: str, tone: str = "ok") -> None:
        self.said.append(text)

    def say_trouble(self, code: str) -> None:
        self.said.append(code)

    async def look(self) -> None:
        pass

    async def note(self, kind: str, data: Mapping[str, Any]) -> None:
        self.noted.append((kind, data))

    async def request(
        self, role: str, name: str, payload: Mapping[str, Any], timeout_s: float
    ) -> Mapping[str, Any]:
        self.asked.append((name, payload))
        if self.refusal and name == "Storage.StartExchange":
            raise DeviceCommandFailed(role, "invalidData", self.refusal)
        return {}


def tasks(desk: Desk, folder: Path) -> Tasks:
    return Tasks(
        cast("Front", desk), cast("Signing", desk), cast("Lookout", desk), cast("DeviceHub", desk),
        cast("Machines", None), folder, "A-07",
    )  # fmt: skip


async def test_emptying_is_told_to_the_dispenser_and_noted_with_the_counts(tmp_path: Path) -> None:
    desk = Desk()
    await tasks(desk, tmp_path).emptied()
    assert [name for name, _ in desk.asked] == [
        "Storage.StartExchange", "Storage.SetStorage", "Storage.EndExchange"
    ]  # fmt: skip
    assert set(desk.asked[1][1]["storage"]) == set(HELD)
    assert desk.noted == [("staff.emptied", {"bins": {"unitReject": 3, "unitRetract": 0}})]
    assert desk.said == ["bench.emptied.done"]


@pytest.mark.parametrize("name", ["rejectBin", "retractBin"])
async def test_a_sheet_that_found_no_room_is_brought_into_the_emptied_bin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    desk = Desk()

    async def reset(hub: DeviceHub, role: str) -> None:
        desk.asked.append((f"reset {role}", {}))

    monkeypatch.setattr("drivers.bench.reset", reset)
    full = RoleStatus("online", {"invoiceDispenser": {name: "full"}}, 0.1)
    desk.known = replace(desk.known, statuses={**desk.known.statuses, "invoiceDispenser": full})
    await tasks(desk, tmp_path).emptied()
    assert [name for name, _ in desk.asked][-2:] == ["Storage.EndExchange", "reset invoiceDispenser"]
    assert [kind for kind, _ in desk.noted] == ["staff.emptied", "staff.reset"]


async def test_a_refusal_is_told_and_nothing_is_noted(tmp_path: Path) -> None:
    desk = Desk("transactionActive")
    await tasks(desk, tmp_path).emptied()
    assert desk.noted == []
    assert desk.said == ["transactionActive"]


def test_the_last_step_of_the_guide_records_it() -> None:
    page = StaffPages(Texts("zh-CN"), CATALOGUE).guide(Guiding("bins", "invoiceDispenser", 2), WELL)
    assert [key.action for key in page.keys] == ["board", "turn", "emptied"]
