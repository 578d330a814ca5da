"""An event is waited for so long; a cancellation that comes together with it is never lost."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.waiting import set_within

FOR_EVER_S = 3600.0


async def test_it_tells_whether_the_event_came_in_time() -> None:
    event = asyncio.Event()
    assert not await set_within(event, 0.0)
    asyncio.get_running_loop().call_soon(event.set)
    assert await set_within(event, FOR_EVER_S)
    assert await set_within(event, FOR_EVER_S), "it is set already"


@pytest.mark.parametrize("turns", range(5))
async def test_a_task_in_a_loop_ends_however_near_the_event_its_cancellation_comes(turns: int) -> None:
    event, rounds = asyncio.Event(), 0

    async def for_ever() -> None:
        nonlocal rounds
        while True:
            event.clear()
            await set_within(event, FOR_EVER_S)
            rounds += 1

    task = asyncio.create_task(for_ever())
    await asyncio.sleep(0)
    event.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    seen = rounds
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled(), "the cancellation is lost"
    assert rounds == seen, "the task went on after its end"
