"""Waiting for an answer while the machine itself stands still."""

from __future__ import annotations

import asyncio
import threading
import time

from config.clock import Deadline
from drivers.transports.waiting import Mailbox


async def test_an_answer_that_came_while_the_machine_stood_still_is_not_taken_for_silence() -> None:
    """A busy machine stalls the loop for a second: then the answer and its deadline come in the same turn."""
    inbox: Mailbox[str] = Mailbox()
    loop = asyncio.get_running_loop()
    stalled = threading.Event()

    def stall() -> None:
        stalled.set()
        time.sleep(0.4)

    def answer() -> None:
        stalled.wait()
        loop.call_soon_threadsafe(inbox.put, "answer")

    device = threading.Thread(target=answer)
    device.start()
    loop.call_later(0.02, stall)
    assert await inbox.get(Deadline.after(0.2)) == "answer"
    device.join()


async def test_silence_ends_at_the_deadline() -> None:
    inbox: Mailbox[str] = Mailbox()
    assert await inbox.get(Deadline.after(0.02)) is None
