"""From the application's words to the bank's ledger and back: every program and protocol in between is the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner, Result

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.cli import app
from drivers.client import DeviceCommandFailed, DeviceHub, DeviceUnavailable, PaymentClient
from drivers.client.errors import BookLost
from drivers.client.hub import RoleStatus
from drivers.payment import Channel, Outcome, reference_of
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.xfs.auth import OPERATOR, token_of

Chain = tuple[Cabinet, PaymentClient, DeviceHub]


@pytest.fixture(params=["parent", "process"])
async def chain(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Chain]:
    async with Cabinet(CabinetOptions(tmp_path / "cabinet", speed=50)) as cabinet:
        settings = load_devices(cabinet.directory / "devices.toml", {})
        only = [
            service.model_copy(update={"isolation": request.param})
            for service in settings.services
            if service.role == "paymentTerminal"
        ]
        program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
        await program.start()
        assert program.server is not None
        port = urlsplit(program.server.publisher_uri).port
        written = (cabinet.directory / "devices.toml").read_text("utf-8")
        (cabinet.directory / "running.toml").write_text(f"port = {port}\n{written}", "utf-8")
        hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, OPERATOR))
        await hub.start()
        try:
            await online(hub)
            yield cabinet, PaymentClient(hub), hub
        finally:
            await hub.close()
            await program.stop()


async def online(hub: DeviceHub) -> None:
    async with asyncio.timeout(50):
        while hub.status("paymentTerminal").device != "online":
            await asyncio.sleep(0.02)


async def command(cabinet: Cabinet, *words: str) -> Result:
    """``kiosk devices`` as a technician types it, beside the running program."""
    config = ("--config", str(cabinet.directory / "running.toml"))
    return await asyncio.to_thread(CliRunner().invoke, app, [*words, *config])


async def test_a_technician_looks_settles_and_enters_what_the_statement_says(chain: Chain) -> None:
    cabinet, client, _ = chain
    await cabinet.do("pos", "auto", card="debit", entry="contactless")
    await client.purchase("till-0001", 123_456)
    tried = await command(cabinet, "test", "paymentTerminal")
    assert (tried.exit_code, "as in our book" in tried.output) == (0, True)
    settled = await command(cabinet, "settle")
    assert settled.exit_code == 0, settled.output
    assert "sale 1 ¥1,234.56, void 0 ¥0.00" in settled.output
    await client.purchase("till-0002", 1)
    await cabinet.do("pos", "mismatch", fen=5)
    settled = await command(cabinet, "settle")
    assert (settled.exit_code, "otherwise" in settled.output) == (1, True)
    entered = await command(cabinet, "resolve", "till-0001", "--not-charged")
    assert (entered.exit_code, "alreadyKnown" in entered.output) == (1, True)
    assert (await command(cabinet, "reset", "paymentTerminal")).exit_code == 0


async def test_a_day_at_the_till(chain: Chain) -> None:
    cabinet, client, _ = chain
    heard: list[str] = []
    await cabinet.do("paymentTerminal", "auto", card="credit", takes=0)
    paid = await client.purchase("till-0001", 12_345, on_event=lambda name, _: heard.append(name))
    assert (paid.outcome, paid.amount_fen, paid.entry) == (Outcome.APPROVE, 12_345, "chip")
    assert [name.removeprefix("PaymentTerminal.") for name in heard] == [
        "InsertCardEvent", "CardInsertedEvent", "PinEntryEvent", "ProcessingEvent",
    ]  # fmt: skip
    assert await client.query("till-0001") == paid
    assert await client.purchase("till-0001", 12_345) == paid
    assert await client.query("till-0002") is None

    await cabinet.do("pos", "auto", card="wallet", entry="qr")
    assert (await client.purchase("till-0002", 100, Channel.QR)).entry == "qr"
    assert (await client.refund("back-0001", "till-0002", 40)).amount_fen == 40
    assert (await client.void("void-0001", "till-0001")).outcome is Outcome.APPROVE
    assert (await client.totals())["agrees"]
    settled = await client.settle()
    assert (settled["balanced"], settled["book"]["refundAmount"]) == (True, 40)
    assert await client.start() == "000002"
    with pytest.raises(DeviceCommandFailed, match="keyUnknown"):
        await client.resolve("nobody-01", charged=True, by="li-na")
    assert len(cabinet.pos.bank.entries) == 4


async def test_never_begun_is_believed_only_of_the_book_that_would_have_it(chain: Chain) -> None:
    """The device program may lose ``devices.db``: the new book has no word about what the old one held."""
    cabinet, client, _ = chain
    await cabinet.do("pos", "auto", card="debit", entry="contactless")
    assert client.book
    assert await client.query("till-0001", client.book) is None
    with pytest.raises(BookLost):
        await client.query("till-0001", "the book before")
    paid = await client.purchase("till-0001", 500)
    assert await client.query("till-0001", "the book before") == paid, "what stands in any book is known"


class Bookless:
    """The hub before a service of another vendor, which has no identity of its book."""

    def status(self, role: str) -> RoleStatus:
        return RoleStatus("online", {"paymentTerminal": {"link": "online"}}, 0.0)

    async def request(self, *_: object) -> Mapping[str, object]:
        return {"known": False, "underWay": False}


async def test_a_service_that_tells_no_book_is_believed_unless_another_one_had_the_order() -> None:
    client = PaymentClient(cast(DeviceHub, Bookless()))
    assert client.book == ""
    assert await client.query("till-0001", client.book) is None
    with pytest.raises(BookLost):
        await client.query("till-0001", "the book of the service before it")


async def test_the_dangerous_one_comes_to_a_known_end(chain: Chain) -> None:
    cabinet, client, _ = chain
    await cabinet.do("pos", "auto", card="debit", entry="contactless")
    await cabinet.do("pos", "cutAt", at="answered", what="line")
    told = await client.purchase("till-0001", 500, timeout_s=12)
    assert told.outcome is Outcome.UNKNOWN
    await cabinet.do("pos", "replug")
    async with asyncio.timeout(30):
        while (found := await client.query("till-0001")) is None or not found.known:
            await asyncio.sleep(0.1)
    assert found.outcome is Outcome.APPROVE
    assert len(cabinet.pos.bank.moved(reference_of("till-0001"))) == 1


async def test_a_person_who_walks_away_is_not_charged(chain: Chain) -> None:
    cabinet, client, _ = chain
    cabinet.pos.pace = type(cabinet.pos.pace)(5)
    paying = asyncio.ensure_future(client.purchase("till-0001", 500))
    async with asyncio.timeout(10):
        while cabinet.pos.state()["stage"] != "insertCard":
            await asyncio.sleep(0.01)
    with pytest.raises(DeviceUnavailable, match="under way"):
        await client.query("till-0001")
    await client.cancel()
    assert (await paying).error_code == "cancelled"
    assert not cabinet.pos.bank.entries
