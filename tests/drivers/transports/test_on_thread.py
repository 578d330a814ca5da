"""Calls that wait for a worker's thread: a line that closes before their turn is a lost line, not a cancellation."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from drivers.errors import LinkLost
from drivers.transports.channel import on_thread


@pytest.fixture
def worker():
    found = ThreadPoolExecutor(1)
    yield found
    found.shutdown(cancel_futures=True)


async def test_what_waits_when_the_worker_ends_is_told_that_the_line_is_closed(worker):
    free = threading.Event()
    first = asyncio.ensure_future(on_thread(worker, free.wait, "closed"))
    second = asyncio.ensure_future(on_thread(worker, lambda: 2, "closed"))
    await asyncio.sleep(0)
    worker.shutdown(wait=False, cancel_futures=True)
    with pytest.raises(LinkLost, match="closed"):
        await second
    free.set()
    assert await first is True
    with pytest.raises(LinkLost, match="closed"):
        await on_thread(worker, lambda: 3, "closed")


async def test_who_is_cancelled_is_cancelled(worker):
    free = threading.Event()
    first = asyncio.ensure_future(on_thread(worker, free.wait, "closed"))
    second = asyncio.ensure_future(on_thread(worker, lambda: 2, "closed"))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    free.set()
    assert await first is True
