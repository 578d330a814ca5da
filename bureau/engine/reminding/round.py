"""The daily round: whoever has something open that has come to its next reminder is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bureau.engine.reminding.matters import Open, answering, open_matters
from bureau.engine.reminding.plan import plan
from bureau.engine.reminding.rungs import DEMAND, FINAL, Rung, next_rung
from bureau.engine.reminding.words import reminder
from bureau.engine.rules import Rules
from bureau.engine.serving.demands import ISSUER, demand, demanded
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.reminders import Reminder
from bureau.ports.system import System
from config.clock import CHINA
from kiosk.domain.tax.limits import WorkingCalendar

PAGE: Final = 200
"""Taxpayers looked at in one transaction that only reads."""
CASE: Final = "dunning"
"""What an officer follows: it was demanded, and is still open."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be said of one open matter, and what was said last."""

    open: Open
    rung: Rung
    last: Reminder | None


class Round:
    """Goes round once a day, within the hours in which phones may ring; a restart goes again and tells nobody twice."""

    def __init__(self, system: System, rules: Rules) -> None:
        self._system, self._rules = system, rules
        self._went_on: date | None = None

    def run_once(self) -> int:
        """How many reminders were given."""
        with self._system.read() as work:
            now = work.core.now.astimezone(CHINA)
        hours = plan().hours
        if now.date() == self._went_on or not hours.first <= now.hour < hours.last:
            return 0
        given = sum(self._look_after(taxpayer) for taxpayer in self._with_something())
        self._went_on = now.date()
        return given

    def _with_something(self) -> Iterator[str]:
        """Taxpayers of whom something has changed since their last reminder; nothing is locked while looking."""
        after = ""
        while True:
            with self._system.read() as work:
                page = work.core.registration.declaring(after, PAGE)
                found = [one.taxpayer for one in page if self._changed(work.core, one)]
            yield from found
            if len(page) < PAGE:
                return
            after = page[-1].taxpayer

    def _changed(self, core: Core, taxpayer: Taxpayer) -> bool:
        over, steps = self._due(core, taxpayer)
        return bool(over or steps)

    def _look_after(self, number: str) -> int:
        with self._system.write() as work:
            core = work.core
            taxpayer = core.registration.taxpayer(number, lock=True)
            if taxpayer is None:
                return 0
            over, steps = self._due(core, taxpayer)
            for done in over:
                core.notices.mended(done.matter)
                core.reminders.end(done.matter, today(core))
                core.documents.settle(done.matter, ISSUER)
            for step in steps:
                remind(core, taxpayer, step)
            return len(steps)

    def _due(self, core: Core, taxpayer: Taxpayer) -> tuple[list[Reminder], list[Step]]:
        """Reminders of what is not open any more, and what has to be said now."""
        day, level = today(core), plan().levels[taxpayer.risk]
        calendar = WorkingCalendar(self._rules.current)
        last = {one.matter: one for one in core.reminders.standing(taxpayer.taxpayer)}
        matters = open_matters(core, taxpayer, self._rules, day)
        names = {one.matter for one in matters}
        steps = [
            Step(one, rung, last.get(one.matter))
            for one in matters
            if (rung := next_rung(one.limit, day, level, last.get(one.matter), calendar)) is not None
        ]
        return [one for name, one in last.items() if name not in names], steps


def remind(core: Core, taxpayer: Taxpayer, step: Step) -> None:
    """Tell everybody who answers for it, in place of what they were told last; the last rung opens a case."""
    day, one = today(core), step.open
    if step.last is not None:
        core.notices.end(step.last.notices)
    term = plan().levels[taxpayer.risk].demand_days
    message = reminder(one, step.rung, taxpayer.name, day, term)
    told = answering(core, taxpayer, day, late=not step.rung.ahead)
    notices = tuple(core.notices.tell(person, message) for person in told)
    if step.rung.name == DEMAND:
        demand(core, taxpayer, one, term)
    case = None
    if step.rung.name == FINAL:
        details: dict[str, object] = {
            "taxpayer": taxpayer.taxpayer,
            "what": one.what,
            "limit": one.limit.isoformat(),
            "amount_fen": one.amount_fen,
            "risk": taxpayer.risk,
            **_served(core, taxpayer, one),
        }
        case = core.cases.open(CASE, one.matter, details)
    core.reminders.enter(
        Reminder(one.matter, step.rung.name, taxpayer.taxpayer, day, step.rung.until, notices, case)
    )


def _served(core: Core, taxpayer: Taxpayer, one: Open) -> dict[str, object]:
    """What the officer has to know first: whether the demand was served; else nothing may be enforced (art. 40)."""
    found = demanded(core, taxpayer, one)
    served_on = found.served_on if found is not None else None
    return {
        "document": found.document if found is not None else None,
        "served_on": served_on.isoformat() if served_on is not None else None,
    }
