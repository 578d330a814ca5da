"""The whole cabinet: its files, its control interface, its people, its page and its command line."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
import threading
import tomllib
from collections.abc import AsyncIterator
from datetime import datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright
from typer.testing import CliRunner

from config.clock import SystemClock
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.cards import Card
from drivers.simulators.cli import app
from drivers.simulators.control_client import ControlClient
from drivers.simulators.errors import (
    ActionRefusedError,
    BadParameterError,
    CabinetNotRunningError,
    UnknownActionError,
    UnknownDeviceError,
)
from drivers.simulators.pcscd import missing as no_pcscd
from tests.browser import CHROMIUM
from tests.drivers.simulators.lines import Host
from tests.drivers.simulators.test_card_reader import FIND, FOUND, NO_CARD, READ, SELECT
from tests.drivers.simulators.test_invoice_dispenser import UnitHost

CARD = {
    "layout": "resident",
    "name": "李秀兰",
    "number": "530199198507090247",
    "sex": "2",
    "nation": "01",
    "birth": "1985-07-09",
    "address": "云川市江畔区",
    "authority": "云川市公安局",
    "validFrom": "2017-06-01",
    "validTo": "2037-06-01",
    "unknownField": 1,
}
PERSONAS = [
    {"id": "li-xiulan", "name": "李秀兰", "note": "prints a record", "faceSeed": 1626528082, "card": CARD}
]
CODE = "053002600104"


@pytest.fixture
async def cabinet(tmp_path: Path) -> AsyncIterator[Cabinet]:
    personas = tmp_path / "personas.json"
    personas.write_text(json.dumps(PERSONAS, ensure_ascii=False))
    clock = SystemClock.as_of(datetime(2026, 10, 12, 9, 30))
    options = CabinetOptions(tmp_path / "cabinet", personas=personas, speed=200, clock=clock)
    async with Cabinet(options) as running:
        yield running


async def client(cabinet: Cabinet) -> ControlClient:
    return await asyncio.to_thread(ControlClient, cabinet.directory)


async def do(cabinet: Cabinet, device: str, action: str, **parameters: object) -> dict[str, Any]:
    found = await client(cabinet)
    return await asyncio.to_thread(lambda: found.do(device, action, **parameters))


async def ask(cabinet: Cabinet, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    def get() -> tuple[int, bytes, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", int(cabinet.control_url.rsplit(":", 1)[1]), timeout=5)
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}

    return await asyncio.to_thread(get)


async def test_the_cabinet_says_where_everything_is_and_how_to_connect(cabinet: Cabinet) -> None:
    file = cabinet.directory / "cabinet.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(file.read_text())
    assert {Path(link).name for link in told["links"].values()} == {
        "tty-idReader",
        "tty-receipt",
        "tty-dispenser",
        "tty-barcode",
        "tty-board",
        "tty-stamp",
        "tty-signature",
        "tty-pinpad",
        "tty-pos",
        "tty-invoice",
        "tty-mrz",
    }
    devices = tomllib.loads((cabinet.directory / "devices.toml").read_text())
    assert devices["profile"] == "development"
    services = {service["role"]: service for service in devices["services"]}
    assert set(services) == {
        "idReader",
        "receiptPrinter",
        "documentPrinter",
        "invoiceDispenser",
        "barcodeReader",
        "faceCamera",
        "auxiliaries",
        "ups",
        "stampUnit",
        "signaturePad",
        "pinPad",
        "paymentTerminal",
        "invoicePrinter",
        *(["smartCardReader"] if no_pcscd() is None else []),
        "documentScanner",
        "documentCamera",
        "mrzReader",
    }
    assert services["documentPrinter"]["options"]["uri"] == told["ipp"]
    assert services["idReader"]["options"]["port"] == told["links"]["idReader"]


async def test_control_needs_the_token_and_the_loopback_name(cabinet: Cabinet) -> None:
    assert (await ask(cabinet, "/state"))[0] == 401
    assert (await ask(cabinet, "/state", Authorization="Bearer wrong"))[0] == 401
    good = f"Bearer {cabinet.token}"
    assert (await ask(cabinet, "/state", Authorization=good, Host="evil.example:80"))[0] == 403
    status, body, _ = await ask(cabinet, "/state", Authorization=good)
    assert status == 200
    assert set(json.loads(body)["devices"]) == {
        *(
            "idReader",
            "camera",
            "barcode",
            "receiptPrinter",
            "documentPrinter",
            "dispenser",
            "signaturePad",
            "pinPad",
            "invoicePrinter",
            *(["smartCard"] if no_pcscd() is None else []),
            "board",
            "ups",
            "stamp",
            "pos",
            "documentScanner",
            "documentCamera",
            "mrzReader",
            "person",
            "phone",
        )
    }
    status, page, headers = await ask(cabinet, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert cabinet.token.encode() not in page
    assert "default-src 'self'" in headers["content-security-policy"]


async def test_refusals_come_back_as_the_errors_they_are(cabinet: Cabinet) -> None:
    with pytest.raises(UnknownDeviceError, match="idReader"):
        await do(cabinet, "toaster", "toast")
    with pytest.raises(UnknownActionError, match="present"):
        await do(cabinet, "idReader", "toast")
    with pytest.raises(BadParameterError, match="persona"):
        await do(cabinet, "person", "card")
    with pytest.raises(BadParameterError, match="li-xiulan"):
        await do(cabinet, "person", "card", persona="nobody")
    with pytest.raises(ActionRefusedError):
        await do(cabinet, "person", "takePaper")
    status, body, _ = await ask(cabinet, "/actions", Authorization=f"Bearer {cabinet.token}")
    assert status == 200
    assert "afterSheets" in json.dumps(json.loads(body)["documentPrinter"]["jam"])


async def test_a_visitor_steps_up_takes_what_comes_out_and_leaves(cabinet: Cabinet) -> None:
    await do(cabinet, "person", "arrive", persona="li-xiulan")
    line = Host(cabinet.card_reader.port.link)
    assert await line.ask(FIND, 15) == FOUND
    await line.ask(SELECT, 19)
    text = (await line.ask(READ, 1295))[14:270]
    assert text[:30].decode("utf-16-le").strip() == "李秀兰"
    seen = (await client(cabinet)).cabinet
    state = await asyncio.to_thread((await client(cabinet)).state)
    assert state["devices"]["person"] == {"persona": "li-xiulan", "card": "reader", "holds": []}
    assert state["devices"]["camera"]["scene"] == "person"

    host, port = str(seen["receiptTcp"]).split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"hello\n\x1dVB\x00\x1dr\x01")
    assert await reader.readexactly(1) == b"\x00"
    writer.close()
    await do(cabinet, "dispenser", "load", unit="unit1", code=CODE, first="00012301", count=10)
    unit = UnitHost(cabinet.dispenser.port.link)
    await unit.ask("F1")
    await unit.ask("A")
    with pytest.raises(ActionRefusedError, match="shutter"):
        await do(cabinet, "person", "takePaper", **{"from": "dispenser"})
    await unit.ask("P")
    assert (await do(cabinet, "receiptPrinter", "takePaper"))["taken"] == ["001-slip.png"]
    assert (await do(cabinet, "person", "takePaper"))["taken"] == ["00012301"]
    assert (await do(cabinet, "person", "leave"))["holds"] == ["001-slip.png", "00012301"]
    assert await line.ask(FIND, 11) == NO_CARD
    index = json.loads((cabinet.directory / "printed" / "index.json").read_text())
    assert [(item["kind"], item["place"], item["at"][:10]) for item in index["items"]] == [
        ("slip", "taken", "2026-10-12"),
        ("invoice", "taken", "2026-10-12"),
    ]
    assert index["counters"]["dispenser"] == {"exited": 1, "taken": 1}
    line.close()
    unit.line.close()


async def test_the_face_of_a_persona_is_the_same_on_the_chip_and_before_the_camera(cabinet: Cabinet) -> None:
    looks = cabinet.cast.looks(1626528082)
    assert (looks.sex, looks.age) == ("2", 41)
    status, picture, _ = await ask(cabinet, "/face/li-xiulan", Authorization=f"Bearer {cabinet.token}")
    assert status == 200
    assert picture.startswith(b"\x89PNG")


def test_the_built_in_people_have_valid_cards(tmp_path: Path) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    people = Cabinet(CabinetOptions(tmp_path)).cast.people()
    assert {one.card.layout.value for one in people} == {"resident", "foreign-2023", "hk-macau-taiwan"}
    for one in people:
        number = one.card.number
        assert (
            "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[-1]
        )
        assert number[6:14] == one.card.birth
        assert ("2", "1")[int(number[16]) % 2] == one.card.sex


def test_cards_take_the_words_people_write() -> None:
    written = {key: value for key, value in CARD.items() if key != "unknownField"}
    card = Card.model_validate(written | {"sex": "女", "nation": "彝族", "validTo": None})
    assert (card.sex, card.nation, card.valid_to, card.birth) == ("2", "07", "长期", "19850709")


async def test_a_phone_pays_at_the_acquirer_and_nowhere_else(cabinet: Cabinet) -> None:
    paid: list[tuple[str, dict[str, Any]]] = []

    class Acquirer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            paid.append((self.path, body))
            expired = "late" in self.path
            answer = json.dumps({"detail": "expired"} if expired else {"status": "paid"}).encode()
            self.send_response(409 if expired else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Acquirer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}/p/"
    try:
        answer = await do(cabinet, "phone", "pay", qr=base + "order-1", payer="李秀兰")
        assert answer["answer"] == {"status": "paid"}
        with pytest.raises(ActionRefusedError, match="409: expired"):
            await do(cabinet, "phone", "pay", qr=base + "late")
        assert paid[0] == ("/p/order-1/pay", {"payer": "李秀兰"})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    with pytest.raises(ActionRefusedError, match="does not answer"):
        await do(cabinet, "phone", "pay", qr=base + "order-2")
    with pytest.raises(BadParameterError, match="only at the test acquirer"):
        await do(cabinet, "phone", "pay", qr="http://example.com:80/p/1")


async def test_a_restarted_cabinet_has_the_same_addresses_and_the_same_paper(tmp_path: Path) -> None:
    options = CabinetOptions(tmp_path, speed=200)
    async with Cabinet(options) as first:
        await first.do("dispenser", "load", unit="unit2", code=CODE, first="00000001", count=7)
        told = json.loads((tmp_path / "cabinet.json").read_text())
        with pytest.raises(ActionRefusedError, match="runs in"):
            await Cabinet(options).start()
    async with Cabinet(options) as second:
        again = json.loads((tmp_path / "cabinet.json").read_text())
        assert {key: again[key] for key in ("token", "ports", "control", "ipp", "camera", "receiptTcp")} == {
            key: told[key] for key in ("token", "ports", "control", "ipp", "camera", "receiptTcp")
        }
        assert second.dispenser.machine.units[2].count == 7


async def test_the_command_line_is_the_same_hands(cabinet: Cabinet) -> None:
    runner = CliRunner()

    async def run(*arguments: str) -> tuple[int, str]:
        where = ["--dir", str(cabinet.directory)]
        result = await asyncio.to_thread(runner.invoke, app, [*arguments, *where])
        return result.exit_code, result.output

    assert await run("load", "unit1", CODE, "00000001", "5", "--json") == (
        0,
        '{"unit": "unit1", "count": 5}\n',
    )
    assert (await run("card", "李秀兰"))[0] == 0
    assert cabinet.card_reader.state()["card"] is not None
    assert (await run("card", "--remove"))[0] == 0
    code, said = await run("card", "--remove")
    assert (code, "present one first" in said) == (1, True)
    assert (await run("face", "black"))[0] == 0
    assert cabinet.camera.state()["scene"] == "black"
    for device, check in (("receiptPrinter", "paper"), ("documentPrinter", "paper")):
        assert (await run("empty", device))[0] == 0
        assert cabinet.devices[device].state()[check] == "out"
        assert (await run("clear", device))[0] == 0
        assert cabinet.devices[device].state()[check] == "full"
    assert (await run("empty", "dispenser")) == (0, "sheets 5\n")
    assert (await run("jam", "dispenser"))[0] == 0
    assert (await run("unplug", "barcode"))[0] == 0
    assert not cabinet.barcode.port.plugged
    assert (await run("replug", "barcode"))[0] == 0
    assert (await run("do", "documentPrinter", "toner", "percent=7"))[0] == 0
    assert cabinet.document_printer.state()["toner"] == 7
    code, said = await run("state")
    assert code == 0
    assert "state=jam" in said
    assert json.loads((await run("state", "--json"))[1])["devices"]["dispenser"]["state"] == "jam"
    assert (await run("scan"))[0] == 2
    assert (await run("door", "cabinet", "open"))[0] == (await run("mains", "off"))[0] == 0
    assert cabinet.board.state()["doors"] == {"cabinet": "open", "front": "closed"}
    assert cabinet.ups.state()["mains"] == "off"
    assert (await run("door", "front", "locked"))[0] == 1
    assert (await run("arrive", "李秀兰"))[0] == 0 and cabinet.board.state()["near"] is True
    assert (await run("leave"))[0] == 0 and cabinet.board.state()["near"] is False
    for command in (("sign", "--seed", "3"), ("type", "1234")):
        code, said = await run(*command)
        assert (code, "has not asked for" in said) == (1, True)
    assert (await run("unplug", "pinPad"))[0] == 0
    assert not cabinet.pin_pad.port.plugged
    stopped = await asyncio.to_thread(
        runner.invoke, app, ["state", "--dir", str(cabinet.directory / "nowhere")]
    )
    assert stopped.exit_code == 3


async def test_serve_runs_until_it_is_terminated_and_leaves_no_link(tmp_path: Path) -> None:
    program = "from drivers.simulators.cli import app; app()"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "serve", "--dir", str(tmp_path), "--json"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert child.stdout is not None
    told = json.loads(await asyncio.wait_for(child.stdout.readline(), 20))
    assert told["pid"] == child.pid
    assert (tmp_path / "tty-idReader").exists()
    state = await asyncio.to_thread(ControlClient(tmp_path).state)
    assert state["printed"] == []
    child.terminate()
    assert await asyncio.wait_for(child.wait(), 10) == 0
    assert not (tmp_path / "tty-idReader").is_symlink()


async def test_where_ippeveprinter_cannot_run_our_own_server_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.simulators.ippeve.missing", lambda: "it is not installed")
    async with Cabinet(CabinetOptions(tmp_path, ipp="real")) as cabinet:
        assert cabinet.document_printer.state()["backend"] == "own"
        assert json.loads((tmp_path / "cabinet.json").read_text())["ippBackend"] == "own"
        await cabinet.do("documentPrinter", "jam")
        assert cabinet.devices["documentPrinter"].state()["fault"] == "jam"


async def test_a_stopped_cabinet_is_told_from_a_refusing_one(tmp_path: Path) -> None:
    async with Cabinet(CabinetOptions(tmp_path)):
        found = await asyncio.to_thread(ControlClient, tmp_path)
    with pytest.raises(CabinetNotRunningError, match="kiosk sim serve"):
        await asyncio.to_thread(found.state)


async def test_the_page_lets_a_person_arrive_and_shows_the_paper_in_both_languages(cabinet: Cabinet) -> None:
    host, port = str((await client(cabinet)).cabinet["receiptTcp"]).split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"hello\n\x1dVB\x40\x1dr\x01")
    await reader.readexactly(1)
    writer.close()
    problems: list[str] = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(**CHROMIUM)
        page = await browser.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(cabinet.page_url)
        await page.get_by_role("button", name="上前刷证").click()
        await page.get_by_text("卡在：李秀兰").wait_for()
        await page.get_by_role("button", name="English").click()
        await page.get_by_role("button", name="Take slip").click()
        await page.get_by_text("taken", exact=True).wait_for()
        assert cabinet.token not in page.url
        await browser.close()
    assert problems == []
    assert cabinet.devices["person"].state()["holds"] == ["001-slip.png"]
