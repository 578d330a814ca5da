"""Booked times of the city's halls: some of the next working days, and one of the cast."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from bureau.city.cast import PERSONAS
from bureau.city.places import HALLS
from bureau.city.population import Citizen
from bureau.engine.queue.rules import rules
from bureau.engine.rules import Rules
from config.clock import CHINA
from kiosk.domain.tax.limits import WorkingCalendar

Row = dict[str, object]
DAYS = 2
TAKEN = 0.35
"""Of the places of each time."""
OF_CAST = "tang-yue"


def booked(random: Random, people: Sequence[Citizen], as_of: date, law: Rules) -> Iterator[Row]:
    """Of the next working days; who of the cast has booked comes first."""
    calendar, book = WorkingCalendar(law.current), rules()
    days = [calendar.later(as_of, n + 1) for n in range(DAYS)]
    yield _row(random, _cast(), "H-01", "general", book.times(days[0])[2], as_of) | {"number": 1}
    number = 1
    for day in days:
        for hall in HALLS:
            for line in book.served_in(hall):
                for at in book.times(day):
                    for _ in range(sum(random.random() < TAKEN for _ in range(book.places(hall, line) - 1))):
                        number += 1
                        made = _row(random, random.choice(people).mobile, hall, line.id, at, as_of)
                        yield made | {"number": number}


def _cast() -> str:
    return next(persona.mobile for persona in PERSONAS if persona.id == OF_CAST)


def _row(random: Random, mobile: str, hall: str, line: str, at: datetime, as_of: date) -> Row:
    before = timedelta(days=random.randrange(1, 4), minutes=random.randrange(400))
    return {
        "token": str(uuid.UUID(bytes=random.randbytes(16), version=4)),
        "hall": hall,
        "line": line,
        "at": at,
        "visitor": f"phone:{mobile}",
        "mobile": mobile,
        "terminal": "D-02",
        "booked_at": datetime.combine(as_of, time(9), CHINA) - before,
        "state": "open",
        "changed_at": None,
    }
