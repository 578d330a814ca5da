"""Wearing parts and the cleaning plan: counted over restarts, due by count or day, done by somebody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import select

from drivers.books.care import CareBook, Part, Profile, Supply, Task, load_profile
from drivers.errors import DriverConfigError, InvalidData
from drivers.services.base import Identity
from drivers.services.receipt_printer import ReceiptPrinterService
from drivers.store import Store
from drivers.store_tables import moves
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY, cabinet
from tests.drivers.fakes import FakePrinter
from tests.drivers.services.desk import Desk

HEAD = Part(name="printHead", zh="打印头", en="print head", counter="mm", life=1000)
CLEANING = Task(name="cleaning", zh="清洁", en="cleaning", counter="mm", every=400, days=30)
PAPER = Supply(name="paper", zh="纸卷", en="paper roll", counter="mm", full=1000, sensor="upper")
PROFILE = Profile(parts=(HEAD,), plan=(CLEANING,))


class MovableClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 10, 12, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def store(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Store]:
    store = Store(tmp_path / "devices.db", clock)
    await store.open()
    yield store
    await store.close()


async def book(store: Store, profile: Profile = PROFILE) -> CareBook:
    made = CareBook(store, "ReceiptPrinter", profile)
    await made.load()
    return made


async def test_a_part_is_due_before_its_life_has_ended_and_new_when_it_was_changed(store: Store) -> None:
    care = await book(store)
    await care.done("cleaning", "li")
    await care.count(mm=399)
    assert care.due() == ()
    await care.count(mm=501)
    assert set(care.due()) == {"printHead", "cleaning"}
    await care.done("printHead", "li")
    assert care.due() == ("cleaning",)
    assert {wear.entry.name: wear.used for wear in care.wear()} == {"printHead": 0, "cleaning": 900}


async def test_a_roll_is_used_up_and_full_again_when_its_sensor_tells_so(store: Store) -> None:
    care = await book(store, Profile(supplies=(PAPER,)))
    await care.count(mm=700)
    assert [(wear.used, wear.due) for wear in care.wear()] == [(700, False)]
    await care.sensed("upper", False)
    assert care.wear()[0].used == 700, "nothing was filled: it was there before"
    await care.sensed("upper", True)
    assert care.wear()[0].used == 1000, "the roll was shorter than it is said to be"
    await care.sensed("lower", False)
    assert care.wear()[0].used == 1000, "another source"
    await care.sensed("upper", False)
    await care.count(mm=30)
    assert [wear.used for wear in care.wear()] == [30]
    again = await book(store, Profile(supplies=(PAPER,)))
    assert [wear.used for wear in again.wear()] == [30]


async def test_what_is_filled_on_top_of_what_is_left_is_never_due(store: Store) -> None:
    care = await book(store, Profile(supplies=(PAPER,)))
    await care.count(mm=5000)
    assert care.due() == ()
    await care.done("paper", "li")
    assert [wear.used for wear in care.wear()] == [0]


async def test_a_printer_that_was_out_of_paper_counts_its_roll_anew(store: Store) -> None:
    printer = FakePrinter()
    printer.result = type(printer.result)(printer.result.outcome, None, 1, {"mm": 300})
    service = ReceiptPrinterService(
        Identity("ReceiptPrinter", "receiptPrinter", "fake"), Supervisor("p", printer, POLICY), store
    )
    service.care.book = CareBook(store, "ReceiptPrinter", Profile(supplies=(PAPER,)))
    service.start()
    desk = Desk(service)
    body = {"jobKey": "slip-000001", "format": "receipt", "receipt": [{"type": "text", "text": "x"}]}
    await desk.ask("PaperJob.Print", body)
    for level, used in (("full", 300), ("out", 1000), ("full", 0)):
        service.changed({"printer": {"paper": {"upper": "?"}}}, {"printer": {"paper": {"upper": level}}})
        async with asyncio.timeout(10):
            while await _used(desk) != used:
                await asyncio.sleep(0.01)
    await service.close()


async def _used(desk: Desk) -> int:
    _, told = await desk.ask("Care.GetCare")
    return int(told["payload"]["supplies"][0]["used"])


async def test_what_was_counted_and_done_is_known_after_a_restart(store: Store) -> None:
    care = await book(store)
    await care.count(mm=700, cuts=3)
    await care.done("cleaning", "li")
    await care.count(mm=50)
    again = await book(store)
    assert again.wear() == care.wear()
    assert again.counters() == {"mm": 750, "cuts": 3}
    assert {wear.entry.name: wear.used for wear in again.wear()} == {"printHead": 750, "cleaning": 50}


async def test_a_plan_is_due_by_days_too_and_when_it_was_never_done(
    store: Store, clock: MovableClock
) -> None:
    care = await book(store)
    assert care.due() == ("cleaning",)
    await care.done("cleaning", "li")
    clock.time += timedelta(days=29)
    assert care.due() == ()
    clock.time += timedelta(days=1)
    assert care.due() == ("cleaning",)


async def test_what_a_device_lacks_cannot_be_done(store: Store) -> None:
    care = await book(store)
    with pytest.raises(InvalidData, match="there is printHead, cleaning"):
        await care.done("ribbon", "li")


@pytest.mark.parametrize("file", sorted(p.name for p in (files("config") / "care").iterdir()))
def test_every_profile_that_is_shipped_can_be_used(file: str) -> None:
    profile = load_profile(file.removesuffix(".toml"))
    assert profile.plan
    assert all(entry.zh and entry.en for entry in profile.entries)


@pytest.mark.parametrize(
    "text",
    ["[[plan]]\nname='a'\nzh='b'\nen='c'", "[[plan]]\nname='a'\nzh='b'\nen='c'\nevery=3", "x = 1", "[[parts", "parts = 1",
     "[[plan]]\nname='a'\nzh='b'\nen='c'\ndays=3\n[[plan]]\nname='a'\nzh='b'\nen='c'\ndays=3"],
)  # fmt: skip
def test_a_profile_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(DriverConfigError):
        load_profile("escpos-serial", str(tmp_path / "own.toml"))
    with pytest.raises(DriverConfigError):
        load_profile("escpos-serial", str(tmp_path / "none.toml"))


async def test_a_service_counts_what_it_prints_and_tells_what_is_due(store: Store) -> None:
    printer = FakePrinter()
    printer.result = type(printer.result)(printer.result.outcome, None, 1, {"mm": 950, "cuts": 1})
    service = ReceiptPrinterService(
        Identity("ReceiptPrinter", "receiptPrinter", "fake"), Supervisor("p", printer, POLICY), store
    )
    service.care.book = CareBook(store, "ReceiptPrinter", PROFILE)
    service.start()
    desk = Desk(service)
    await desk.ask("Care.Done", {"name": "cleaning", "by": "007"})
    rows = await store.read(lambda connection: connection.execute(select(moves.c.client)).all())
    assert [row.client.endswith(": 007") for row in rows] == [True], "program and person"
    body = {"jobKey": "slip-000001", "format": "receipt", "receipt": [{"type": "text", "text": "x"}]}
    _, told = await desk.ask("PaperJob.Print", body)
    assert told["payload"]["outcome"] == "printed"
    _, told = await desk.ask("Care.GetCare")
    assert told["payload"]["counters"] == {"sheets": 1, "mm": 950, "cuts": 1}
    (head,) = told["payload"]["parts"]
    assert (head["used"], head["share"], head["due"]) == (950, 0.95, True)
    _, told = await desk.ask("Supervision.GetHealth")
    assert set(told["payload"]["due"]) == {"printHead", "cleaning"}
    assert any(
        "due" in message["payload"] for message in desk.sent if "HealthChanged" in message["header"]["name"]
    )
    await service.close()


async def test_a_dispenser_counts_by_the_units_own_counter(tmp_path: Path) -> None:
    async with cabinet(tmp_path, "InvoiceDispenser") as running:
        service = running.services["InvoiceDispenser"]
        service.care.book = CareBook(
            running.store, "InvoiceDispenser", load_profile("invoice-dispenser-serial")
        )
        await service.care.load()
        desk = Desk(service)
        machine = running.devices["InvoiceDispenser"].machine
        await desk.ask("Storage.StartExchange")
        machine.load("unit1", "011002100611", "00000001", 5)
        body = {
            "unit": "unit1",
            "code": "011002100611",
            "kind": "vat",
            "first": "00000001",
            "last": "00000005",
        }
        await desk.ask("InvoiceDispenser.SetRange", body)
        await desk.ask("Storage.EndExchange")
        job = {
            "jobKey": "job-000001",
            "unit": "unit1",
            "code": "011002100611",
            "first": "00000001",
            "last": "00000003",
        }
        _, told = await desk.ask("InvoiceDispenser.Dispense", job)
        assert told["payload"]["outcome"] == "complete"
        _, told = await desk.ask("Care.GetCare")
        assert told["payload"]["counters"] == {"sheets": 3}
