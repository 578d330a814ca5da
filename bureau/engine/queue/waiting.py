"""Who is called next, and how long somebody waits: the same rule, once for now and once played forward.

The rule of calling, for each window that becomes free, among the lines that it calls:

1. whose booked time has come (``bureau.engine.queue.booking``), in the order of those times;
2. who is as old as ``elder_age`` by their document, in the order of taking;
3. everybody else, in the order of taking: among them who is early for a booked time.

The time of waiting is what this rule gives when it is played forward: each window becomes free when whoever is there
now has taken as long as is usual for their business, calls the next by the rule, and so on until it is one's turn;
while the hall is closed nobody is called. Who has booked a time of today and is not here yet is expected then. Usual
is the median of the last that were served in this hall for that
business (``config/queue.yaml``: ``median``), a set time until there are enough. An elder who comes later goes before
one and is not known yet: the time is told as *about*.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from bureau.engine.queue.rules import Period, QueueRules, Window
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.queue import QueueTicket
from config.clock import CHINA

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hall:
    """What is known of a hall's queue at ``now``: all numbers of the day, and how long each line usually takes.

    ``expected`` are those who have booked and not come yet, as the numbers that they will have been given.
    """

    now: datetime
    tickets: Sequence[QueueTicket]
    windows: Sequence[Window]
    usual: Mapping[str, timedelta]
    periods: Sequence[Period]
    expected: Sequence[QueueTicket] = ()

    def ahead(self, ticket: QueueTicket) -> int:
        """How many of the same line wait and are called before it, by the rule as of now."""
        place = _order(ticket, self.now)
        return sum(
            _order(other, self.now) < place
            for other in self.tickets
            if other.state == "waiting" and other.line == ticket.line and other.key != ticket.key
        )

    def next(self, window: Window) -> QueueTicket | None:
        """Whom the window calls; None: nobody whom it could."""
        return _next(self._waiting(), window, self.now)

    def called_at(self, ticket: QueueTicket) -> datetime | None:
        """About when it is called; None: not today any more. It need not be among the numbers yet."""
        waiting = [*(one for one in self._waiting() if one.key != ticket.key), ticket]
        coming = [one for one in self.expected if one.key != ticket.key]
        free = [(self._free(window), window.window, window) for window in self.windows]
        heapq.heapify(free)
        while free:
            at, number, window = heapq.heappop(free)
            open_at = _open_from(self.periods, at)
            if open_at is None:
                continue
            if open_at > at:
                heapq.heappush(free, (open_at, number, window))
                continue
            here = [one for one in coming if one.taken_at <= at]
            found = _next([*waiting, *here], window, at)
            if found is ticket:
                return at
            if found is not None:
                (coming if found in here else waiting).remove(found)
                heapq.heappush(free, (at + self.usual[found.line], number, window))
            elif later := [one.taken_at for one in coming if one.line in window.lines]:
                heapq.heappush(free, (min(later), number, window))
        return None

    def minutes(self, ticket: QueueTicket) -> int | None:
        """Whole minutes until then, rounded up."""
        at = self.called_at(ticket)
        return None if at is None else -((self.now - at) // MINUTE)

    def _waiting(self) -> list[QueueTicket]:
        return [ticket for ticket in self.tickets if ticket.state == "waiting"]

    def _free(self, window: Window) -> datetime:
        """When it calls next: now, unless somebody is there who has not taken as long as is usual."""
        there = [t for t in self.tickets if t.state == "called" and t.window == window.window and t.called_at]
        return max([self.now, *(t.called_at + self.usual[t.line] for t in there if t.called_at)])


def hall_now(core: Core, hall: str, rules: QueueRules) -> Hall:
    """The hall's queue of this moment."""
    day = today(core)
    return Hall(
        core.now,
        [one for one in core.queue.of_day(hall, day) if rules.line(one.line) is not None],
        rules.of_hall(hall),
        {line.id: usual(core, hall, line.id, rules) for line in rules.lines},
        rules.periods(day),
        expected(core, hall, rules),
    )


def usual(core: Core, hall: str, line: str, rules: QueueRules) -> timedelta:
    """How long one person takes there."""
    seconds = core.queue.served_seconds(hall, line, rules.median.of)
    known = rules.line(line)
    assert known is not None, "asked for lines of the rules alone"
    if len(seconds) < rules.median.least:
        return timedelta(minutes=known.minutes)
    return timedelta(seconds=max(1, round(median(seconds))))


def expected(core: Core, hall: str, rules: QueueRules) -> Sequence[QueueTicket]:
    """Who has booked a time of today, has not come, and is not too late yet."""
    day, late = today(core), rules.appointments.late
    first = datetime.combine(day, time(), CHINA)
    return [
        QueueTicket(a.token, hall, day, a.line, a.number, a.visitor, False, "", max(a.at, core.now), due=a.at)
        for a in core.appointments.of_hall(hall, first, first + timedelta(days=1))
        if a.state == "open" and a.at + late >= core.now and rules.line(a.line) is not None
    ]


def _next(waiting: Sequence[QueueTicket], window: Window, now: datetime) -> QueueTicket | None:
    mine = (ticket for ticket in waiting if ticket.line in window.lines)
    return min(mine, key=lambda ticket: _order(ticket, now), default=None)


def _order(ticket: QueueTicket, now: datetime) -> tuple[int, datetime, datetime, str, int]:
    if ticket.due is not None and ticket.due <= now:
        return 0, ticket.due, ticket.taken_at, ticket.line, ticket.number
    return 1 if ticket.elder else 2, ticket.taken_at, ticket.taken_at, ticket.line, ticket.number


def _open_from(periods: Sequence[Period], at: datetime) -> datetime | None:
    """The first moment from ``at`` on at which windows are open; None: not today any more."""
    return next((max(at, first) for first, last in periods if at < last), None)
