"""The rules of the invoice lottery from ``config/lottery.yaml``: which invoices, which prizes, at which odds."""

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
MILLION: Final = 1_000_000
FREE_OF_TAX_FEN: Final = 80_000
"""个人取得单张有奖发票奖金所得不超过800元的，暂免征收个人所得税 (财税〔2007〕34号)."""


class Prize(Model):
    """So much, in so many of a million draws."""

    fen: Annotated[int, Field(gt=0, le=FREE_OF_TAX_FEN)]
    per_million: Annotated[int, Field(gt=0, le=MILLION)]


class Table(Model):
    """What holds from one day on."""

    from_: Annotated[date, Field(alias="from")]
    least_fen: Annotated[int, Field(ge=0)]
    issued_within_days: Annotated[int, Field(gt=0)]
    claim_within_days: Annotated[int, Field(gt=0)]
    draws_a_day: Annotated[int, Field(gt=0)]
    prizes: Annotated[list[Prize], Field(min_length=1)]

    @model_validator(mode="after")
    def _odds_are_odds(self) -> Table:
        if sum(prize.per_million for prize in self.prizes) > MILLION:
            raise ValueError("the odds add up to more than a million")
        amounts = [prize.fen for prize in self.prizes]
        if amounts != sorted(set(amounts), reverse=True):
            raise ValueError("name each prize once, the largest first")
        return self

    @property
    def odds(self) -> list[list[int]]:
        """Prize in fen and draws of a million, as they are published and bound to a round."""
        return [[prize.fen, prize.per_million] for prize in self.prizes]


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
