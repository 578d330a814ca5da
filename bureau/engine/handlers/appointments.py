"""``appointment.book`` (预约办税) and ``appointment.cancel``: a time at a hall's window, and given back."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.queue import booking
from bureau.engine.queue.appointed import booked_sheet, shown
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from sync.models import AppointmentBook, AppointmentCancel, AppointmentCancelled, EffectKind


class BookAppointment(Simple[AppointmentBook]):
    """A new one, or in place of one that the person has."""

    kind: ClassVar[EffectKind] = EffectKind.APPOINTMENT_BOOK
    model = AppointmentBook

    def __init__(self, law: Rules, public_url: str) -> None:
        self._law, self._public_url = law, public_url

    def apply(self, core: Core, request: Request, data: AppointmentBook, prepared: None) -> Outcome:
        """Under the locks of all halls, so that the last place is given once. Raises ``Refused``."""
        visitor = visitor_of(core, request.body.subject)
        wanted = booking.Wanted(data.hall, data.line, data.at)
        if data.instead is None:
            made = booking.book(core, self._law, visitor, wanted)
        else:
            booking.lock(core)
            mine = booking.of_visitor(core, visitor)
            made = booking.move(core, self._law, mine, data.instead, wanted)
        sheet = booked_sheet(core, made, f"{self._public_url}/a/{made.token}")
        return accepted(sheet, shown(made))


class CancelAppointment(Simple[AppointmentCancel]):
    """Only one's own."""

    kind: ClassVar[EffectKind] = EffectKind.APPOINTMENT_CANCEL
    model = AppointmentCancel

    def apply(self, core: Core, request: Request, data: AppointmentCancel, prepared: None) -> Outcome:
        """Its place is free for others at once. Raises ``Refused``."""
        visitor = visitor_of(core, request.body.subject)
        booking.lock(core)
        done = booking.cancel(core, booking.of_visitor(core, visitor), data.token)
        return accepted(AppointmentCancelled(number=shown(done)), shown(done))
