"""One's own seat by the token of its slip: seen and given back on the phone."""

from __future__ import annotations

from bureau.engine.refusals import refuse
from bureau.engine.school.seat_sheet import page_of
from bureau.engine.school.seats import cancel
from bureau.ports.core import Core
from bureau.ports.public import SeatShown


def seen(core: Core, token: str) -> SeatShown | None:
    """The seat; None: there is none of this token."""
    found = core.school.by_token(token)
    session = core.school.session(found.session) if found is not None else None
    return page_of(core, found, session) if found is not None and session is not None else None


def given_back(core: Core, token: str, url: str) -> SeatShown:
    """Given back, and to who waits first; raises ``Refused``."""
    core.school.lock()
    found = core.school.by_token(token)
    session = core.school.session(found.session) if found is not None else None
    if found is None or session is None:
        raise refuse("enrolmentGone")
    return page_of(core, cancel(core, [found], token, url), session)
