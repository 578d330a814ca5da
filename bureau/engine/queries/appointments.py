"""``appointment.…``: what may be booked ahead, where, on which day and when; and what one has booked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.queue import booking
from bureau.engine.queue.appointed import left_in_words, line_of, shown, why_not
from bureau.engine.queue.rules import Line, rules
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.queue.words import day_in_words, line_windows, time_in_words, when
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.ports.appointments import Appointment
from bureau.ports.core import Core
from bureau.ports.system import System
from bureau.texts import LANGUAGES, say
from sync.models import (
    AppointmentChoice,
    AppointmentChoices,
    AppointmentDay,
    AppointmentDays,
    AppointmentHall,
    AppointmentHalls,
    AppointmentOfDay,
    AppointmentOfHall,
    AppointmentOfLine,
    AppointmentOwn,
    AppointmentsOwn,
    AppointmentTime,
    AppointmentTimes,
    Subject,
    Texts,
    Wire,
)

P = TypeVar("P", bound=Wire)
NOTHING: Texts = dict.fromkeys(LANGUAGES, "")


def questions(system: System, law: Rules) -> Mapping[str, Query]:
    """The queries about booked times. Places left are for anybody to see; whose they are for nobody else."""

    def own(result: type[Wire], answer: Callable[[Core, Subject], Wire]) -> Query:
        def ask(question: Question) -> Wire:
            # Whoever has proven a phone is looked up with its row locked (``Phones.challenge``).
            with system.write(question.terminal) as work:
                return answer(work.core, question.request.subject)

        return Query(NoParams, result, ask)

    def public(params: type[P], result: type[Wire], answer: Callable[[Core, Rules, P], Wire]) -> Query:
        def ask(question: Question) -> Wire:
            given = question.params
            assert isinstance(given, params), "validated by the registry"
            with system.read(question.terminal) as work:
                return answer(work.core, law, given)

        return Query(params, result, ask)

    return {
        "appointment.choices": own(AppointmentChoices, choices),
        "appointment.mine": own(AppointmentsOwn, mine),
        "appointment.halls": public(AppointmentOfLine, AppointmentHalls, halls),
        "appointment.days": public(AppointmentOfHall, AppointmentDays, days),
        "appointment.times": public(AppointmentOfDay, AppointmentTimes, times),
    }


def choices(core: Core, subject: Subject) -> AppointmentChoices:
    """One's own to move, then each line anew; while nothing more may be booked the lines say why."""
    booked = booking.of_visitor(core, visitor_of(core, subject))
    no = booking.barred(core, booked)
    why = None if no is None else no.refusal.text
    moves = [_to_move(core, one) for one in booking.held(core, booked)]
    anew = [
        AppointmentChoice(
            choice=line.id,
            line=line.id,
            instead=None,
            title=line.title,
            note=line.note,
            tag=NOTHING,
            open=why is None,
            why_not=why,
        )
        for line in booking.lines()
    ]
    return AppointmentChoices(choices=[*moves, *anew])


def _to_move(core: Core, one: Appointment) -> AppointmentChoice:
    hall, at = core.queue.name(one.hall), when(one.at)
    return AppointmentChoice(
        choice=one.token,
        line=one.line,
        instead=one.token,
        title=say("appointment.moves", line=line_of(one).title),
        note={lang: f"{at[lang]} · {hall[lang]}" for lang in LANGUAGES},
        tag=say(f"appointment.state.{one.state}"),
        open=True,
        why_not=None,
    )


def mine(core: Core, subject: Subject) -> AppointmentsOwn:
    """What is still to come, by time."""
    booked = booking.held(core, booking.of_visitor(core, visitor_of(core, subject)))
    return AppointmentsOwn(
        rows=[
            AppointmentOwn(
                token=one.token,
                number=shown(one),
                title=line_of(one).title,
                when_text=when(one.at),
                hall_text=core.queue.name(one.hall),
                state=one.state,
            )
            for one in booked
        ]
    )


def halls(core: Core, law: Rules, asked: AppointmentOfLine) -> AppointmentHalls:
    """The terminal's own hall first."""
    book, line = rules(), _line(asked.line)
    found = []
    for hall in sorted(core.queue.halls(), key=lambda name: (name != core.hall, name)):
        if not book.places(hall, line):
            continue
        first = next(booking.free(core, law, hall, line), None)
        found.append(
            AppointmentHall(
                hall=hall,
                title=core.queue.name(hall),
                note=NOTHING if first is None else say("appointment.soonest", when=when(first.at)),
                tag=line_windows(book.of_hall(hall), line.id),
                open=first is not None,
                why_not=say("appointment.none") if first is None else None,
            )
        )
    return AppointmentHalls(halls=found)


def days(core: Core, law: Rules, asked: AppointmentOfHall) -> AppointmentDays:
    """Each with how many places are left."""
    line, found = _line(asked.line), []
    for day in booking.days(core, law):
        slots = booking.slots(core, asked.hall, line, day)
        found.append(
            AppointmentDay(
                day=day,
                title=day_in_words(day),
                left=sum(slot.left for slot in slots if not slot.closed),
                tag=left_in_words(slots),
                open=why_not(slots) is None,
                why_not=why_not(slots),
            )
        )
    return AppointmentDays(days=found)


def times(core: Core, law: Rules, asked: AppointmentOfDay) -> AppointmentTimes:
    """None on a day that may not be booked."""
    line = _line(asked.line)
    if asked.day not in booking.days(core, law):
        return AppointmentTimes(times=[])
    return AppointmentTimes(
        times=[
            AppointmentTime(
                at=slot.at,
                title=dict.fromkeys(LANGUAGES, time_in_words(slot.at)),
                left=slot.left,
                tag=left_in_words([slot]),
                open=why_not([slot]) is None,
                why_not=why_not([slot]),
            )
            for slot in booking.slots(core, asked.hall, line, asked.day)
        ]
    )


def _line(name: str) -> Line:
    line = rules().line(name)
    if line is None:
        raise refuse("appointmentLineUnknown")
    return line
