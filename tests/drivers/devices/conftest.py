"""Helpers for driver tests: a directory for links, waiting for a status, deadlines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from config.clock import Deadline
from drivers.ports import Device, Snapshot


@pytest.fixture
def soon() -> Callable[[], Deadline]:
    """A deadline far enough for anything that works."""
    return lambda: Deadline.after(8)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """Where the simulated port's link lies."""
    return tmp_path / "tty-device"


async def until(device: Device, wanted: Callable[[Snapshot], bool], seconds: float = 8) -> None:
    """Wait until the device's status is as wanted."""
    async with asyncio.timeout(seconds):
        while not wanted(device.snapshot):
            await asyncio.sleep(0.01)
