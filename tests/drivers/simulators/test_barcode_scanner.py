"""The simulated scanner: what is shown comes out of the line with a carriage return."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from tests.drivers.simulators.lines import Host


@pytest.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[BarcodeScannerSimulator]:
    simulator = BarcodeScannerSimulator(tmp_path / "tty-barcode", Pace(50))
    await simulator.start()
    yield simulator
    await simulator.stop()


async def test_text_and_bytes_arrive_unchanged_with_a_carriage_return(
    scanner: BarcodeScannerSimulator,
) -> None:
    host = Host(scanner.port.link, 9600)
    await scanner.do("scan", {"text": "01,04,012002600104,00012345,352400.00,20261012"})
    assert await host.read(60, 0.3) == b"01,04,012002600104,00012345,352400.00,20261012\r"
    raw = bytes(range(32, 48)) + "云川".encode("gb18030")
    await scanner.do("scan", {"bytes_b64": base64.b64encode(raw).decode()})
    assert await host.read(21, 0.3) == raw + b"\r"
    await scanner.do("scan", {"text": "云", "encoding": "gb18030", "aim": True, "symbology": "code128"})
    assert await host.read(6, 0.3) == b"]C0" + "云".encode("gb18030") + b"\r"
    assert scanner.state()["counts"] == {"scans": 3}
    host.close()


async def test_in_trigger_mode_a_code_is_read_only_while_the_light_is_on(tmp_path: Path) -> None:
    scanner = BarcodeScannerSimulator(tmp_path / "tty-barcode", Pace(50), trigger_mode=True)
    await scanner.start()
    host = Host(scanner.port.link, 9600)
    with pytest.raises(ActionRefusedError, match="light is off"):
        await scanner.do("scan", {"text": "A"})
    await host.write(b"\x16T\r")
    assert await host.quiet(0.05) == b""
    await scanner.do("scan", {"text": "A"})
    assert await host.read(2) == b"A\r"
    await host.write(b"\x16U\r")
    assert await host.quiet(0.05) == b""
    with pytest.raises(ActionRefusedError):
        await scanner.do("scan", {"text": "A"})
    host.close()
    await scanner.stop()


async def test_an_unplugged_scanner_and_a_code_without_content_are_refused(
    scanner: BarcodeScannerSimulator,
) -> None:
    with pytest.raises(BadParameterError, match="either text or bytes_b64"):
        await scanner.do("scan", {})
    with pytest.raises(BadParameterError, match="base64"):
        await scanner.do("scan", {"bytes_b64": "***"})
    await scanner.do("unplug")
    with pytest.raises(ActionRefusedError, match="replug"):
        await scanner.do("scan", {"text": "A"})
