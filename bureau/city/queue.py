"""Numbers of the city's halls: who was served on the working day before, and who waits in the morning of the day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from bureau.city.places import HALLS
from bureau.city.population import Citizen
from bureau.engine.queue.rules import Line, rules
from bureau.engine.rules import Rules
from config.clock import CHINA
from kiosk.domain.tax.limits import WorkingCalendar

Row = dict[str, object]
SERVED = 12
"""Of each line and hall on the day before: enough for a median."""
MOST_WAITING = 3
OPENS = time(9, 2)


def numbers(random: Random, people: Sequence[Citizen], as_of: date, law: Rules) -> Iterator[Row]:
    """The numbers of both days; none of ``as_of`` when it is a day off."""
    calendar = WorkingCalendar(law.current)
    before = as_of - timedelta(days=1)
    while not calendar.working(before):
        before -= timedelta(days=1)
    for hall in HALLS:
        for line in rules().served_in(hall):
            yield from _served(random, people, hall, line, before)
            if calendar.working(as_of):
                yield from _waiting(random, people, hall, line, as_of)


def _served(random: Random, people: Sequence[Citizen], hall: str, line: Line, day: date) -> Iterator[Row]:
    called = datetime.combine(day, OPENS, CHINA)
    for number in range(1, SERVED + 1):
        took = timedelta(seconds=round(line.minutes * 60 * random.uniform(0.7, 1.4)))
        taken = called - timedelta(minutes=random.randrange(1, 15))
        yield _row(random, people, hall, line, day, number, taken) | {
            "state": "served",
            "window": next(w.window for w in rules().of_hall(hall) if line.id in w.lines),
            "called_at": called,
            "ended_at": called + took,
        }
        called += took + timedelta(seconds=random.randrange(20, 90))


def _waiting(random: Random, people: Sequence[Citizen], hall: str, line: Line, day: date) -> Iterator[Row]:
    taken = datetime.combine(day, OPENS, CHINA)
    for number in range(1, random.randrange(MOST_WAITING + 1) + 1):
        taken += timedelta(seconds=random.randrange(60, 600))
        yield _row(random, people, hall, line, day, number, taken)


def _row(
    random: Random, people: Sequence[Citizen], hall: str, line: Line, day: date, number: int, taken: datetime
) -> Row:
    return {
        "key": str(uuid.UUID(bytes=random.randbytes(16), version=4)),
        "hall": hall,
        "day": day,
        "line": line.id,
        "number": number,
        "visitor": f"phone:{random.choice(people).mobile}",
        "elder": False,
        "terminal": "D-02",
        "taken_at": taken,
        "state": "waiting",
        "window": None,
        "called_at": None,
        "ended_at": None,
    }
