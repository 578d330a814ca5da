"""What the centre does about applications by itself: paid ones that nobody waited for are issued, unpaid ones end."""

from __future__ import annotations

from datetime import timedelta

from bureau.engine import messages
from bureau.engine.agency.issuing import end, issue, paid
from bureau.ports.core import Core
from bureau.ports.system import System

LEFT_AFTER = timedelta(minutes=10)
"""Whoever stands at the terminal has their invoice by then: a payment takes two minutes, with a second try four."""


class ApplicationsLeft:
    """Looks after open applications; each in a transaction of its own."""

    def __init__(self, system: System) -> None:
        self._system = system

    def run_once(self) -> None:
        """Every open application that nobody stands before any more."""
        with self._system.read() as work:
            numbers = work.core.agency.waiting(work.core.now - LEFT_AFTER)
        for number in numbers:
            with self._system.write() as work:
                self._look_at(work.core, number)

    def _look_at(self, core: Core, number: str) -> None:
        application = core.agency.find(number, lock=True)
        if application is None or application.state != "open":
            return
        # One that costs nothing is issued to who waits for it, and to nobody who went away.
        kept = core.returns.kept(number)
        if kept is not None and kept.filed.total_fen and paid(core, application):
            invoice = issue(core, application)
            person = core.registration.person(application.person)
            if person is not None:
                core.notices.tell(person, messages.agency_issued(invoice.number, invoice.total_fen))
        elif application.expires_at <= core.now:
            end(core, application)
