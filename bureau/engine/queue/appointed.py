"""A booked time in finished words: for the screen, the slip and the page on the phone."""

from __future__ import annotations

from itertools import islice

from bureau.engine.queue.booking import Slot, free, held, missed
from bureau.engine.queue.rules import Line, rules
from bureau.engine.queue.words import line_windows, when
from bureau.engine.rules import Rules
from bureau.ports.appointments import Appointment
from bureau.ports.core import Core
from bureau.ports.public import AppointmentShown
from bureau.texts import LANGUAGES, say
from sync.models import AppointmentBooked, PreviewFact, Texts

OFFERED = 60
"""So many free times the page on the phone offers to move to."""


def shown(appointment: Appointment) -> str:
    """As it stands on the slip: ``Y000012``."""
    return f"Y{appointment.number:06}"


def left_in_words(slots: list[Slot]) -> Texts:
    """How many places are left in these times, or why none."""
    left = sum(slot.left for slot in slots if not slot.closed)
    if left:
        return say("appointment.left", count=str(left))
    return say("appointment.closed" if all(slot.closed for slot in slots) else "appointment.full")


def line_of(appointment: Appointment) -> Line:
    """What it is for."""
    line = rules().line(appointment.line)
    assert line is not None, "booked for lines of the rules alone"
    return line


def rule_in_words() -> list[Texts]:
    """What to do on the day, and what becomes of who does not come."""
    book = rules().appointments
    rule = book.missed
    return [
        say("appointment.rule", minutes=str(book.late_minutes)),
        say(
            "appointment.rule.missed",
            days=str(rule.in_days),
            times=str(rule.times),
            paused=str(rule.paused_days),
        ),
    ]


def booked_sheet(core: Core, appointment: Appointment, url: str) -> AppointmentBooked:
    """The booking as the person sees it before the slip is printed."""
    line, number = line_of(appointment), shown(appointment)
    hall, at = core.queue.name(appointment.hall), when(appointment.at)
    windows = line_windows(rules().of_hall(appointment.hall), line.id)
    return AppointmentBooked(
        title=say("appointment.title", when=at),
        facts=[
            _fact("line", line.title),
            _fact("hall", hall),
            _fact("when", at),
            _fact("windows", windows),
            _fact("bring", line.bring),
        ],
        columns=[],
        rows=[],
        total=[_fact("number", dict.fromkeys(LANGUAGES, number))],
        statements=rule_in_words(),
        number=number,
        line_title=line.title,
        hall_text=hall,
        when_text=at,
        windows_text=windows,
        bring_text=line.bring,
        verify_url=url,
    )


def _fact(name: str, value: Texts) -> PreviewFact:
    return PreviewFact(label=say(f"appointment.fact.{name}"), value=value)


def page_of(core: Core, law: Rules, appointment: Appointment) -> AppointmentShown:
    """The booking for whoever holds the slip; with free times while it may be moved."""
    line = line_of(appointment)
    changeable = bool(held(core, [appointment]))
    left = islice(free(core, law, appointment.hall, line), OFFERED) if changeable else ()
    return AppointmentShown(
        number=shown(appointment),
        line=line.title,
        state="missed" if missed(appointment, core.now) else appointment.state,
        when=when(appointment.at),
        hall=core.queue.name(appointment.hall),
        windows=line_windows(rules().of_hall(appointment.hall), line.id),
        bring=line.bring,
        rule=rule_in_words(),
        changeable=changeable,
        offered=tuple((slot.at, when(slot.at)) for slot in left),
        now=core.now,
    )


def why_not(slots: list[Slot]) -> Texts | None:
    """Why none of these times can be booked; None: some can."""
    if any(slot.left and not slot.closed for slot in slots):
        return None
    return left_in_words(slots)
