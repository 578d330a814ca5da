"""Times at a hall's windows that are booked ahead (预约办税)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire
from sync.models.certificates import SheetShown
from sync.models.queue import LineName

HallName = Annotated[str, Field(pattern=r"^[A-Z0-9-]+$", max_length=20)]
Token = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class AppointmentChoice(Wire):
    """What may be booked: a line, or (``instead``) one's own booking of it at another time."""

    choice: str
    line: LineName
    instead: Token | None
    title: Texts
    note: Texts
    tag: Texts
    open: bool
    why_not: Texts | None


class AppointmentChoices(Wire):
    """``appointment.choices``: own bookings first, then every line that some hall takes bookings for."""

    choices: list[AppointmentChoice]


class AppointmentOfLine(Wire):
    """Params of ``appointment.halls``."""

    line: LineName


class AppointmentHall(Wire):
    """A hall that does this business; ``tag`` says where in the hall, ``note`` the soonest time."""

    hall: HallName
    title: Texts
    note: Texts
    tag: Texts
    open: bool
    why_not: Texts | None


class AppointmentHalls(Wire):
    """``appointment.halls``: the halls that take bookings for a line."""

    halls: list[AppointmentHall]


class AppointmentOfHall(AppointmentOfLine):
    """Params of ``appointment.days``."""

    hall: HallName


class AppointmentDay(Wire):
    """A day that may be booked; ``left``: how many places in all."""

    day: date
    title: Texts
    left: int
    tag: Texts
    open: bool
    why_not: Texts | None


class AppointmentDays(Wire):
    """``appointment.days``: the next working days."""

    days: list[AppointmentDay]


class AppointmentOfDay(AppointmentOfHall):
    """Params of ``appointment.times``."""

    day: date


class AppointmentTime(Wire):
    """A time of the day; ``left``: how many may still book it."""

    at: AwareDatetime
    title: Texts
    left: int
    tag: Texts
    open: bool
    why_not: Texts | None


class AppointmentTimes(Wire):
    """``appointment.times``: the times of one day."""

    times: list[AppointmentTime]


class AppointmentBook(Wire):
    """``appointment.book``: this time for whoever stands there; ``instead``: in place of one that they have."""

    line: LineName
    hall: HallName
    at: AwareDatetime
    instead: Token | None = None


class AppointmentBooked(SheetShown):
    """The booking, as a sheet; ``verify_url`` is where it is followed, moved and cancelled by phone."""

    number: str
    line_title: Texts
    hall_text: Texts
    when_text: Texts
    windows_text: Texts
    bring_text: Texts
    verify_url: str


class AppointmentOwn(Wire):
    """One's own booking that may be given back."""

    token: Token
    number: str
    title: Texts
    when_text: Texts
    hall_text: Texts
    state: str


class AppointmentsOwn(Wire):
    """``appointment.mine``: what the person has booked, to come."""

    rows: list[AppointmentOwn]


class AppointmentCancel(Wire):
    """``appointment.cancel``: the place is given back."""

    token: Token


class AppointmentCancelled(Wire):
    """It was."""

    number: str
