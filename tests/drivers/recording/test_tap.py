"""The tap, wherever the driver runs: silent until asked, in order, and over the death of a process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from drivers.assembly import DeviceSpec, port_of
from drivers.devices import registry
from drivers.hosting import RemoteDevice, hosted_with_recorder
from drivers.protocols.wire import Wire
from drivers.recording import lines
from drivers.recording.lines import MISSING, Line, RecordingError
from drivers.recording.tap import RecordingTap
from drivers.simulators.base import Pace
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.card_reader import CardReaderSimulator


class Halves(Wire):
    """Holds every second chunk of the device back until the next."""

    def __init__(self) -> None:
        self.held = b""

    def incoming(self, data: bytes) -> bytes:
        given, self.held = (self.held + data, b"") if self.held else (b"", data)
        return given

    def settle(self) -> bytes:
        given, self.held = self.held, b""
        return given


def told(tap_lines: list[Line]) -> list[tuple[str, object]]:
    return [(line.kind, line.value) for line in tap_lines]


def test_nothing_is_kept_before_or_after() -> None:
    found: list[Line] = []
    tap = RecordingTap(Wire)
    assert tap.outgoing(b"a") == b"a"
    tap.start(found.append)
    tap.outgoing(b"b")
    tap.stop()
    assert tap.incoming(b"c") == b"c"
    assert told(found) == [("out", "62")]


class Failing(Wire):
    """A protocol whose description has a fault."""

    def incoming(self, data: bytes) -> bytes:
        raise ValueError(f"what is {data!r}?")

    def settle(self) -> bytes:
        raise ValueError("half of what?")


def test_a_recording_that_fails_ends_and_the_line_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    found: list[Line] = []
    tap = RecordingTap(Failing)
    tap.start(found.append)
    assert tap.outgoing(b"a") == b"a"
    assert tap.incoming(b"6299") == b"6299"
    tap.outgoing(b"b")
    assert (tap.running, told(found)) == (False, [("out", "61"), ("missing", None)])
    assert "ValueError" in caplog.text and "6299" not in caplog.text, "its words may be anybody's data"
    tap.start(found.append)
    tap.stop()
    assert not tap.running


def test_lines_wait_behind_an_answer_that_is_held_back_and_keep_their_times() -> None:
    found: list[Line] = []
    tap = RecordingTap(Halves)
    tap.start(found.append)
    tap.incoming(b"12")
    tap.outgoing(b"x")
    assert found == []
    tap.incoming(b"345")
    assert told(found) == [("in", "3132"), ("out", "78"), ("in", "333435")]
    assert [line.t for line in found] == sorted(line.t for line in found)
    tap.incoming(b"6")
    tap.closed("closed")
    assert told(found)[3:] == [("in", "36"), ("closed", "closed")]
    tap.incoming(b"7")
    tap.stop()
    assert told(found)[-1] == ("in", "37")


def test_a_reason_in_words_is_not_kept() -> None:
    found: list[Line] = []
    tap = RecordingTap(Wire)
    tap.start(found.append)
    tap.closed("/dev/ttyUSB0 has vanished")
    assert told(found) == [("closed", "lost")]


@pytest.mark.parametrize("isolation", ["parent", "process"])
async def test_a_recording_goes_on_when_the_driver_is_started_anew(tmp_path: Path, isolation: str) -> None:
    sim = CardReaderSimulator(tmp_path / "tty", Pace(50))
    await sim.start()
    spec = DeviceSpec("IdCardReader", "idReader", "sam-v", {"port": str(sim.port.link)})
    device, recorder = hosted_with_recorder(spec, port_of("idReader"), isolation)
    found: list[Line] = []

    async def times(kind: str, count: int) -> None:
        async with asyncio.timeout(20):
            while sum(line.kind == kind for line in found) < count:
                await asyncio.sleep(0.01)

    recorder.start(found.append)
    try:
        await device.open()
        await times("in", 1)
        assert found[0].kind == "opened" and found[1].value.startswith("aaaaaa9669")
        if isinstance(device, RemoteDevice) and device.pid is not None:
            os.kill(device.pid, signal.SIGKILL)
            async with asyncio.timeout(20):
                while device.pid is not None:
                    await asyncio.sleep(0.01)
        else:
            await device.close()
        await device.open()
        await times("opened", 2)
        recorder.stop()
    finally:
        await device.close()
        await sim.stop()


def test_it_is_told_when_lines_are_held_back_and_when_none_is() -> None:
    told: list[bool] = []
    tap = RecordingTap(Halves)
    tap.start(lambda _: None, told.append)
    tap.outgoing(b"1")
    assert told == []
    tap.incoming(b"2")
    tap.outgoing(b"3")
    assert told == [True]
    tap.incoming(b"4")
    assert told == [True, False]
    tap.incoming(b"5")
    tap.stop()
    assert told == [True, False, True, False], "the end gives out what was held back"


async def test_what_a_killed_driver_had_held_back_is_told_as_missing(tmp_path: Path) -> None:
    sim = CardReaderSimulator(tmp_path / "tty", Pace(50))
    await sim.start()
    spec = DeviceSpec("IdCardReader", "idReader", "sam-v", {"port": str(sim.port.link)})
    device, recorder = hosted_with_recorder(spec, port_of("idReader"), "process")
    assert isinstance(device, RemoteDevice)
    found: list[Line] = []
    recorder.start(found.append)
    try:
        for held in (False, True):
            await device.open()
            assert device._child is not None and device.pid is not None
            device._child._heard(["held", held], lambda _: None)
            os.kill(device.pid, signal.SIGKILL)
            async with asyncio.timeout(20):
                while device.pid is not None:
                    await asyncio.sleep(0.01)
            assert [line.kind for line in found].count(MISSING) == held
    finally:
        await device.close()
        await sim.stop()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"recording": 2}', "x", '{"recording": 1, "driver": "sam-v"}']
)
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises(RecordingError):
        lines.read(tmp_path / "a.jsonl")
    with pytest.raises(RecordingError):
        lines.read(tmp_path / "none.jsonl")


HEAD = '{"recording": 1, "driver": "sam-v", "role": "idReader", "transport": "serial", "expect": [{"result": null}]}'


def test_a_recording_is_read_back_as_it_was_written_and_says_what_it_expects() -> None:
    read = lines.parse(
        [
            HEAD,
            '{"t": 0.5, "done": "find", "raised": "MediaMissing"}',
            '{"t": 0.1, "call": "find", "with": []}',
        ]
    )
    assert [line.kind for line in read.lines] == ["call", "done"]
    assert read.expected == ({"result": None},)
    again = lines.parse(read.dump().splitlines())
    assert again == read
    endless, deep = f'{{"t": 1{"0" * 400}, "in": "00"}}', "[" * 100_000
    for wrong in (
        '{"t": 0.1, "in": "xyz"}',
        '{"t": 0.1}',
        '{"in": "00"}',
        '{"t": NaN, "in": ""}',
        endless,
        deep,
    ):
        with pytest.raises(RecordingError, match="line 2"):
            lines.parse([HEAD, wrong])


async def test_of_a_film_only_facts_are_written_down() -> None:
    sim = CameraSimulator(Pace(1))
    await sim.start()
    tap = RecordingTap(registry.traits("camera-opencv").wire)
    camera = registry.create("camera-opencv", {"uri": sim.url}, tap=tap)
    found: list[Line] = []
    tap.start(found.append)
    try:
        await camera.open()
        async with asyncio.timeout(20):
            while not any(line.kind == "in" for line in found):
                await asyncio.sleep(0.01)
    finally:
        await camera.close()
        await sim.stop()
    picture = json.loads(next(line.data for line in found if line.kind == "in"))
    assert picture["size"] == "640x480" and len(picture["sha256"]) == 64
    assert set(picture) == {"size", "brightness", "contrast", "sha256"}
