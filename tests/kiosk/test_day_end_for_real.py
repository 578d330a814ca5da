"""The end of the day over the real programs: device program, driver, and the simulated POS with its bank."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from config.clock import CHINA
from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.cli import app
from drivers.client import DeviceHub, PaymentClient
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.xfs.auth import token_of
from kiosk.books import JournalBooks
from kiosk.day_end import DayEnd


class Evening:
    """A clock, and a journal that remembers kinds."""

    def __init__(self) -> None:
        self.at, self.kinds = "12T12:00", list[str]()

    def now(self) -> datetime:
        return datetime.fromisoformat(f"2026-10-{self.at}").replace(tzinfo=CHINA)

    def monotonic(self) -> float:
        return 0.0

    async def note(self, kind: str, data: Mapping[str, Any], origin: object) -> None:
        self.kinds.append(kind)

    async def shred(self, visit: str) -> None:
        pass


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[tuple[Cabinet, DeviceHub]]:
    async with Cabinet(CabinetOptions(tmp_path / "cabinet", speed=50)) as cabinet:
        settings = load_devices(cabinet.directory / "devices.toml", {})
        only = [service for service in settings.services if service.role == "paymentTerminal"]
        program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
        await program.start()
        assert program.server is not None
        port = urlsplit(program.server.publisher_uri).port
        written = (cabinet.directory / "devices.toml").read_text("utf-8")
        (cabinet.directory / "running.toml").write_text(f"port = {port}\n{written}", "utf-8")
        hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, "application"))
        await hub.start()
        try:
            await until(hub, "batch", "open")
            yield cabinet, hub
        finally:
            await hub.close()
            await program.stop()


async def until(hub: DeviceHub, name: str, value: object) -> None:
    async with asyncio.timeout(30):
        while hub.status("paymentTerminal").details.get("paymentTerminal", {}).get(name) != value:
            await asyncio.sleep(0.02)


async def test_each_evening_closes_one_batch_also_when_the_answer_is_lost(
    hall: tuple[Cabinet, DeviceHub], tmp_path: Path
) -> None:
    cabinet, hub = hall
    await cabinet.do("pos", "auto", card="debit", entry="contactless")
    evening, client = Evening(), PaymentClient(hub)
    books: Any = evening
    day_end = DayEnd(hub, cast(JournalBooks, books), books, tmp_path, time(23, 30), lambda: True)
    await day_end.look()
    await client.purchase("till-0001", 500)
    await cabinet.do("pos", "loseReplies", count=1)
    evening.at = "12T23:30"
    await day_end.look()
    last = await client.last_settlement()
    assert (last["state"], last["terminal"]["saleAmount"], last["agrees"]) == ("settled", 500, True)
    assert evening.kinds == ["payment.settled", "visit.ended"]
    await until(hub, "batch", "closed")
    await day_end.look()
    await until(hub, "batch", "open")
    await client.purchase("till-0002", 700)
    await day_end.look()
    assert (await client.last_settlement())["key"] == last["key"], "one an evening"
    evening.at = "13T23:31"
    await day_end.look()
    assert (await client.last_settlement())["terminal"]["saleAmount"] == 700


async def test_a_technician_closes_one_whose_terminal_was_exchanged(hall: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = hall
    await cabinet.do("pos", "auto", card="debit", entry="contactless")
    await PaymentClient(hub).purchase("till-0001", 500)
    await cabinet.do("pos", "cutAt", at="settled", what="power")

    async def command(*words: str) -> tuple[int, str]:
        config = ("--config", str(cabinet.directory / "running.toml"))
        found = await asyncio.to_thread(CliRunner().invoke, app, [*words, *config])
        return found.exit_code, found.output

    assert (await command("settle"))[0] == 1
    code, said = await command("settle", "--last")
    assert (code, "not known" in said) == (1, True), said
    key = said.rpartition("(key ")[2].partition(")")[0]
    cabinet.pos.serial = "YP-0050001"
    await cabinet.do("pos", "power", state="on")
    await until(hub, "batch", "open")
    closed = ("close-settlement", key, "--reason", "exchanged", "--by", "007")
    code, said = await command(*closed)
    assert (code, "closed by 007 (exchanged)" in said) == (0, True), said
    assert (await command(*closed))[0] == 1
    await until(hub, "settlement", "closedByStaff")
