"""The halls' windows, lines and hours from ``config/queue.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from config.clock import CHINA
from sync.models import Texts

FILE: Final = "queue.yaml"
Period = tuple[datetime, datetime]
"""From the first moment to before the second."""


class Hours(Model):
    """Open from ``from`` to before ``to``, China time."""

    from_: Annotated[time, Field(alias="from")]
    to: time

    @model_validator(mode="after")
    def _has_length(self) -> Hours:
        if self.from_ >= self.to:
            raise ValueError("opens after it closes")
        return self


class Line(Model):
    """One kind of business. ``letter`` begins its numbers; ``minutes`` a person until a median is known.

    ``bring``: what whoever has booked a time is to bring along.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    letter: Annotated[str, Field(pattern=r"^[A-Z]$")]
    minutes: Annotated[int, Field(gt=0, le=120)]
    title: Texts
    note: Texts
    bring: Texts


class Window(Model):
    """A window and the lines it calls."""

    window: Annotated[int, Field(gt=0)]
    lines: Annotated[list[str], Field(min_length=1)]


class Median(Model):
    """Of the last ``of`` that were served; only when there are ``least``."""

    of: Annotated[int, Field(gt=0, le=1000)]
    least: Annotated[int, Field(gt=0)]


class Missed(Model):
    """Who did not come ``times`` times within ``in_days`` books nothing for ``paused_days`` from the last time on."""

    times: Annotated[int, Field(gt=0)]
    in_days: Annotated[int, Field(gt=0)]
    paused_days: Annotated[int, Field(gt=0)]


class Appointments(Model):
    """Times that are booked ahead; ``walk_in_percent`` of each window's time is kept for who comes without."""

    days_ahead: Annotated[int, Field(gt=0, le=31)]
    slot_minutes: Annotated[int, Field(ge=10, le=120)]
    walk_in_percent: Annotated[int, Field(ge=0, le=100)]
    most_open: Annotated[int, Field(gt=0)]
    late_minutes: Annotated[int, Field(ge=0, le=120)]
    missed: Missed

    @property
    def slot(self) -> timedelta:
        """How long one time is."""
        return timedelta(minutes=self.slot_minutes)

    @property
    def late(self) -> timedelta:
        """How late one may come."""
        return timedelta(minutes=self.late_minutes)


class QueueRules(Model):
    """The file."""

    format: Literal[1]
    hours: Annotated[list[Hours], Field(min_length=1)]
    numbers_before_minutes: Annotated[int, Field(ge=0, le=240)]
    median: Median
    appointments: Appointments
    elder_age: Annotated[int, Field(gt=0)]
    lines: Annotated[list[Line], Field(min_length=1)]
    windows: Annotated[list[Window], Field(min_length=1)]
    halls: dict[str, Annotated[list[Window], Field(min_length=1)]]

    @model_validator(mode="after")
    def _hangs_together(self) -> QueueRules:
        if any(earlier.to > later.from_ for earlier, later in pairwise(self.hours)):
            raise ValueError("hours follow each other")
        named: list[tuple[str, list[str] | list[int]]] = [
            ("line", [line.id for line in self.lines]),
            ("letter", [line.letter for line in self.lines]),
            *(("window", [w.window for w in windows]) for windows in (self.windows, *self.halls.values())),
        ]
        for what, found in named:
            if len(found) != len(set(found)):
                raise ValueError(f"name each {what} once")
        known = {line.id for line in self.lines}
        for windows in (self.windows, *self.halls.values()):
            if unknown := {name for one in windows for name in one.lines} - known:
                raise ValueError(f"windows call lines that there are none of: {', '.join(sorted(unknown))}")
        return self

    def of_hall(self, hall: str) -> Sequence[Window]:
        """The windows of a hall."""
        return self.halls.get(hall, self.windows)

    def served_in(self, hall: str) -> Sequence[Line]:
        """The lines that some window of the hall calls."""
        called = {name for window in self.of_hall(hall) for name in window.lines}
        return [line for line in self.lines if line.id in called]

    def line(self, name: str) -> Line | None:
        """The line of that id."""
        return next((line for line in self.lines if line.id == name), None)

    def periods(self, day: date) -> list[Period]:
        """When windows are open on ``day``, if it is worked at all."""
        return [
            (datetime.combine(day, one.from_, CHINA), datetime.combine(day, one.to, CHINA))
            for one in self.hours
        ]

    def places(self, hall: str, line: Line) -> int:
        """How many may book the same time: what its windows can do but for the part kept for who comes without.

        A window of several lines counts for each with its share.
        """
        shares = sum(Fraction(1, len(w.lines)) for w in self.of_hall(hall) if line.id in w.lines)
        booked = self.appointments
        minutes = shares * booked.slot_minutes * (100 - booked.walk_in_percent) / 100
        return int(minutes / line.minutes)

    def times(self, day: date) -> list[datetime]:
        """When the times of a working day begin; each ends before the windows close."""
        slot, found = self.appointments.slot, []
        for first, last in self.periods(day):
            at = first
            while at + slot <= last:
                found.append(at)
                at += slot
        return found

    def numbers_from(self, day: date) -> datetime:
        """From when on numbers of ``day`` are given."""
        return self.periods(day)[0][0] - timedelta(minutes=self.numbers_before_minutes)


@cache
def rules() -> QueueRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(QueueRules, FILE, RulesFileWrong)
