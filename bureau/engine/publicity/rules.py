"""The days of a publication and what may end it, from ``config/offenders.yaml`` (国家税务总局令第54号)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "offenders.yaml"


class ReasonModel(Model):
    """One item of art. 6; ``settles``: who pays all before the publication is not published."""

    item: Annotated[int, Field(ge=1, le=11)]
    settles: bool = False
    title: Texts


class GroundModel(Model):
    """Why a publication ends before its time."""

    title: Texts


class OffenderRules(Model):
    """The file."""

    format: Literal[1]
    basis: Texts
    publish_by_day: Annotated[int, Field(ge=1, le=28)]
    years: Annotated[int, Field(ge=1, le=10)]
    paid_after_months: Annotated[int, Field(ge=0, le=36)]
    twice_within_years: Annotated[int, Field(ge=1, le=20)]
    reasons: Annotated[Mapping[str, ReasonModel], Field(min_length=1)]
    grounds: Annotated[
        Mapping[Literal["paid", "reorganised", "merits", "revoked"], GroundModel], Field(min_length=4)
    ]

    def due_by(self, served_on: date) -> date:
        """The last day for publishing what was served on that day (art. 11)."""
        return months_after(served_on, 1).replace(day=self.publish_by_day)

    def until(self, published_on: date) -> date:
        """The last day of a publication; the day on which it began does not count (民法典 arts. 201, 202)."""
        return months_after(published_on, 12 * self.years)


def months_after(day: date, months: int) -> date:
    """The day of the same number so many months later, or that month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@cache
def rules() -> OffenderRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(OffenderRules, FILE, RulesFileWrong)
