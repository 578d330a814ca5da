"""A power failure, from the UPS' order to the machine that is ordered off, or that serves on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from drivers.client.hub import RoleStatus
from kiosk.power import (
    AGAIN_S,
    FINISH_FORCED_S,
    FINISH_S,
    GOING_S,
    VISIT_FORCED_S,
    VISIT_S,
    VISIT_UNKNOWN_S,
    PowerGuard,
    Supply,
    supply_of,
    visit_s,
)
from kiosk.poweroff import PowerOffRefused, power_off
from tests.kiosk.doubles import TestClock


def status(*, on: bool, ordered: bool = False, left: float | None = 600.0) -> RoleStatus:
    details = {
        "auxiliaries": {"UPS": {"engaged": not on, "low": ordered, "powering": True, "recovered": False}},
        "upsMonitor": {"shutdown": "requested" if ordered else "none", "chargePercent": 20, "runtimeS": left},
    }
    return RoleStatus("online", details, 0.0)


@dataclass
class Around:
    """UPS, visitor, paper, screen, journal and systemd, as the guard sees them."""

    clock: TestClock = field(default_factory=TestClock)
    now: RoleStatus = field(default_factory=lambda: status(on=True))
    visiting: bool = False
    busy: bool = False
    states: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    ended: int = 0
    refuse: bool = False
    offs: int = 0
    events: list[Callable[[str, str, Mapping[str, Any]], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        around: Any = self
        self.guard = PowerGuard(around, around, around, around, around, self.clock, self.off)

    def status(self, role: str) -> RoleStatus:
        return self.now if role == "ups" else RoleStatus()

    def on_change(self, callback: Callable[..., None]) -> None:
        pass

    def on_unsolicited(self, callback: Callable[[str, str, Mapping[str, Any]], None]) -> Callable[[], None]:
        self.events.append(callback)
        return lambda: None

    def end_visit(self) -> None:
        self.ended += 1

    def power(self, state: str) -> None:
        if self.states[-1:] != [state]:
            self.states.append(state)

    async def note(self, kind: str, data: Mapping[str, Any], origin: Any) -> None:
        self.notes.append((kind, origin.visit))

    async def shred(self, visit: str) -> None:
        self.notes.append(("shred", visit))

    async def off(self) -> None:
        self.offs += 1
        if self.refuse:
            raise PowerOffRefused("access denied")

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.notes]

    async def look(self, seconds: float = 0.0) -> None:
        self.clock.passed += seconds
        await self.guard.look()

    async def order(self, left: float | None = 600.0, reason: str = "batteryLow") -> None:
        self.now = status(on=False, ordered=True, left=left)
        for hear in self.events:
            hear("ups", "UpsMonitor.ShutdownRequestedEvent", {"reason": reason, "runtimeS": left})
        await self.look()


async def test_on_battery_the_terminal_serves_on_and_says_so() -> None:
    around = Around()
    around.now = status(on=False)
    await around.look()
    await around.look(3600)
    assert (around.states, around.offs, around.kinds) == (["battery"], 0, ["power.failed"])
    around.now = status(on=True)
    await around.look()
    assert around.states == ["battery", ""]
    assert around.kinds == ["power.failed", "power.back", "visit.ended", "shred"]


async def test_a_terminal_that_nobody_uses_is_ordered_off_at_once_and_once() -> None:
    around = Around()
    await around.order()
    assert (around.states, around.offs) == (["battery", "low"], 1)
    assert around.kinds == ["power.failed", "power.ordered", "power.off", "visit.ended", "shred"]
    assert len({visit for _, visit in around.notes}) == 1
    await around.look(GOING_S * 2)
    assert around.offs == 1


async def test_who_is_being_served_may_end_and_then_the_machine_goes_off() -> None:
    around = Around(visiting=True)
    await around.order()
    await around.look(VISIT_S - 1)
    assert (around.offs, around.ended) == (0, 0)
    around.visiting = False
    await around.look()
    assert (around.offs, around.ended) == (1, 0)


async def test_a_visit_that_does_not_end_is_ended_and_what_moves_comes_first() -> None:
    around = Around(visiting=True, busy=True)
    await around.order()
    await around.look(VISIT_S)
    await around.look(1)
    assert around.ended == 2, "until it can be left"
    around.visiting = False
    await around.look(FINISH_S - 2)
    assert around.offs == 0, "paper moves"
    around.busy = False
    await around.look()
    assert around.offs == 1


async def test_nothing_holds_the_power_for_ever() -> None:
    around = Around(visiting=True, busy=True)
    await around.order()
    await around.look(VISIT_S)
    await around.look(FINISH_S)
    assert around.offs == 1


async def test_paper_of_a_visit_that_is_over_has_its_own_bound() -> None:
    around = Around(busy=True)
    await around.order()
    await around.look(FINISH_S - 1)
    assert around.offs == 0
    await around.look(1)
    assert around.offs == 1


async def test_a_ups_that_switches_off_by_itself_leaves_seconds_only() -> None:
    around = Around(visiting=True, busy=True)
    await around.order(reason="forced")
    await around.look(VISIT_FORCED_S)
    assert around.ended
    await around.look(FINISH_FORCED_S)
    assert around.offs == 1


@pytest.mark.parametrize(
    ("left", "seconds"), [(None, VISIT_UNKNOWN_S), (3600.0, VISIT_S), (190.0, 50.0), (60.0, 0.0), (0.0, 0.0)]
)
def test_a_visit_has_half_of_what_the_battery_lasts(left: float | None, seconds: float) -> None:
    assert visit_s(Supply(False, True, 10, left)) == seconds


async def test_mains_that_come_back_first_bring_the_terminal_back() -> None:
    around = Around(visiting=True)
    await around.order()
    await around.look(10)
    around.now = status(on=True)
    await around.look()
    assert around.states == ["battery", "low", ""]
    await around.look(VISIT_S * 2)
    assert (around.offs, around.ended) == (0, 0)
    assert around.kinds[-3:] == ["power.back", "visit.ended", "shred"]
    await around.order()
    assert around.states[-1] == "low", "the next failure is a new one"
    assert around.notes[-1][1] != around.notes[0][1]


async def test_an_order_that_systemd_refused_is_given_again() -> None:
    around = Around(refuse=True)
    await around.order()
    await around.look(AGAIN_S - 1)
    assert around.offs == 1
    around.refuse = False
    await around.look(1)
    await around.look(AGAIN_S)
    assert around.offs == 2
    assert around.kinds.count("power.off") == 1


async def test_a_machine_that_did_not_go_serves_again_on_mains_but_not_while_it_goes() -> None:
    around = Around()
    await around.order()
    around.now = status(on=True)
    await around.look(GOING_S - 1)
    assert around.states[-1] == "low"
    await around.look(1)
    assert around.states[-1] == ""


async def test_a_ups_that_falls_silent_takes_nothing_back() -> None:
    around = Around(visiting=True)
    await around.order()
    around.now = RoleStatus("unknown", around.now.details, 99.0)
    await around.look(VISIT_S)
    await around.look(FINISH_S)
    assert (around.states[-1], around.offs) == ("low", 1)


async def test_a_ups_that_was_never_heard_orders_nothing() -> None:
    around = Around(now=RoleStatus())
    await around.look(3600)
    assert (around.states, around.offs) == ([], 0)
    assert supply_of(RoleStatus("offline", status(on=False, ordered=True).details)) == Supply()
    assert supply_of(RoleStatus("online", {"auxiliaries": "odd", "upsMonitor": []})) == Supply()


async def test_a_journal_that_is_full_does_not_keep_the_machine_up(caplog: pytest.LogCaptureFixture) -> None:
    around = Around()

    async def full(*_: Any) -> None:
        raise OSError(28, "no space")

    around.note = around.shred = full  # type: ignore[method-assign,assignment]
    await around.order()
    assert around.offs == 1
    assert "could not be journalled" in caplog.text


# --- the order itself -----------------------------------------------------------------------------------------


async def test_what_systemd_refuses_is_told_with_what_to_look_at() -> None:
    python = sys.executable
    await power_off((python, "-c", ""))
    with pytest.raises(PowerOffRefused, match=r"Access denied; is kiosk-poweroff\.service installed"):
        await power_off((python, "-c", "import sys; sys.exit('Access denied')"))
    with pytest.raises(PowerOffRefused, match="cannot be run"):
        await power_off(("/nowhere/systemctl",))


async def test_a_systemd_that_does_not_answer_is_given_up() -> None:
    async with asyncio.timeout(20):
        with pytest.raises(PowerOffRefused, match="did not answer"):
            await power_off((sys.executable, "-c", "import time; time.sleep(60)"), 0.2)


def test_the_order_can_be_given_from_the_cores_own_thread() -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, power_off((sys.executable, "-c", ""))).result(20)
