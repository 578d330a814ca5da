"""What operators do with booked times: see them, and close times of a hall; who had booked them is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bureau.engine.queue.booking import DAY, lock
from bureau.engine.queue.words import when
from bureau.errors import QueueRefused
from bureau.ports.appointments import Appointment, Closure
from bureau.ports.core import Core
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.ids import uuid7


def listed(core: Core, hall: str, day: date) -> Sequence[Appointment]:
    """All of a hall and day, by time; raises ``QueueRefused``."""
    _known(core, hall)
    first = datetime.combine(day, time(), CHINA)
    return core.appointments.of_hall(hall, first, first + DAY)


def close(core: Core, hall: str, begins: datetime, length: timedelta, url: str) -> Sequence[Appointment]:
    """Nobody books these times any more; who had is told by phone and may move. Raises ``QueueRefused``."""
    _known(core, hall)
    if begins + length <= core.now:
        raise QueueRefused("that time is over")
    lock(core)
    ends = begins + length
    core.appointments.close(Closure(uuid7(), hall, begins, ends, core.now))
    there = [
        replace(a, state="closed", changed_at=core.now)
        for a in core.appointments.of_hall(hall, begins, ends)
        if a.state == "open" and a.at > core.now
    ]
    for appointment in there:
        core.appointments.change(appointment)
        if appointment.mobile:
            core.phones.tell(appointment.mobile, _told(core, appointment, url))
    return there


def _told(core: Core, a: Appointment, url: str) -> str:
    hall = core.queue.name(a.hall)
    return say("appointment.sms.closed", when=when(a.at), hall=hall, url=f"{url}/a/{a.token}")["zh-CN"]


def _known(core: Core, hall: str) -> None:
    if hall not in (known := core.queue.halls()):
        raise QueueRefused(f"there is no hall {hall!r}; known: {', '.join(known)}")
