"""When people are reminded, from ``config/reminders.yaml``: by risk and by time."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model

FILE: Final = "reminders.yaml"
MOST_DEMAND_DAYS: Final = 15
"""责令缴纳或者解缴税款的最长期限不得超过15日 (税收征收管理法实施细则 art. 73)."""
Hour = Annotated[int, Field(ge=0, le=24)]


class Level(Model):
    """How one risk is dealt with; days of the calendar."""

    ahead: Annotated[list[Annotated[int, Field(ge=0, le=60)]], Field(min_length=1)]
    demand_after: Annotated[int, Field(gt=0)]
    demand_days: Annotated[int, Field(gt=0, le=MOST_DEMAND_DAYS)]

    @model_validator(mode="after")
    def _comes_nearer(self) -> Level:
        if self.ahead != sorted(set(self.ahead), reverse=True):
            raise ValueError("name each day ahead once, the earliest first")
        return self


class Hours(Model):
    """When phones may ring: from the beginning of ``first`` to the beginning of ``last``, China time."""

    first: Hour
    last: Hour

    @model_validator(mode="after")
    def _a_day_has_hours(self) -> Hours:
        if self.first >= self.last:
            raise ValueError("the first hour comes before the last")
        return self


class Plan(Model):
    """The file."""

    format: Literal[1]
    hours: Hours
    levels: dict[Literal["low", "medium", "high"], Level]

    @model_validator(mode="after")
    def _every_risk(self) -> Plan:
        if len(self.levels) < 3:
            raise ValueError("say it for low, medium and high")
        return self


@cache
def plan() -> Plan:
    """The plan as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(Plan, FILE, RulesFileWrong)
