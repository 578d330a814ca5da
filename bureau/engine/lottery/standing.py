"""How a pool stands on a day: what was drawn of it, claimed and never claimed, and which seeds are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from bureau.engine.lottery import pools
from bureau.engine.lottery.costing import Cost, cost
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.lottery import Pool, Round, Tally

Stage = Literal["proposed", "refused", "coming", "running", "spent", "ended", "closed"]
"""Where a pool stands on a day. ``spent``: nobody draws any more, for what is left does not cover its largest prize."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One prize. ``claimed``: ordered to be paid, or paid; ``open``: still to be claimed; ``lapsed``: no more."""

    prize_fen: int
    per_million: int
    expected: Fraction
    won: int
    claimed: int
    open: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A pool on ``day``. ``drawn``: all draws, also those without a prize. ``rounds``: the first first."""

    pool: Pool
    day: date
    stage: Stage
    cost: Cost
    grades: Sequence[Grade]
    drawn: int
    rounds: Sequence[Round]

    @property
    def due(self) -> Sequence[Round]:
        """Rounds that are over and whose seed is still to be published."""
        return [one for one in self.rounds if one.seed is None and one.day < self.day]


def stage(pool: Pool, day: date) -> Stage:
    """Where it stands on that day."""
    if pool.state in ("proposed", "refused"):
        return "proposed" if pool.state == "proposed" else "refused"
    if day > pools.last_day(pool):
        return "closed" if pool.state == "closed" else "ended"
    if day < pool.first:
        return "coming"
    return "spent" if pools.spent(pool) else "running"


def standing(core: Core, name: str) -> Standing:
    """The pool of this name today; raises ``PoolRefused``."""
    pool, day = pools.there(core, name), today(core)
    counted = core.lottery.tally(name, day)
    worked = cost(pool.odds, pool.draws, pool.budget_fen)
    return Standing(
        pool=pool,
        day=day,
        stage=stage(pool, day),
        cost=worked,
        grades=[
            _grade(fen, share, expected, [one for one in counted if one.prize_fen == fen])
            for (fen, share), expected in zip(pool.odds, worked.winners, strict=True)
        ],
        drawn=sum(one.count for one in counted),
        rounds=core.lottery.rounds(name),
    )


def _grade(fen: int, share: int, expected: Fraction, counted: Sequence[Tally]) -> Grade:
    claimed = sum(one.count for one in counted if one.state in ("ordered", "paid"))
    lapsed = sum(one.count for one in counted if one.lapsed)
    won = sum(one.count for one in counted)
    return Grade(fen, share, expected, won, claimed, won - claimed - lapsed, lapsed)
