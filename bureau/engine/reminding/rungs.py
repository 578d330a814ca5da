"""Which reminder a matter has come to: ahead of its limit, late, demanded, an officer's. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bureau.engine.reminding.plan import Level
from bureau.ports.reminders import Reminder
from kiosk.domain.tax.limits import WorkingCalendar

OVERDUE: Final = "overdue"
DEMAND: Final = "demand"
FINAL: Final = "final"
_AHEAD: Final = "ahead-"
_BEHIND: Final = (OVERDUE, DEMAND, FINAL)


@dataclass(frozen=True, slots=True)
class Rung:
    """What is to be said now; ``until`` is the day that a demand gives."""

    name: str
    until: date | None = None

    @property
    def ahead(self) -> bool:
        """Whether the limit has not passed yet."""
        return self.name.startswith(_AHEAD)


def next_rung(
    limit: date, day: date, level: Level, last: Reminder | None, calendar: WorkingCalendar
) -> Rung | None:
    """What has to be said on ``day`` that ``last`` has not said; None when nothing has.

    Days on which nobody could be told are not made good for: the latest rung says all. A demand comes before an
    officer does, however late the first look is: nobody is pursued without having been asked (税收征收管理法 art. 40).
    """
    rung = _reached(limit, day, level, last, calendar)
    if rung is None or (last is not None and _height(last.rung) >= _height(rung.name)):
        return None
    return rung


def _reached(
    limit: date, day: date, level: Level, last: Reminder | None, calendar: WorkingCalendar
) -> Rung | None:
    left = (limit - day).days
    if left >= 0:
        near = [ahead for ahead in level.ahead if left <= ahead]
        return Rung(f"{_AHEAD}{near[-1]}") if near else None
    if last is not None and last.rung == DEMAND and last.until is not None:
        return Rung(FINAL) if day > last.until else None
    if -left >= level.demand_after:
        return Rung(DEMAND, calendar.on_or_after(day + timedelta(days=level.demand_days)))
    return Rung(OVERDUE)


def _height(rung: str) -> int:
    """How far a matter has come: ahead below zero, the nearer the higher."""
    return -int(rung.removeprefix(_AHEAD)) if rung.startswith(_AHEAD) else 1 + _BEHIND.index(rung)
