"""The terms of complaints and tip-offs from ``config/feedback.yaml``, and the words with which one is refused."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from bureau.ports.feedback import Desk
from config import yaml_files
from config.catalogue.models import Model
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import Texts

FILE: Final = "feedback.yaml"
TIP_OFF: Final = "tip-off"
"""The one kind of tip-off: what it is about is sealed."""


class Term(Model):
    """So many working days, or months; the day from which it runs does not count."""

    workdays: Annotated[int, Field(ge=1, le=250)] | None = None
    months: Annotated[int, Field(ge=1, le=24)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Term:
        if (self.workdays is None) == (self.months is None):
            raise ValueError("give workdays or months, one of the two")
        return self

    def after(self, day: date, days: WorkingCalendar) -> date:
        """Its last day, which is a working day; months end on the day of the same number, or the month's last."""
        if self.workdays is not None:
            return days.later(day, self.workdays)
        assert self.months is not None, "one of the two is there"
        year, month = divmod(day.month - 1 + self.months, 12)
        year, month = day.year + year, month + 1
        return days.on_or_after(date(year, month, min(day.day, calendar.monthrange(year, month)[1])))


class Procedure(Model):
    """How one of the two is handled: ``accept`` runs from the day it came, ``kinds`` from the day it was taken up."""

    basis: Texts
    accept: Term
    kinds: Annotated[Mapping[str, Term], Field(min_length=1)]
    extend: Term
    refusals: Annotated[Mapping[str, Texts], Field(min_length=1)]


class LowRatings(Model):
    """What follows a low rating (差评): by when somebody has looked into it, from the day on which it came."""

    basis: Texts
    follow: Term


class FeedbackRules(Model):
    """The file."""

    format: Literal[1]
    complaint: Procedure
    report: Procedure
    low_rating: LowRatings
    again_within_days: Annotated[int, Field(ge=1, le=365)]

    def of(self, desk: Desk) -> Procedure:
        """That of one desk."""
        return self.complaint if desk == "complaint" else self.report


@cache
def rules() -> FeedbackRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(FeedbackRules, FILE, RulesFileWrong)
