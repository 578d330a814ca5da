"""Times at a window that are booked ahead (预约办税): which are left, who may, and what becomes of who does not come.

House practice (``config/queue.yaml``: ``appointments``), no law. Whatever is booked, moved or closed is decided with
the queues of all halls locked: the last place of a time is given once, and nobody gets more than the rules allow.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bureau.engine.queue.rules import Line, QueueRules, rules
from bureau.engine.queue.visitors import Visitor
from bureau.engine.queue.words import when
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.appointments import Appointment
from bureau.ports.core import Core
from config.clock import CHINA
from kiosk.domain.tax.limits import WorkingCalendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time and how many may still book it; ``closed`` by the hall."""

    at: datetime
    left: int
    closed: bool


def days(core: Core, law: Rules) -> list[date]:
    """The working days that may be booked now, the next one first."""
    calendar, day = WorkingCalendar(law.current), today(core)
    return [calendar.later(day, n + 1) for n in range(rules().appointments.days_ahead)]


def slots(core: Core, hall: str, line: Line, day: date) -> list[Slot]:
    """The times of a working day."""
    book = rules()
    first = datetime.combine(day, time(), CHINA)
    booked = [a.at for a in core.appointments.of_hall(hall, first, first + DAY) if _takes(a, line, book)]
    shut = core.appointments.closures(hall, first, first + DAY)
    most = book.places(hall, line)
    return [
        Slot(
            at,
            max(0, most - booked.count(at)),
            any(c.begins < at + book.appointments.slot and c.ends > at for c in shut),
        )
        for at in book.times(day)
    ]


def _takes(appointment: Appointment, line: Line, book: QueueRules) -> bool:
    return appointment.line == line.id and appointment.state in ("open", "arrived")


def free(core: Core, law: Rules, hall: str, line: Line) -> Iterator[Slot]:
    """Every time with a place left, the next first."""
    for day in days(core, law):
        yield from (slot for slot in slots(core, hall, line, day) if slot.left and not slot.closed)


def lines() -> list[Line]:
    """What some hall takes bookings for."""
    book = rules()
    halls = [*book.halls, ""]  # any that is not named has the windows of all others
    return [line for line in book.lines if any(book.places(hall, line) for hall in halls)]


def missed(appointment: Appointment, now: datetime) -> bool:
    """Whether its person did not come in time."""
    return appointment.state == "open" and now > appointment.at + rules().appointments.late


def of_visitor(core: Core, visitor: Visitor) -> Sequence[Appointment]:
    """All that the same person booked, by document or by phone."""
    return core.appointments.of_person(sorted(visitor.names), sorted(visitor.mobiles))


def held(core: Core, booked: Sequence[Appointment]) -> list[Appointment]:
    """Those that may still be moved: to come, or closed by the hall before their time."""
    return [a for a in booked if a.state in ("open", "closed") and a.at > core.now]


def paused_until(booked: Sequence[Appointment], now: datetime) -> datetime | None:
    """Until when its person books nothing ahead, having missed too many; None: they may."""
    rule = rules().appointments.missed
    times = [a.at for a in booked if missed(a, now)]
    ends = [
        last + timedelta(days=rule.paused_days)
        for first, last in zip(times, times[rule.times - 1 :], strict=False)
        if last - first <= timedelta(days=rule.in_days)
    ]
    return max((end for end in ends if end > now), default=None)


def barred(core: Core, booked: Sequence[Appointment]) -> Refused | None:
    """Why its person books nothing more now; None: they may."""
    most = rules().appointments.most_open
    if (until := paused_until(booked, core.now)) is not None:
        return refuse("appointmentPaused", until=f"{until.astimezone(CHINA):%Y-%m-%d}")
    if sum(a.state == "open" and a.at > core.now for a in booked) >= most:
        return refuse("appointmentEnough", most=str(most))
    return None


def lock(core: Core) -> Sequence[str]:
    """All halls, in one order, so that no two wait for each other; nobody books until the transaction ends."""
    halls = core.queue.halls()
    for hall in halls:
        core.queue.lock(hall)
    return halls


@dataclass(frozen=True, slots=True)
class Wanted:
    """A time of a line at a hall."""

    hall: str
    line: str
    at: datetime


def book(core: Core, law: Rules, visitor: Visitor, wanted: Wanted) -> Appointment:
    """One time, booked; raises ``Refused`` with the next time that is free."""
    halls, mine = lock(core), of_visitor(core, visitor)
    if (no := barred(core, mine)) is not None:
        raise no
    _check(core, law, halls, mine, wanted)
    made = Appointment(
        token=str(uuid.uuid4()),
        number=core.appointments.next_number(),
        hall=wanted.hall,
        line=wanted.line,
        at=wanted.at,
        visitor=visitor.name,
        mobile=min(visitor.mobiles, default=""),
        terminal=core.terminal,
        booked_at=core.now,
    )
    core.appointments.add(made)
    return made


def move(core: Core, law: Rules, mine: Sequence[Appointment], token: str, wanted: Wanted) -> Appointment:
    """The one of ``mine`` with this token at another time; with all halls locked. Raises ``Refused``."""
    one = _to_change(core, mine, token)
    others = [a for a in mine if a.token != token]
    if one.state == "closed" and (no := barred(core, others)) is not None:
        raise no
    _check(core, law, core.queue.halls(), others, replace(wanted, line=one.line))
    moved = replace(one, hall=wanted.hall, at=wanted.at, state="open", changed_at=core.now)
    core.appointments.change(moved)
    return moved


def cancel(core: Core, mine: Sequence[Appointment], token: str) -> Appointment:
    """The one of ``mine`` with this token, given back; with all halls locked. Raises ``Refused``."""
    done = replace(_to_change(core, mine, token), state="cancelled", changed_at=core.now)
    core.appointments.change(done)
    return done


def _to_change(core: Core, mine: Sequence[Appointment], token: str) -> Appointment:
    one = next((a for a in held(core, mine) if a.token == token), None)
    if one is None:
        raise refuse("appointmentGone")
    return one


def _check(
    core: Core, law: Rules, halls: Sequence[str], others: Sequence[Appointment], wanted: Wanted
) -> None:
    line = next((one for one in rules().served_in(wanted.hall) if one.id == wanted.line), None)
    if line is None or wanted.hall not in halls or not rules().places(wanted.hall, line):
        raise refuse("appointmentLineUnknown")
    if any(abs(a.at - wanted.at) < rules().appointments.slot for a in others if a.state == "open"):
        raise refuse("appointmentSameTime")
    day = wanted.at.astimezone(CHINA).date()
    offered = slots(core, wanted.hall, line, day) if day in days(core, law) else []
    found = next((slot for slot in offered if slot.at == wanted.at), None)
    if found is None or found.closed or not found.left:
        raise _taken(core, law, wanted.hall, line)


def _taken(core: Core, law: Rules, hall: str, line: Line) -> Refused:
    following = next(free(core, law, hall, line), None)
    if following is None:
        return refuse("appointmentFull")
    return refuse("appointmentTaken", next=when(following.at))


def arriving(core: Core, visitor: Visitor, hall: str, line: str) -> Appointment | None:
    """What whoever takes a number of this line now has booked here for today, if they are not too late."""
    day = today(core)
    mine = (a for a in of_visitor(core, visitor) if (a.hall, a.line, a.state) == (hall, line, "open"))
    return next((a for a in mine if a.at.astimezone(CHINA).date() == day and not missed(a, core.now)), None)
