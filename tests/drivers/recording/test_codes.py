"""A recorded code plays to the driver's real outcome, whatever was printed and in whichever encoding."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest

from drivers.recording import lines
from drivers.recording.replay import replay
from tests.drivers.recording.making import scanner
from tests.drivers.recording.making_vendors import codes
from tests.drivers.recording.recorded import soon

KINDS = {
    "Chinese alone": ("张三".encode(), "qrCode", 6),
    "Chinese in GB 18030": ("发票代码:044001".encode("gb18030"), "qrCode", 19),
    "four bytes in GB 18030": ("张㐀Ø·".encode("gb18030"), "qrCode", 10),
    "an identifier": (b"]Q1ABC123", "qrCode", 6),
    "an identifier before Chinese": ("]Q1张三".encode("gb18030"), "qrCode", 6),
    "an identifier with a modifier that matters": (b"]C10112345678", "ean128", 10),
    "no identifier": (b"]!12AB", "code128", 6),
    "EAN-13": (b"6901234567892", "ean13", 13),
    "13 digits that are none": (b"6901234567891", "code128", 13),
    "12 digits that are no UPC": (b"044002600104", "code128", 12),
    "small letters between stars": (b"*abc*", "code128", 5),
    "Code 39": (b"*ABC-1*", "code39", 7),
    "no text": (b"\xff\xfe12", "qrCode", 4),
}


@pytest.mark.parametrize(("code", "symbology", "size"), KINDS.values(), ids=KINDS)
async def test_a_code_plays_as_what_it_was(code: bytes, symbology: str, size: int, tmp_path: Path) -> None:
    async with scanner(tmp_path, "a code is shown") as (it, sim):
        scan = asyncio.create_task(it.device.scan(soon()))
        await asyncio.sleep(0.2)
        await sim.do("scan", {"bytes_b64": base64.b64encode(code).decode()})
        await scan
        recording = it.recording()
    assert recording.expected == ({"result": {"symbology": symbology, "size": size}},)
    verdict = await replay(lines.parse(recording.dump().splitlines()))
    assert verdict.same and not verdict.deviations, (verdict.outcomes, verdict.deviations)


async def test_a_code_in_gb_18030_of_another_publisher_plays_with_its_size(tmp_path: Path) -> None:
    async with codes("Chinese is held up") as (it, vendor):
        scan = asyncio.create_task(it.device.scan(soon()))
        await asyncio.sleep(3.5)  # behind the driver's next question for the status
        vendor.codes.put_nowait("发票代码,·".encode("gb18030"))
        await scan
        recording = it.recording()
    assert recording.expected == ({"result": {"symbology": "qrCode", "size": 15}},)
    verdict = await replay(recording)
    assert verdict.same, (verdict.outcomes, verdict.deviations)
