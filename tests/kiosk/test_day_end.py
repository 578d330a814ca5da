"""The card terminal's batch at the end of the day: once, when nobody is here, and never twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

import pytest

from config.clock import CHINA
from drivers.client import DeviceHub
from drivers.client.errors import DeviceCommandFailed, DeviceUnavailable
from drivers.client.hub import RoleStatus
from kiosk.books import JournalBooks
from kiosk.day_end import LATE_S, DayEnd, day_of, prefix
from sync.backoff import Backoff

AT = time(23, 30)
DAY = date(2026, 10, 12)
OPEN = "open"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-{text}").replace(tzinfo=CHINA)


@dataclass
class Terminal:
    """The device program with one POS: what was settled under which key, and what is to go wrong next."""

    sales: int = 1
    batch: str = OPEN
    device: str = "online"
    closed: list[tuple[str, int]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=lambda: {"known": False})
    fail: list[str] = field(default_factory=list)
    agrees: bool = True
    there: bool = True

    def roles(self) -> list[str]:
        return ["paymentTerminal"] if self.there else []

    def status(self, role: str) -> RoleStatus:
        told = {"batch": self.batch}
        if self.device == "online" and "state" in self.last:
            told |= {"settlement": self.last["state"], "settlementAgrees": self.last.get("agrees")}
        return RoleStatus(self.device, {"paymentTerminal": told}, 0.0)

    async def request(
        self, role: str, name: str, payload: Mapping[str, Any], timeout_s: float, on_event: Any = None
    ) -> Mapping[str, Any]:
        match name.removeprefix("PaymentTerminal."):
            case "GetTotals":
                return {side: self._counted() for side in ("terminal", "book")}
            case "GetLastSettlement":
                return self.last
            case _:
                return self._settle(payload["key"])

    def _counted(self) -> dict[str, int]:
        return {"saleCount": self.sales, "voidCount": 0, "refundCount": 0}

    def _settle(self, key: str) -> Mapping[str, Any]:
        self.tries.append(key)
        if self.last.get("key") == key and self.last["state"] != OPEN:
            raise DeviceCommandFailed("paymentTerminal", "commandErrorCode", "notSettled")
        how = self.fail.pop(0) if self.fail else ""
        if how == "refused":
            self.last = {"known": True, "key": key, "state": "notSettled"}
            raise DeviceCommandFailed("paymentTerminal", "commandErrorCode", "hostUnreachable")
        if not (self.last.get("key") == key and self.last["state"] == OPEN):
            self.closed.append((key, self.sales))
        counted, self.sales = self._counted(), 0
        told = {
            "batch": "000001",
            "balanced": True,
            "agrees": self.agrees,
            "terminal": counted,
            "book": counted,
        }
        self.last = {"known": True, "key": key, "state": OPEN if how == "lost" else "settled", **told}
        if how == "lost":
            raise DeviceUnavailable("paymentTerminal", "the connection was lost", under_way=True)
        return told


@dataclass
class Evening:
    """One terminal's evening: its clock, whether somebody is here, and its journal."""

    place: Path
    pos: Terminal = field(default_factory=Terminal)
    at: datetime = moment("12T23:29")
    passed: float = 0.0
    here: bool = False
    notes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """The program begins anew."""
        around: Any = self
        again = Backoff(60.0, 900.0, lambda low, high: high)
        hub, books = cast(DeviceHub, self.pos), cast(JournalBooks, around)
        self.day_end = DayEnd(hub, books, around, self.place, AT, lambda: not self.here, again)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.passed

    async def note(self, kind: str, data: Mapping[str, Any], origin: Any) -> None:
        self.notes.append((kind, data))

    async def shred(self, visit: str) -> None:
        self.notes.append(("shred", {}))

    async def look(self, at: str = "", passed: float = 0.0) -> int:
        """Look at that time; how many batches were closed by then."""
        self.at, self.passed = moment(at) if at else self.at, self.passed + passed
        await self.day_end.look()
        return len(self.pos.closed)


@pytest.fixture
async def evening(tmp_path: Path) -> Evening:
    made = Evening(tmp_path)
    assert await made.look("12T12:00") == 0, "a terminal that has ended no day begins with this one"
    return made


def test_a_day_ends_at_its_time_and_not_before() -> None:
    assert day_of(moment("12T23:29"), AT) == date(2026, 10, 11)
    assert day_of(moment("12T23:30"), AT) == DAY
    assert day_of(moment("13T08:00"), AT) == DAY


async def test_the_batch_is_settled_once_and_journalled(evening: Evening) -> None:
    assert await evening.look("12T23:29") == 0
    assert await evening.look("12T23:30") == 1
    evening.pos.sales = 1
    assert await evening.look("12T23:40") == 1, "what is paid later is of the next day's batch"
    assert [kind for kind, _ in evening.notes] == ["payment.settled", "visit.ended", "shred"]
    assert (evening.notes[0][1]["batch"], evening.notes[0][1]["agrees"]) == ("000001", True)
    assert await evening.look("13T23:30") == 2


async def test_nobody_is_disturbed_and_a_terminal_that_is_away_is_waited_for(evening: Evening) -> None:
    evening.here = True
    assert await evening.look("12T23:30") == 0
    evening.here, evening.pos.device = False, "offline"
    assert await evening.look("12T23:50") == 0
    evening.pos.device = "online"
    assert await evening.look("13T00:10") == 1


async def test_what_is_refused_is_tried_again_under_a_key_of_its_own_ever_later(evening: Evening) -> None:
    evening.pos.fail = ["refused", "refused"]
    assert await evening.look("12T23:30") == 0
    assert await evening.look(passed=59) == 0 and len(evening.pos.tries) == 1
    assert await evening.look(passed=1) == 0 and len(evening.pos.tries) == 2
    assert await evening.look(passed=60) == 0 and len(evening.pos.tries) == 2
    assert await evening.look(passed=60) == 1
    assert len(set(evening.pos.tries)) == 3
    assert all(key.startswith(prefix(DAY)) for key in evening.pos.tries)


async def test_an_answer_that_was_lost_is_asked_for_and_closes_nothing_again(evening: Evening) -> None:
    evening.pos.fail = ["lost"]
    await evening.look("12T23:30")
    evening.start()
    assert await evening.look() == 1
    assert evening.pos.tries[0] == evening.pos.tries[1]
    assert evening.pos.last["state"] == "settled"


async def test_one_that_the_device_program_found_out_itself_is_journalled_too(evening: Evening) -> None:
    evening.pos.fail = ["lost"]
    await evening.look("12T23:30")
    evening.pos.last["state"] = "settled"
    assert await evening.look(passed=60) == 1
    assert [kind for kind, _ in evening.notes] == ["payment.settled", "visit.ended", "shred"]
    assert len(evening.pos.tries) == 1


async def test_what_nobody_foresaw_does_not_end_the_program(evening: Evening) -> None:
    evening.note = None  # type: ignore[assignment, method-assign]
    await evening.look("12T23:30")
    assert len(evening.pos.closed) == 1


async def test_a_program_that_died_before_it_took_note_closes_no_second_batch(evening: Evening) -> None:
    await evening.look("12T23:30")
    evening.pos.sales = 1
    (evening.place / "day-end").write_text("2026-10-11")
    evening.start()
    assert await evening.look("12T23:45") == 1


@pytest.mark.parametrize("kept", ["2026-10-11", "nonsense"])
async def test_a_day_whose_end_the_terminal_slept_through_is_ended_in_the_morning(
    tmp_path: Path, kept: str
) -> None:
    (tmp_path / "day-end").write_text(kept)
    assert await Evening(tmp_path).look("13T08:00") == 1


async def test_an_empty_batch_is_not_settled(evening: Evening) -> None:
    evening.pos.sales = 0
    assert await evening.look("12T23:30") == 0
    assert evening.pos.tries == []


async def test_a_closed_batch_is_waited_for_until_the_device_program_has_opened_it(evening: Evening) -> None:
    evening.pos.batch = "closed"
    assert await evening.look("12T23:31") == 0
    assert evening.pos.tries == [], "there is nothing that could be settled"
    assert await evening.day_end.word() == "unknown", "and the day is not over"
    evening.pos.batch = OPEN
    assert await evening.look("12T23:32") == 1


async def test_a_day_ended_by_a_clock_that_was_years_ahead_keeps_no_later_day_from_its_end(
    tmp_path: Path,
) -> None:
    (tmp_path / "day-end").write_text("2099-01-01")
    evening = Evening(tmp_path)
    evening.pos.device = "offline"
    assert await evening.day_end.word() == "unknown", "nothing is settled that has not come yet"
    evening.pos.device = "online"
    assert await evening.look("12T23:30") == 1
    assert await evening.day_end.word() == "settled"
    assert (tmp_path / "day-end").read_text().strip() == "2026-10-12"


async def test_a_clock_set_back_over_the_end_of_the_day_settles_it_no_second_time(evening: Evening) -> None:
    assert await evening.look("12T23:30") == 1
    evening.pos.sales = 1
    assert await evening.look("12T23:29") == 1
    assert await evening.look("12T23:31") == 1


# --- what the centre hears ---------------------------------------------------------------------------------


async def test_a_batch_that_is_not_settled_within_an_hour_is_told_until_it_is(evening: Evening) -> None:
    assert await evening.day_end.word() == "settled", "the day before is over"
    evening.pos.device = "offline"
    await evening.look("12T23:30")
    assert await evening.day_end.word() == "unknown"
    await evening.look("13T00:29", LATE_S - 1)
    assert await evening.day_end.word() == "unknown"
    await evening.look("13T00:30", 1)
    assert await evening.day_end.word() == "notSettled"
    evening.pos.device = "online"
    await evening.look("13T00:31")
    assert await evening.day_end.word() == "settled"


async def test_a_terminal_switched_on_in_the_morning_gets_its_hour_and_clears_nothing_meanwhile(
    tmp_path: Path,
) -> None:
    (tmp_path / "day-end").write_text("2026-10-11")
    morning = Evening(tmp_path, at=moment("13T08:00"))
    morning.pos.there = False
    assert await morning.day_end.word() == "unknown", (
        "no service was seen yet: an alarm that stands must stay"
    )
    morning.pos.there, morning.pos.device = True, "offline"
    assert await morning.day_end.word() == "unknown"
    morning.passed += LATE_S
    assert await morning.day_end.word() == "notSettled"


async def test_a_terminal_without_a_card_terminal_is_never_late(tmp_path: Path) -> None:
    (tmp_path / "day-end").write_text("2026-10-11")
    without = Evening(tmp_path, at=moment("13T08:00"))
    without.pos.there = False
    for _ in range(3):
        assert await without.day_end.word() == "unknown"
        without.passed += LATE_S


async def test_figures_that_differ_are_told_and_a_terminal_that_is_away_takes_nothing_back(
    evening: Evening,
) -> None:
    evening.pos.agrees = False
    await evening.look("12T23:30")
    assert await evening.day_end.word() == "differs"
    evening.pos.device = "offline"
    assert await evening.day_end.word() == "unknown"
    evening.pos.device, evening.pos.agrees, evening.pos.sales = "online", True, 1
    await evening.look("13T23:30")
    assert await evening.day_end.word() == "settled"


async def test_a_settlement_without_an_answer_is_no_settlement(evening: Evening) -> None:
    evening.pos.fail = ["lost"]
    await evening.look("12T23:30")
    assert await evening.day_end.word() == "unknown"
    await evening.look("13T00:30", LATE_S)
    assert await evening.day_end.word() == "settled", "it was asked for"
