"""The rules of the invoice lottery from ``config/lottery.yaml``: which invoices are drawn for, and until when.

Prizes and their odds are no rule of the house: officers publish them, pool by pool (``pools``).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "lottery.yaml"


class Table(Model):
    """What holds from one day on."""

    from_: Annotated[date, Field(alias="from")]
    least_fen: Annotated[int, Field(ge=0)]
    issued_within_days: Annotated[int, Field(gt=0)]
    claim_within_days: Annotated[int, Field(gt=0)]
    draws_a_day: Annotated[int, Field(gt=0)]


class LotteryRules(Model):
    """The file."""

    format: Literal[1]
    basis: Texts
    tables: Annotated[list[Table], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_at_a_time(self) -> LotteryRules:
        days = [table.from_ for table in self.tables]
        if days != sorted(set(days)):
            raise ValueError("tables follow each other by the day they begin")
        return self

    def at(self, day: date) -> Table | None:
        """The table in force; None before the first."""
        return next((table for table in reversed(self.tables) if table.from_ <= day), None)


@cache
def rules() -> LotteryRules:
    """The rules as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(LotteryRules, FILE, RulesFileWrong)
