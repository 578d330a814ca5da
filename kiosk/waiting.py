"""Waiting for an event, but not for ever, and never past the end of the task that waits."""

from __future__ import annotations

import asyncio


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set in that time.

    Before Python 3.12 ``asyncio.wait_for`` answers with the event when a cancellation comes in the same moment, and
    the cancellation is lost: the task goes on for ever. ``asyncio.timeout`` loses none.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
