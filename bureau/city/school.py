"""The city's tax school: courses of the last and the next weeks, who is enrolled, and what some thought."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from bureau.city.cast import PERSONAS
from bureau.city.population import Citizen
from bureau.engine.reference.school import FIRST_SESSION
from bureau.engine.rules import Rules
from config.clock import CHINA
from config.school import courses
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import Texts

Row = dict[str, object]
OFFICER = "段丽"
TEACHERS: Final = ("顾明远", "沈若兰", "韩立群", "苏晚晴", "陆知行")
ROOMS: Final[tuple[tuple[str, Texts], ...]] = (
    ("H-01", {"zh-CN": "二楼培训教室", "en-US": "Training room, 2nd floor"}),
    ("H-02", {"zh-CN": "一楼会议室", "en-US": "Meeting room, 1st floor"}),
    ("H-04", {"zh-CN": "三楼报告厅", "en-US": "Lecture hall, 3rd floor"}),
)
TIMES: Final = (time(9, 30), time(14, 30))
OF_CAST = "tang-yue"
OVER, TO_COME = "deductions", "buying-a-home"
"""Who of the cast was at the first, and has a seat in the second."""
FULL = "iit-annual"
"""All its seats are taken, and people wait."""
SMALL, WAITING = 8, 3
WORDS: Final = ("例子讲得清楚", "希望再讲慢一点", "资料很实用", "")


@dataclass
class SchoolYear:
    """The rows of one city, in the order of the tables."""

    sessions: list[Row] = field(default_factory=list)
    enrolments: list[Row] = field(default_factory=list)
    evaluations: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def held(random: Random, people: Sequence[Citizen], as_of: date, law: Rules) -> SchoolYear:
    """One course that is over, then each other course once within the next weeks."""
    calendar, made = WorkingCalendar(law.current), SchoolYear()
    last = calendar.on_or_after(as_of - timedelta(days=14))
    names = [name for name in courses() if name != OVER]
    for place, name in enumerate([OVER, *names]):
        slot = place - 1
        day = last if name == OVER else calendar.later(as_of, 2 + slot // 3)
        hall, room = ROOMS[slot % len(ROOMS)]
        at = datetime.combine(day, TIMES[slot // len(ROOMS) % len(TIMES)], CHINA)
        session = str(FIRST_SESSION + place)
        small = max(1, min(SMALL, len(people) - WAITING))
        seats = small if name == FULL else 24 + 6 * (slot % 3)
        made.sessions.append(
            {
                "session": session,
                "course": name,
                "hall": hall,
                "room": dict(room),
                "teacher": TEACHERS[slot % len(TEACHERS)],
                "begins": at,
                "ends": at + timedelta(minutes=courses()[name].minutes),
                "seats": seats,
                "state": "open",
                "reason": None,
            }
        )
        planned = datetime.combine(as_of - timedelta(days=20), time(10, place % 60), CHINA)
        said = {"seats": str(seats)}
        event = {"session": session, "at": planned, "officer": OFFICER, "did": "planned", "said": said}
        made.events.append({"number": place + 1, **event})
        taken = seats if name == FULL else random.randrange(seats // 4, seats * 3 // 4)
        _enrol(random, made, people, session, name, taken, as_of)
    _evaluated(random, made, as_of)
    return made


def _enrol(
    random: Random,
    made: SchoolYear,
    people: Sequence[Citizen],
    session: str,
    name: str,
    taken: int,
    as_of: date,
) -> None:
    mobiles = [citizen.mobile for citizen in random.sample(list(people), min(len(people), taken + WAITING))]
    if name in (OVER, TO_COME):
        mobiles = [_cast(), *(mobile for mobile in mobiles if mobile != _cast())]
    waits = WAITING if name == FULL else 0
    for place, mobile in enumerate(mobiles[: taken + waits]):
        before = timedelta(days=random.randrange(7, 15), minutes=place)
        made.enrolments.append(
            {
                "token": str(uuid.UUID(bytes=random.randbytes(16), version=4)),
                "number": len(made.enrolments) + 1,
                "session": session,
                "visitor": f"phone:{mobile}",
                "mobile": mobile,
                "terminal": "D-02",
                "enrolled_at": datetime.combine(as_of, time(9), CHINA) - before,
                "state": "seated" if place < taken else "waiting",
                "changed_at": None,
                "attended": (place == 0 or random.random() < 0.8) if name == OVER else None,
                "evaluated_at": None,
            }
        )


def _evaluated(random: Random, made: SchoolYear, as_of: date) -> None:
    """Some who were there said what they thought; she of the cast has not yet."""
    over = made.sessions[0]
    day = as_of - timedelta(days=2)
    for row in made.enrolments:
        here = row["session"] == over["session"] and row["attended"] and row["mobile"] != _cast()
        if not here or random.random() < 0.4:
            continue
        row["evaluated_at"] = datetime.combine(day, time(11), CHINA)
        made.evaluations.append(
            {
                "number": len(made.evaluations) + 1,
                "session": over["session"],
                "level": random.choice((3, 4, 5, 5, 5)),
                "words": random.choice(WORDS),
                "day": day,
            }
        )


def _cast() -> str:
    return next(persona.mobile for persona in PERSONAS if persona.id == OF_CAST)


def rows(year: SchoolYear) -> Iterator[tuple[str, list[Row]]]:
    """Table by table, as they refer to each other."""
    yield "school_session", year.sessions
    yield "school_enrolment", year.enrolments
    yield "school_evaluation", year.evaluations
    yield "school_event", year.events
