"""The second person's code at the maintenance page: whose it may be, and what wrong ones cost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from config.texts import Texts
from drivers.client import RoleStatus
from drivers.client.errors import DeviceUnavailable
from kiosk.flow.state import World
from kiosk.guards import Tries, pin_hash
from kiosk.staff.desk import Desk, StaffAction, StaffIntent
from kiosk.staff.exchanging import Exchanging, Maker
from kiosk.staff.front import Place
from kiosk.staff.mode import StaffMode
from kiosk.staff.signing import SUBJECT
from sync.crypto import Ed25519Signer, verifier
from sync.errors import RecordError
from sync.stock_note import Fate, Seal
from tests.kiosk.doubles import TestClock
from tests.shipped import CATALOGUE

OWN, OTHER = "111111", "222222"
PINS = {"technician": pin_hash(OWN, b"a"), "officer": pin_hash(OTHER, b"b")}
UNITS = {"unit1": {"code": "053001900104", "kind": "04", "next": "00000004", "last": "00000020", "count": 17}}


class Hub:
    """Devices of which nothing is asked."""

    def on_change(self, listener: object) -> None:
        pass

    def roles(self) -> list[str]:
        return []

    def status(self, role: str) -> RoleStatus:
        return RoleStatus("online")

    async def request(self, *_: object) -> Mapping[str, Any]:
        return {"units": UNITS}


class Watch:
    """The public screen."""

    world = World()
    due: Mapping[str, list[str]] = {}

    def close_for(self, reason: str) -> None:
        pass


class Books:
    """The journal; nobody reads it here."""

    open = False

    async def note(self, *_: object) -> None:
        pass

    async def shred(self, visit: str) -> None:
        pass

    async def is_open(self, *_: str) -> bool:
        return self.open

    async def began(self, kind: str, transaction: str) -> bool:
        return False


@dataclass
class Page:
    """The maintenance page with the technician signed in, and what was carried out."""

    mode: StaffMode
    desk: Desk
    tries: Tries
    work: Exchanging
    carried: list[str] = field(default_factory=list)

    async def touch(self, action: StaffAction, value: str = "") -> None:
        self.desk.send(StaffIntent(action, value))
        await asyncio.sleep(0)
        assert self.mode._work is not None
        await self.mode._work

    async def type_code(self, code: str) -> None:
        for digit in code:
            await self.touch(StaffAction.DIGIT, digit)

    async def to_witness(self) -> None:
        await self.touch(StaffAction.EXCHANGE, "out")
        for key, value in (("first", "00000004"), ("count", "17")):
            await self.touch(StaffAction.FOCUS, key)
            for digit in value:
                await self.touch(StaffAction.TYPE, digit)
        await self.touch(StaffAction.EXCHANGE, "check")
        await self.touch(StaffAction.EXCHANGE, str(Fate.MOVE))
        assert self.work.state.step == "witness"


@contextlib.asynccontextmanager
async def page_in(
    folder: Path, trouble: Exception | None = None, *, stays_open: bool = False
) -> AsyncIterator[Page]:
    """``trouble`` is raised by whatever is to be carried out; ``stays_open``: after its intent was written."""
    clock, desk, signer, centre = TestClock(), Desk(), Ed25519Signer.generate(), Ed25519Signer.generate()
    carried: list[str] = []

    async def units() -> Any:
        return UNITS

    async def carry(kind: str, data: Mapping[str, object], origin: object) -> Mapping[str, Any]:
        carried.append(kind)
        if trouble is not None:
            books.open = stays_open
            raise trouble
        return {"fault": "empty"}

    books = cast("Any", Books())
    hub, tries = cast("Any", Hub()), Tries(3, 1800.0, clock.monotonic)
    maker = Maker("A-07", "0123456789abcdef", "H-01", Seal(signer), verifier("ed25519", centre.public_key))
    work = Exchanging(hub, units, carry, maker, clock, folder, books)
    nobody: Any = None
    mode = StaffMode(
        desk, hub, nobody, cast("Any", Watch()), books, CATALOGUE,
        {"zh-CN": Texts("zh-CN")}, "zh-CN", clock, folder, Place("A-07", "", ""), PINS, tries, work,
    )  # fmt: skip
    running = asyncio.create_task(mode.run())
    await asyncio.sleep(0)
    page = Page(mode, desk, tries, work, carried)
    await page.touch(StaffAction.ENTER)
    await page.type_code(OWN)
    try:
        yield page
    finally:
        running.cancel()
        await asyncio.wait({running}, timeout=5)
        assert running.cancelled()
        await mode.close()


async def test_the_signed_in_persons_own_code_does_not_clear_the_failed_tries(tmp_path: Path) -> None:
    async with page_in(tmp_path) as page:
        await page.to_witness()
        for code in ("000000", OWN):
            await page.type_code(code)
            assert not page.tries.locked(SUBJECT)
        await page.type_code("000001")
        assert page.tries.locked(SUBJECT), "two guesses and the own code between them are three failures"
        assert page.carried == []


async def test_the_own_code_is_told_and_the_second_person_may_still_type_theirs(tmp_path: Path) -> None:
    async with page_in(tmp_path) as page:
        await page.to_witness()
        await page.type_code(OWN)
        assert (page.work.state.step, page.carried) == ("witness", [])
        await page.type_code(OTHER)
        assert page.carried == ["units.out"]


@pytest.mark.parametrize("trouble", [RecordError("no"), DeviceUnavailable("invoiceDispenser", "gone")])
@pytest.mark.parametrize("stays_open", [True, False])
async def test_what_came_to_no_end_does_not_stay_at_the_second_person(
    tmp_path: Path, trouble: Exception, stays_open: bool
) -> None:
    async with page_in(tmp_path, trouble, stays_open=stays_open) as page:
        await page.to_witness()
        await page.type_code(OTHER)
        assert (page.work.state.step, page.carried) == ("start", ["units.out"])
        texts = Texts("zh-CN")
        said = texts.get("bench.exchange.open" if stays_open else "bench.failed")
        assert page.mode._front.said == (said, "bad")
        await page.touch(StaffAction.EXCHANGE, "out")
        assert page.work.state.step == ("start" if stays_open else "count")


@pytest.mark.parametrize("turns", range(5))
async def test_the_pages_end_however_near_a_touch_their_end_comes(tmp_path: Path, turns: int) -> None:
    async with page_in(tmp_path) as page:
        page.mode._poke.set()
        for _ in range(turns):
            await asyncio.sleep(0)
