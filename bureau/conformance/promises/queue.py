"""Numbers for a hall's windows: counted line by line and day by day, and kept as they are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bureau.conformance.bench import Bench, NotAsked, promise, same, there, true
from bureau.ports.queue import QueueTicket
from bureau.ports.system import Work

SERVED_S = 90


def _hall(work: Work) -> str:
    """The first hall that the core knows; raises ``NotAsked`` when there is none."""
    halls = work.core.queue.halls()
    if not halls:
        raise NotAsked("a hall")
    return halls[0]


def taken(bench: Bench, work: Work, hall: str, what: str, at: datetime | None = None) -> QueueTicket:
    """The next number of a line that nobody else waits in."""
    queue, day, line = work.core.queue, bench.now.date(), bench.key("line")
    made = QueueTicket(
        bench.key(what), hall, day, line, queue.next_number(hall, day, line), "phone:13900000000", False,
        bench.manifest.terminal, at or bench.now,
    )  # fmt: skip
    queue.add(made)
    return made


@promise(
    "queue.halls",
    "`lock` holds a hall that there is, and says so of one that there is not.",
    "Answer `halls` and `name` from the same list; a hall without a name has an empty one.",
)
def halls(bench: Bench) -> None:
    """One of them, and one that nobody built."""
    with bench.undone() as work:
        hall = _hall(work)
        same("queue/lock of a hall", work.core.queue.lock(hall), True)
        name = dict(work.core.queue.name(hall))
        true("queue/name of a hall: in both languages", {"zh-CN", "en-US"} <= name.keys(), name)
        same("queue/lock of no hall", work.core.queue.lock(bench.key("hall")), False)
        same("queue/name of no hall", dict(work.core.queue.name(bench.key("hall"))), {})


@promise(
    "queue.next",
    "`next_number` is one more than the last number of that hall, line and day.",
    "Begin each line of each day with 1.",
)
def next_number(bench: Bench) -> None:
    """Two of a line; the next day's first."""
    with bench.undone() as work:
        queue, hall, line = work.core.queue, _hall(work), bench.key("line")
        numbers = [taken(bench, work, hall, what).number for what in ("q-1", "q-2")]
        same("queue/next_number of a new line", numbers, [1, 2])
        tomorrow = bench.now.date() + timedelta(days=1)
        same("queue/next_number of the next day", queue.next_number(hall, tomorrow, line), 1)
        same(
            "queue/next_number of another line",
            queue.next_number(hall, bench.now.date(), bench.key("other")),
            1,
        )


@promise(
    "queue.found",
    "A number is found by the key of its effect, and among those of its day in the order in which they were taken.",
    "Keep the key with it: whoever asks again after a crash is given the same number.",
)
def found(bench: Bench) -> None:
    """The later one entered first."""
    with bench.undone() as work:
        queue, hall = work.core.queue, _hall(work)
        later = taken(bench, work, hall, "f-2", bench.now + timedelta(seconds=1))
        first = taken(bench, work, hall, "f-1")
        same("queue/ticket", queue.ticket(first.key), first)
        same("queue/ticket of an unknown key", queue.ticket(bench.key("none")), None)
        day = [one.key for one in queue.of_day(hall, bench.now.date())]
        mine = [key for key in day if key in (first.key, later.key)]
        same("queue/of_day: who came first", mine, [first.key, later.key])


@promise(
    "queue.served",
    "`change` keeps state, window and moments; `served_seconds` are those of who was served last, from call to end.",
    "Count who was served, not who was called and did not come.",
)
def served(bench: Bench) -> None:
    """One served, one missed."""
    with bench.undone() as work:
        queue, hall = work.core.queue, _hall(work)
        one, other = (taken(bench, work, hall, what) for what in ("s-1", "s-2"))
        end = bench.now + timedelta(seconds=SERVED_S)
        done = replace(one, state="served", window=3, called_at=bench.now, ended_at=end)
        queue.change(done)
        queue.change(replace(other, state="missed", window=3, called_at=bench.now, ended_at=end))
        same("queue/ticket after queue/change", there("queue/ticket", queue.ticket(one.key)), done)
        same("queue/served_seconds", list(queue.served_seconds(hall, one.line, 10)), [SERVED_S])
