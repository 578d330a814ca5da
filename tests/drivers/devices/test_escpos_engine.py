"""The back channel of the two printers that answer DLE EOT, on lines that hold answers up, and on a machine that stalls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from config.clock import Deadline
from drivers.devices.escpos_engine import StatusEngine, Timings
from drivers.protocols.escpos_status import DLE_EOT, PrinterFacts, Query
from drivers.transports.channel import Channel
from drivers.transports.waiting import Mailbox

QUICK = Timings(answer=0.1, late=0.1, look=0.05, stall=2.0)
WELL = dict.fromkeys(Query, 0x12)


class Printer(Channel):
    """A line whose other end answers by ``answers``, after ``after`` seconds or never when that is None."""

    def __init__(self) -> None:
        self.answers = dict(WELL)
        self.after: float | None = 0.0
        self.asked: list[Query] = []
        self.engine = StatusEngine(self, QUICK, lambda: None)
        self.before: Callable[[Query], None] = lambda query: None

    async def write(self, data: bytes, deadline: Deadline) -> None:
        if not data.startswith(DLE_EOT):
            return
        query = Query(data[2])
        self.before(query)
        self.asked.append(query)
        if self.after is not None:
            answer = bytes((self.answers[query],))
            asyncio.get_running_loop().call_later(self.after, self.engine.received, answer)


@pytest.mark.parametrize("late", [0.0, 0.01, 0.02])
async def test_an_answer_held_up_for_longer_than_anybody_waits_is_no_answer_to_a_later_question(
    late: float,
) -> None:
    """What holds it up lets it go when the next question passes; meanwhile the printer has gone off line."""
    printer = Printer()
    engine = printer.engine
    printer.after = None
    assert not (await engine.refresh(Deadline.after(5))).complete
    straight = printer.before

    def together(query: Query) -> None:
        printer.before = straight
        asyncio.get_running_loop().call_later(late, engine.received, b"\x12")

    printer.before, printer.after = together, 0.02
    printer.answers = WELL | {Query.PRINTER: 0x1A, Query.OFFLINE_CAUSE: 0x16}
    seen = [await engine.refresh(Deadline.after(5))]
    while not seen[-1].complete:
        seen.append(await engine.refresh(Deadline.after(5)))
    assert [facts.offline for facts in seen if facts.complete] == [True]
    assert not any(facts.offline is False for facts in seen)


async def test_off_line_for_a_reason_that_is_gone_is_asked_again() -> None:
    printer = Printer()
    printer.answers = WELL | {Query.PRINTER: 0x1E, Query.OFFLINE_CAUSE: 0x16}

    def closed(query: Query) -> None:
        if query is Query.OFFLINE_CAUSE:
            printer.answers = dict(WELL)

    printer.before = closed
    facts = await printer.engine.refresh(Deadline.after(5))
    assert (facts.offline, facts.cover_open, facts.complete) == (False, False, True)


async def test_a_printer_is_looked_at_until_it_has_told_all() -> None:
    printer = Printer()
    left = 3

    def lost(query: Query) -> None:
        nonlocal left
        printer.after = 0.0
        if query is Query.PAPER and left:
            left -= 1
            printer.after = None

    printer.before = lost
    facts = await printer.engine.looked(Deadline.after(10))
    assert facts.complete and left == 0


async def test_a_printer_that_says_nothing_is_given_up_after_two_looks() -> None:
    printer = Printer()
    printer.after = None
    assert await printer.engine.looked(Deadline.after(10)) == PrinterFacts()
    assert printer.asked == [Query.PRINTER] * 2


async def test_a_question_behind_bytes_on_a_slow_line_is_not_given_up_before_it_is_out() -> None:
    printer = Printer()
    engine = printer.engine = StatusEngine(printer, QUICK, lambda: None, 9600)
    await engine.send(bytes(480), Deadline.after(5))  # half a second
    printer.after = 0.55
    assert await engine.query(Query.PRINTER, Deadline.after(5)) is not None


@pytest.mark.parametrize("read_late", [False, True])
async def test_what_came_while_this_machine_stood_still_has_come_in_time(read_late: bool) -> None:
    box: Mailbox[int] = Mailbox()
    loop = asyncio.get_running_loop()
    waiting = asyncio.ensure_future(box.get(Deadline.after(0.2)))
    await asyncio.sleep(0)
    if read_late:  # by a thread of its own, that the machine lets run again no earlier than us
        loop.call_later(0.1, time.sleep, 0.5)
        loop.call_later(0.1, lambda: loop.call_later(0.02, box.put, 1))
    else:
        loop.call_later(0.05, lambda: (loop.call_soon(box.put, 1), time.sleep(0.5)))
    assert await waiting == 1


async def test_silence_is_silence_when_nothing_stood_still() -> None:
    box: Mailbox[int] = Mailbox()
    begun = time.monotonic()
    assert await box.get(Deadline.after(0.1)) is None
    assert time.monotonic() - begun < 5
