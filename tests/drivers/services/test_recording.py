"""A recording told to a client: whole while it can be, and never in silence less than that."""

import asyncio
import json

import pytest

from config.clock import SystemClock
from drivers.recording import lines
from drivers.recording.lines import Line, head_of
from drivers.recording.replay import replay
from drivers.services import recording
from drivers.services.base import Identity
from drivers.services.stamp_unit import StampUnitService
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs.connection import BACKLOG
from tests.drivers.cabinet import POLICY
from tests.drivers.fake_cabinet import FakeStamp
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

MADE = head_of("stamp-frame", "stampUnit", {"port": "x"}, SystemClock().now())


class Tap:
    """Tells what the test has it tell."""

    sink = None

    def start(self, sink):
        self.sink = sink

    def stop(self):
        pass


class Slow(Desk):
    """Does not read while ``reads`` is off."""

    reads = True
    most = 0

    @property
    def unread(self):
        return 0 if self.reads else len(self.sent)

    def send(self, text, *, droppable=False):
        super().send(text, droppable=droppable)
        self.most = max(self.most, self.unread)


@pytest.fixture
async def service(tmp_path):
    store = Store(tmp_path / "devices.db", SystemClock())
    await store.open()
    made = StampUnitService(
        Identity("StampUnit", "stampUnit", "fake"), Supervisor("StampUnit", FakeStamp(), POLICY), store
    )
    made.recorder = Tap()
    made.start()
    yield made
    await made.close()
    await store.close()


async def told(service, desk, act, seconds=1.0):
    """The lines told while ``act`` made the device speak; and the completion."""
    asked = asyncio.create_task(desk.ask("Supervision.Record", {"seconds": seconds}))
    async with asyncio.timeout(20):
        while service.recorder.sink is None:
            await asyncio.sleep(0.005)
        act(service.recorder.sink)
        await asyncio.sleep(0.1)
        desk.reads = True
        events, completion = await asked
    assert code(completion) == "success"
    written = [
        event["payload"]["line"] for event in events if event["header"]["name"].endswith("RecordedEvent")
    ]
    assert completion["payload"]["lines"] == len(written)
    return lines.parse([MADE.dump(), *written])


def spoken(count):
    def act(sink):
        for number in range(count):
            sink(Line(number / 1e6, "in", number.to_bytes(4, "big").hex()))

    return act


async def test_many_lines_at_once_wait_for_a_client_that_reads_slowly(service):
    desk = Slow(service)
    desk.reads = False
    read = await told(service, desk, spoken(4 * BACKLOG))
    assert [line.value for line in read.lines if line.kind == "in"] == [
        number.to_bytes(4, "big").hex() for number in range(4 * BACKLOG)
    ]
    assert desk.most < BACKLOG, "a connection with more unread messages is cut off"
    assert read.gaps == ""


async def test_what_finds_no_place_is_counted_where_it_is_missing_and_not_played(service, monkeypatch):
    monkeypatch.setattr(recording, "MOST_WAITING", 500)
    desk = Slow(service)
    desk.reads = False
    read = await told(service, desk, spoken(1000))
    kept = [line for line in read.lines if line.kind == "in"]
    missing = [line.value for line in read.lines if line.kind == "missing"]
    assert len(kept) + sum(missing) == 1000 and missing
    assert f"{missing[0]} lines at " in read.gaps
    with pytest.raises(lines.RecordingError, match=f"lacks {missing[0]} lines"):
        await replay(read)


@pytest.mark.parametrize("value", [0, -1, "many", [2]])
def test_a_gap_of_no_size_is_no_line(value):
    with pytest.raises(lines.RecordingError, match="line 2"):
        lines.parse([MADE.dump(), json.dumps({"t": 0.1, "missing": value})])
