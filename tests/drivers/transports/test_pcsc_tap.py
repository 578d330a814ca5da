"""What a recording holds of a reader whose service is not believed."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import pytest

from drivers.errors import DeadlinePassed
from drivers.protocols.apdu_wire import ApduWire
from drivers.recording.lines import Line
from drivers.recording.tap import RecordingTap
from drivers.transports import pcsc_calls
from drivers.transports.pcsc import PcscReader
from drivers.transports.pcsc_calls import Sighting

STALE = Sighting(present=True, mute=False, atr=b"", mark=1 << 16)
TRUE = replace(STALE, present=False)


class Stale:
    """A service that shows a card which has gone, until it is made to ask its reader."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked = False
        patch.setattr(pcsc_calls, "establish", lambda: 1)
        patch.setattr(pcsc_calls, "release", lambda context: None)
        patch.setattr(pcsc_calls, "cancel", lambda context: None)
        patch.setattr(pcsc_calls, "readers", lambda context: ["Reader"])
        patch.setattr(pcsc_calls, "watch", self._watch)
        patch.setattr(pcsc_calls, "check", self._check)

    def _watch(
        self, context: int, reader: str, marks: tuple[int, int], wait_s: float
    ) -> tuple[Sighting, int, bool]:
        if marks != (0, 0):
            time.sleep(0.01)
            raise DeadlinePassed("nothing changed in time")
        return TRUE if self.asked else STALE, 0, False

    def _check(self, context: int, reader: str) -> bool:
        self.asked = True
        return True


async def test_what_is_believed_is_written_down_once_and_the_line_opened_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Stale(monkeypatch)
    found: list[Line] = []
    tap = RecordingTap(ApduWire)
    tap.start(found.append)
    reader = PcscReader("Reader", tap=tap)
    heard: list[Sighting] = []
    reader.changed = heard.append
    await reader.open()
    try:
        async with asyncio.timeout(10):
            while TRUE not in heard:
                await asyncio.sleep(0.01)
    finally:
        await reader.close()
    assert service.asked
    assert [line.kind for line in found].count("opened") == 1
    shown = [line.data[1:] for line in found if line.kind == "in" and line.data.startswith(b"S")]
    assert [json.loads(text)[0] for text in shown] == [True, False]
