"""The scanner's tap: calls and answers, of a page its facts, and no place; and pages made of facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.devices.scanner import LAMP_PAGES
from drivers.imaging.facts import NoFacts, PageFacts, page_facts
from drivers.protocols.sane import Frame
from drivers.protocols.sane_wire import SaneWire
from drivers.recording.lines import head_of
from drivers.recording.player import Player
from drivers.recording.stage import ReplayTap
from drivers.transports.sane import SaneLink
from drivers.transports.sane_tap import page_like
from tests.drivers.recording.making_documents import CARD, sheets
from tests.drivers.recording.recorded import soon


async def test_of_a_page_only_facts_are_written_down(tmp_path: Path) -> None:
    async with sheets(tmp_path, "") as (it, sim):
        await sim.do("lay", {"kind": "idCard"})
        await it.device.scan(CARD, soon())
        recording = it.recording()
        host = sim.host
    answers = [json.loads(line.data) for line in recording.lines if line.kind == "in"]
    (page,) = (answer["page"] for answer in answers if "page" in answer)
    assert set(page) == {"bytes", "sha256", "paper", "brightness", "contrast"}
    assert page["bytes"] == 337 * 213 and page["paper"] > 200
    assert host not in recording.dump() and str(tmp_path) not in recording.dump()
    assert not any(host.encode() in line.data for line in recording.lines if line.kind in ("in", "out"))


def test_where_the_scanner_is_stays_out_of_calls_and_head() -> None:
    wire = SaneWire()
    assert wire.outgoing(b'{"do": "open", "name": "net:192.0.2.7:fi"}') == b'{"do": "open"}'
    assert wire.outgoing(b'{"do": "init", "directory": "/etc/secret"}') == b'{"do": "init"}'
    assert b"mode" in wire.outgoing(b'{"do": "set", "name": "mode", "value": "Gray"}')
    assert wire.outgoing(b"net:192.0.2.7") == wire.outgoing(b"[1]") == b"{}"
    options = {"device": "net:192.0.2.7:fi", "config_dir": "/etc/sane.d", "front": "ADF"}
    head = head_of("scanner-sane", "documentScanner", options, datetime(2026, 10, 12, tzinfo=UTC))
    assert (head.transport, head.options) == ("sane", {"front": "ADF"})


async def test_an_old_lamp_is_seen_in_what_is_played(tmp_path: Path) -> None:
    async with sheets(tmp_path, "") as (it, sim):
        await sim.do("lamp", {"level": 0.45})
        await sim.do("lay", {"kind": "idCard", "count": LAMP_PAGES})
        for _ in range(LAMP_PAGES):
            await it.device.scan(CARD, soon())
        recording = it.recording()
    link = SaneLink("recording", tap=ReplayTap(Player(recording, SaneWire())))
    await link.open(soon())
    dim = 0
    for line in recording.lines:
        if line.kind == "out" and json.loads(line.data)["do"] not in ("init", "open", "frame"):
            await link.ask(json.loads(line.data), soon())
        elif line.kind == "out" and json.loads(line.data)["do"] == "frame":
            dim += (await link.frame(soon())).picture().max() < 150
    await link.close()
    assert dim == LAMP_PAGES


PARAMETERS: dict[str, Any] = {
    "format": "gray",
    "bytes_per_line": 100,
    "pixels_per_line": 100,
    "lines": 50,
    "depth": 8,
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"format": "rgb", "bytes_per_line": 300},
        {"format": "rgb", "bytes_per_line": 601, "depth": 16},
        {"bytes_per_line": 13, "depth": 1},
    ],
    ids=["grey", "colour", "16 bits", "1 bit"],
)
def test_a_made_page_has_the_facts_that_were_told(change: dict[str, Any]) -> None:
    parameters = PARAMETERS | change
    told = PageFacts(parameters["bytes_per_line"] * 50, "ab" * 32, 255.0, 229.5, 76.5)
    data = page_like(told, parameters)
    found = page_facts(data, Frame.of(parameters, data).picture())
    assert (found.size, found.paper) == (told.size, told.paper)
    assert abs(found.brightness - told.brightness) < 2 and abs(found.contrast - told.contrast) < 3


NOTHING: dict[str, Any] = {}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: page_like(PageFacts(10, ""), NOTHING),
        lambda: page_like(PageFacts(10, ""), PARAMETERS | {"depth": 3}),
        lambda: page_like(PageFacts(0, ""), PARAMETERS),
        lambda: page_like(PageFacts(10, ""), PARAMETERS | {"bytes_per_line": 1 << 40}),
        lambda: PageFacts.load({"bytes": -1, "sha256": ""}),
        lambda: PageFacts.load({"bytes": 1, "sha256": "", "paper": 999, "brightness": 1, "contrast": 1}),
    ],
)
def test_what_describes_no_page_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(NoFacts):
        wrong()
