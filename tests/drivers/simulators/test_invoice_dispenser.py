"""The simulated dispenser, driven over its line by a host written from the protocol's text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.dispenser_machine import Machine
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.printed import PrintedStore
from tests.depth import examples
from tests.drivers.simulators.lines import Host

CODE = "012002600104"


def crc(data: bytes) -> int:
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021) & 0xFFFF if value & 0x8000 else (value << 1) & 0xFFFF
    return value


def frame(seq: int, body: str) -> bytes:
    checked = bytes([seq]) + b"%02X" % len(body) + body.encode() + b"\x03"
    return b"\x02" + checked + b"%04X" % crc(checked)


class UnitHost:
    """Sends commands and sorts what comes back into replies and events."""

    def __init__(self, link: Path) -> None:
        self.line = Host(link, 38400)
        self.seq = 0x1F
        self.events: list[str] = []
        self.signals: list[int] = []
        self._kept = b""

    async def next_frame(self, within: float = 2.0) -> tuple[int, str] | None:
        until = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < until:
            while self._kept and self._kept[0] in (0x06, 0x15):
                self.signals.append(self._kept[0])
                self._kept = self._kept[1:]
            if len(self._kept) >= 9:
                size = int(self._kept[2:4], 16) + 9
                if len(self._kept) >= size:
                    whole, self._kept = self._kept[:size], self._kept[size:]
                    assert whole[0] == 2
                    assert whole[-5] == 3
                    assert whole[-4:] == b"%04X" % crc(whole[1:-4])
                    return whole[1], whole[4:-5].decode()
            self._kept += await self.line.read(1, 0.03)
        return None

    async def reply(self, seq: int, within: float = 2.0) -> str | None:
        while (found := await self.next_frame(within)) is not None:
            if found[0] == seq:
                return found[1]
            assert found[0] == 0x1F
            self.events.append(found[1])
        return None

    async def ask(self, body: str, within: float = 2.0) -> str | None:
        self.seq = 0x20 if self.seq >= 0x7F else self.seq + 1
        await self.line.write(frame(self.seq, body))
        return await self.reply(self.seq, within)


class Bench:
    def __init__(self, directory: Path, speed: float = 300) -> None:
        self.directory = directory
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.unit = InvoiceDispenserSimulator(
            directory / "tty-dispenser", self.store, Pace(speed), directory / "dispenser.json"
        )

    async def start(self) -> UnitHost:
        await self.unit.start()
        return UnitHost(self.unit.port.link)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    await bench.unit.start()
    await bench.unit.do("load", {"unit": "unit1", "code": CODE, "first": "00012301", "count": 100})
    yield bench
    await bench.unit.stop()


@pytest.fixture
async def host(bench: Bench) -> AsyncIterator[UnitHost]:
    unit_host = UnitHost(bench.unit.port.link)
    yield unit_host
    unit_host.line.close()


async def test_it_says_who_it_is_and_what_lies_in_front(host: UnitHost) -> None:
    identity = await host.ask("I")
    assert identity is not None
    assert len(identity.split("|")) == 4
    assert await host.ask("U1") == f"U1|ok|100|{CODE}|00012301"
    assert await host.ask("U2") == "U2|empty|0|-|-"
    assert await host.ask("U9") == "U9|missing|0|-|-"
    assert await host.ask("S") == "S|idle|empty|closed|0|0|0|0"
    assert host.signals == [6] * 5


async def test_sheets_are_fed_read_accepted_presented_and_taken(bench: Bench, host: UnitHost) -> None:
    for number in ("00012301", "00012302"):
        fed = await host.ask("F1")
        assert fed is not None
        assert fed.split("|")[:3] == ["F1", "ok", number]
        assert 90 < int(fed.split("|")[3]) < 120
        assert await host.ask("A") == "A|ok"
    assert await host.ask("A") == "A|none"
    assert host.events == ["E|tray|1", "E|tray|2"]
    with pytest.raises(ActionRefusedError, match="shutter is closed"):
        await bench.unit.do("take")
    assert await host.ask("P") == "P|ok"
    assert await host.ask("S") == "S|idle|paper|open|2|2|0|0"
    assert await bench.unit.do("take", {"count": 1}) == {"numbers": ["00012301"]}
    assert await bench.unit.do("take") == {"numbers": ["00012302"]}
    assert await host.next_frame() == (0x1F, "E|tray|1")
    assert await host.next_frame() == (0x1F, "E|taken")
    await asyncio.sleep(0.05)
    assert await host.ask("S") == "S|idle|empty|closed|2|2|0|0"
    files = [str(item["file"]) for item in bench.store.items()]
    assert files == [f"001-invoice-{CODE}-00012301.png", f"002-invoice-{CODE}-00012302.png"]
    assert [item["place"] for item in bench.store.items()] == ["taken", "taken"]


async def test_the_picture_of_an_invoice_carries_its_code_and_number(bench: Bench, host: UnitHost) -> None:
    await host.ask("F1")
    await host.ask("A")
    picture = Image.open(bench.store.directory / str(bench.store.items()[0]["file"])).convert("RGB")
    assert picture.size == (1440, 840)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [CODE + "00012301"]


async def test_the_same_seq_moves_nothing_and_gets_the_stored_reply(bench: Bench, host: UnitHost) -> None:
    again = frame(0x40, "F1")
    await host.line.write(again)
    first = await host.reply(0x40)
    await host.line.write(again)
    assert await host.reply(0x40) == first
    await host.line.write(b"\x15")  # the host heard the reply badly
    assert await host.reply(0x40) == first
    # Another program's frame under the same SEQ moves nothing either; it has to take the next one.
    await host.line.write(frame(0x40, "A"))
    assert await host.reply(0x40) == first
    await host.line.write(frame(0x41, "A"))
    assert await host.reply(0x41) == "A|ok"
    assert bench.unit.machine.counters["fed"] == 1


async def test_a_frame_repeated_during_the_motion_is_not_obeyed_twice(tmp_path: Path) -> None:
    bench = Bench(tmp_path, speed=2)
    host = await bench.start()
    await bench.unit.do("load", {"unit": 1, "code": CODE, "first": "00000001", "count": 5})
    await host.line.write(frame(0x41, "F1") * 3)
    await asyncio.sleep(0.05)
    await host.line.write(frame(0x42, "S") + frame(0x41, "F1"))
    state = await host.reply(0x42)
    assert state is not None
    assert state.startswith("S|busy|")
    fed = await host.reply(0x41)
    assert fed is not None
    assert fed.startswith("F1|ok|00000001|")
    assert await host.next_frame(0.3) is None
    assert bench.unit.machine.units[1].count == 4
    host.line.close()
    await bench.unit.stop()


async def test_bad_and_torn_frames_are_refused_and_noise_is_skipped(host: UnitHost) -> None:
    good = frame(0x30, "S")
    await host.line.write(good[:-1] + b"0" + b"xx\xff" + good)
    assert await host.reply(0x30) is not None
    await host.line.write(good[:5])
    assert await host.next_frame(0.4) is None
    assert host.signals == [0x15, 0x06, 0x15]
    await host.line.write(good[:6] + frame(0x31, "S"))
    assert await host.reply(0x31) is not None
    assert host.signals[3:] == [0x15, 0x06]


async def test_wrong_double_smudged_and_missing_sheets_are_seen_by_the_unit(
    bench: Bench, host: UnitHost
) -> None:
    await bench.unit.do("wrongNumberAt", {"k": 2, "number": "00099999"})
    await bench.unit.do("doubleAt", {"k": 3})
    await bench.unit.do("unreadableAt", {"k": 4})
    replies = []
    for _ in range(4):
        fed = await host.ask("F1")
        assert fed is not None
        replies.append(fed.split("|"))
        assert await host.ask("R") == "R|ok"
    assert [reply[1:3] for reply in replies] == [
        ["ok", "00012301"],
        ["ok", "00099999"],
        ["double", "00012303"],
        ["ok", "?"],
    ]
    assert int(replies[2][3]) > 180
    assert await host.ask("S") == "S|idle|empty|closed|4|0|4|0"
    assert bench.unit.machine.places["reject"][2].number == "00012303"
    assert len(bench.unit.machine.places["reject"]) == 5
    await bench.unit.do("cassette", {"unit": 1, "present": False})
    assert await host.ask("U1") == "U1|missing|0|-|-"
    assert await host.ask("F1") == "F1|empty|?|0"


async def test_a_jam_stops_everything_until_staff_clears_it(bench: Bench, host: UnitHost) -> None:
    await bench.unit.do("jamAt", {"k": 2})
    await host.ask("F1")
    await host.ask("A")
    assert await host.ask("F1") == "F1|jam|?|0"
    assert await host.ask("S") == "S|jam|paper|closed|1|1|0|0"
    assert await host.ask("Z") == "Z|jam"
    assert await host.ask("T") == "T|jam|0"
    await bench.unit.do("clear")
    assert await host.ask("Z") == "Z|ok"
    fed = await host.ask("F1")
    assert fed is not None
    assert fed.startswith("F1|ok|00012303|")
    assert [sheet.number for sheet in bench.unit.machine.places["removed"]] == ["00012302"]


async def test_a_jam_on_the_way_to_the_tray_is_not_counted_as_exited(bench: Bench, host: UnitHost) -> None:
    await bench.unit.do("jamAt", {"k": 1, "step": "accept"})
    await host.ask("F1")
    assert await host.ask("A") == "A|jam"
    assert await host.ask("S") == "S|jam|empty|closed|1|0|0|0"


async def test_what_is_not_taken_is_retracted_and_counted(bench: Bench, host: UnitHost) -> None:
    for _ in range(3):
        await host.ask("F1")
        await host.ask("A")
    await host.ask("P")
    assert await host.ask("T") == "T|ok|3"
    assert await host.ask("S") == "S|idle|empty|closed|3|3|0|3"
    assert [item["place"] for item in bench.store.items()] == ["retracted"] * 3
    with pytest.raises(ActionRefusedError):
        await bench.unit.do("take")


async def test_a_stuck_tray_sensor_hides_what_happened(bench: Bench, host: UnitHost) -> None:
    await host.ask("F1")
    await host.ask("A")
    await host.ask("P")
    await bench.unit.do("stuck", {"tray": "paper"})
    await bench.unit.do("take")
    assert await host.next_frame(0.2) is None
    assert await host.ask("S") == "S|idle|paper|closed|1|1|0|0"
    await bench.unit.do("stuck", {"tray": None})
    assert await host.ask("S") == "S|idle|empty|closed|1|1|0|0"


async def test_a_person_can_be_told_to_take_by_itself(bench: Bench, host: UnitHost) -> None:
    await bench.unit.do("autoTake", {"seconds": 0.02})
    await host.ask("F1")
    await host.ask("A")
    host.events.clear()
    await host.ask("P")
    assert await host.next_frame() == (0x1F, "E|taken")


async def test_cover_is_reported_and_stops_motion(bench: Bench, host: UnitHost) -> None:
    await bench.unit.do("cover", {"state": "open"})
    assert await host.ask("F1") == "F1|jam|?|0"
    assert host.events == ["E|cover|open"]
    assert await host.ask("S") == "S|cover|empty|closed|0|0|0|0"
    await bench.unit.do("cover", {"state": "closed"})
    assert await host.ask("S") == "S|idle|empty|closed|0|0|0|0"


@pytest.mark.parametrize(
    ("motion", "delay", "place", "counters"),
    [("F1", 0.05, "path", "0|0|0|0"), ("A", 0.02, "gate", "1|0|0|0"), ("A", 0.16, "tray", "1|1|0|0")],
)
async def test_a_power_cut_leaves_the_paper_where_it_was_and_forgets_the_rest(
    tmp_path: Path, motion: str, delay: float, place: str, counters: str
) -> None:
    bench = Bench(tmp_path, speed=1)
    host = await bench.start()
    await bench.unit.do("load", {"unit": 1, "code": CODE, "first": "00000001", "count": 5})
    if motion == "A":
        await host.ask("F1")
    await host.line.write(frame(0x70, motion))
    await asyncio.sleep(delay)
    await bench.unit.do("power", {"state": "off"})
    assert await host.ask("S", 0.2) is None
    kept = json.loads((tmp_path / "dispenser.json").read_text())
    assert [len(kept["places"][where]) for where in ("path", "gate", "tray")] == [
        int(where == place) for where in ("path", "gate", "tray")
    ]
    bench.unit.pace = Pace(100)
    await bench.unit.do("power", {"state": "on"})
    condition = "error" if place == "path" else "idle"
    sensed = await host.ask("S")
    assert sensed == f"S|{condition}|{'paper' if place == 'tray' else 'empty'}|closed|{counters}"
    if place == "path":
        assert await host.ask("F1") == "F1|jam|?|0"
        assert await host.ask("Z") == "Z|ok"
        assert await host.ask("S") == "S|idle|empty|closed|1|0|1|0"
    host.line.close()
    await bench.unit.stop()


async def test_a_restarted_simulator_finds_every_sheet_where_it_was(bench: Bench, host: UnitHost) -> None:
    await host.ask("F1")
    await host.ask("A")
    await host.ask("F1")
    again = Machine(bench.directory / "dispenser.json", 4, Pace(), lambda sheet: None)
    assert again.counters == {"fed": 2, "exited": 1, "rejected": 0, "retracted": 0}
    assert [sheet.number for sheet in again.places["gate"]] == ["00012302"]
    assert again.units[1].count == 98
    assert again.total() == 100


async def test_loads_that_cannot_be_are_refused(bench: Bench) -> None:
    with pytest.raises(BadParameterError, match="code"):
        await bench.unit.do("load", {"unit": 1, "code": "12", "first": "00000001", "count": 1})
    with pytest.raises(BadParameterError, match="numbers end"):
        await bench.unit.do("load", {"unit": 1, "code": CODE, "first": "99999999", "count": 2})
    with pytest.raises(BadParameterError, match="units 1 to 4"):
        await bench.unit.do("load", {"unit": 7, "code": CODE, "first": "00000001", "count": 1})
    with pytest.raises(ActionRefusedError, match="load it first"):
        await bench.unit.do("wrongNumberAt", {"unit": 2, "k": 1})


STEPS = st.sampled_from(
    ["F1", "F2", "A", "R", "P", "T", "Z", "take", "jam", "jamAccept", "double", "clear", "cut"]
)


@given(st.lists(STEPS, max_size=40))
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_sequence_of_motions_creates_or_loses_paper(tmp_path: Path, steps: list[str]) -> None:
    file = tmp_path / "machine.json"
    file.unlink(missing_ok=True)
    exited: list[str] = []
    machine = Machine(file, 2, Pace(1e9), lambda sheet: exited.append(sheet.number))
    machine.units[1].add(CODE, "00000001", 12)
    machine.units[2].add(CODE, "00000501", 3)
    for step in steps:
        match step:
            case "F1" | "F2":
                await machine.feed(int(step[1]))
            case "A":
                await machine.accept()
            case "R":
                await machine.reject()
            case "P":
                await machine.present()
            case "T":
                await machine.retract()
            case "Z":
                await machine.reset()
            case "take":
                machine.take(None) if machine.shutter_open else None
            case "jam":
                machine.units[1].oddities[machine.units[1].feeds + 1] = "jam"
            case "jamAccept":
                machine.next_jams["accept"] = 1
            case "double":
                machine.units[1].oddities[machine.units[1].feeds + 1] = "double"
            case "clear":
                machine.unjam()
            case "cut":
                machine.save()
                machine = Machine(file, 2, Pace(1e9), lambda sheet: exited.append(sheet.number))
        assert machine.total() == 15
        numbers = [sheet.number for sheets in machine.places.values() for sheet in sheets]
        assert len(numbers) == len(set(numbers))
    assert len(exited) == len(set(exited))
