"""A device that is away for days is in the log once when it goes and once when it comes, not at each attempt."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pytest

from config.clock import SystemClock
from drivers.devices.supervised import SupervisedDevice
from drivers.errors import DeviceNotReady, LinkLost
from drivers.ports import DeviceState


class _Cable(SupervisedDevice):
    """There or not."""

    there = False

    async def _connect(self) -> None:
        if not self.there:
            raise LinkLost("the port cannot be opened; check cable and power")

    def _announce(self) -> None:
        self._board.publish(DeviceState.ONLINE, {}, "polled")

    async def _watch(self) -> None:
        raise LinkLost("the line broke")

    async def _disconnect(self) -> None:
        pass

    def _away(self) -> Mapping[str, object]:
        return {}


async def test_what_is_away_is_told_once_over_all_attempts(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    device = _Cable("reader", SystemClock())
    for _ in range(5):  # as the watch over it does, each time with a pause
        with pytest.raises(DeviceNotReady):
            await device.open()
        await device.close()
    said = [record.getMessage() for record in caplog.records]
    assert [text for text in said if "is lost" in text] == [
        "reader is lost: the port cannot be opened; check cable and power"
    ]
    assert [text for text in said if "(was" in text] == ["reader is noDevice (was starting)"]
    caplog.clear()
    device.there = True
    await device.open()
    await device.close()
    device.there = False
    with pytest.raises(DeviceNotReady):
        await device.open()
    await device.close()
    said = [record.getMessage() for record in caplog.records]
    assert "reader is online (was noDevice)" in said or "reader is online (was offline)" in said
    assert sum("the port cannot be opened" in text for text in said) == 1, (
        "it is told anew after it was there"
    )
