"""A number for a hall's windows: given once while it waits, never twice, and none that could not be called today."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bureau.engine.queue.booking import arriving
from bureau.engine.queue.rules import Line, QueueRules, rules
from bureau.engine.queue.visitors import Visitor
from bureau.engine.queue.waiting import Hall, hall_now
from bureau.engine.queue.words import clock, hours_in_words
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.queue import QueueTicket
from kiosk.domain.tax.limits import WorkingCalendar

NOBODY: Final = ""
LAST: Final = 10**6
"""Behind every number that was given."""


def closed(core: Core, law: Rules) -> Refused | None:
    """Why the hall gives no numbers at this moment; None: it does."""
    day, book = today(core), rules()
    if not WorkingCalendar(law.current).working(day):
        return refuse("queueDayOff", hours=hours_in_words(book))
    begin, end = book.numbers_from(day), book.periods(day)[-1][1]
    if core.now < begin:
        return refuse("queueEarly", at=clock(begin), hours=hours_in_words(book))
    if core.now >= end:
        return refuse("queueOver", hours=hours_in_words(book))
    return None


def unavailable(core: Core, law: Rules, hall: Hall, line: Line) -> Refused | None:
    """Why no number is given for this line now; None: one is."""
    if (shut := closed(core, law)) is not None:
        return shut
    if hall.called_at(newcomer(core, line.id)) is None:
        return refuse("queueFull")
    return None


def newcomer(core: Core, line: str, visitor: Visitor | None = None, number: int = LAST) -> QueueTicket:
    """Who takes a number now; without one, how it would be for who does."""
    elder = visitor is not None and visitor.aged(rules().elder_age, today(core))
    name = visitor.name if visitor is not None else NOBODY
    return QueueTicket(NOBODY, core.hall, today(core), line, number, name, elder, core.terminal, core.now)


def taken(core: Core, law: Rules, visitor: Visitor, name: str, key: str) -> tuple[QueueTicket, Hall, bool]:
    """The number, the queue with it, and whether it had been taken before; raises ``Refused``."""
    book = rules()
    line = next((one for one in book.served_in(core.hall) if one.id == name), None)
    if line is None or not core.queue.lock(core.hall):
        raise refuse("queueLineUnknown")
    hall = hall_now(core, core.hall, book)
    if (held := _held(hall, visitor, name)) is not None:
        if held.state == "called":
            raise refuse("queueCalled", number=shown(held, book), window=str(held.window))
        return held, hall, True
    booked = arriving(core, visitor, core.hall, name)
    no = unavailable(core, law, hall, line) if booked is None else closed(core, law)
    if no is not None:
        raise no
    number = core.queue.next_number(core.hall, today(core), name)
    ticket = replace(newcomer(core, name, visitor, number), key=key, due=booked.at if booked else None)
    if booked is not None:
        core.appointments.change(replace(booked, state="arrived", changed_at=core.now))
    core.queue.add(ticket)
    return ticket, hall_now(core, core.hall, book), False


def _held(hall: Hall, visitor: Visitor, line: str) -> QueueTicket | None:
    """A number of the same person and line that is still good."""
    mine = (t for t in hall.tickets if t.visitor in visitor.names and t.line == line)
    return next((ticket for ticket in mine if ticket.state in ("waiting", "called")), None)


def shown(ticket: QueueTicket, book: QueueRules) -> str:
    """As it is called: ``A012``."""
    line = book.line(ticket.line)
    assert line is not None, "numbers are given for lines of the rules alone"
    return f"{line.letter}{ticket.number:03}"
