"""One's own booking by the token of its slip: seen, moved and cancelled on the phone."""

from __future__ import annotations

from datetime import datetime

from bureau.engine.queue.appointed import page_of
from bureau.engine.queue.booking import Wanted, cancel, lock, move
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.ports.appointments import Appointment
from bureau.ports.core import Core
from bureau.ports.public import AppointmentShown


def seen(core: Core, law: Rules, token: str) -> AppointmentShown | None:
    """The booking; None: there is none of this token."""
    found = core.appointments.by_token(token)
    return None if found is None else page_of(core, law, found)


def changed(core: Core, law: Rules, token: str, at: datetime | None) -> AppointmentShown:
    """Moved to another time of the same hall, or cancelled (``at`` is None); raises ``Refused``."""
    lock(core)
    found = core.appointments.by_token(token)
    if found is None:
        raise refuse("appointmentGone")
    mine = _of_same(core, found)
    if at is None:
        return page_of(core, law, cancel(core, mine, token))
    return page_of(core, law, move(core, law, mine, token, Wanted(found.hall, found.line, at)))


def _of_same(core: Core, found: Appointment) -> list[Appointment]:
    """All of the same person, as far as what is kept of them says."""
    return list(core.appointments.of_person([found.visitor], [found.mobile] if found.mobile else []))
