"""What a pool will cost, as far as odds tell: worked out before an officer proposes it, and beside it ever after.

The sums are exact, in fractions of a fen, until they are shown. An amount is rounded up: a budget that was put too low
is what hurts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from bureau.engine.lottery.drawing import MILLION, Odds

SPREAD: Final = 2
"""Standard deviations: of forty pools that were drawn out one costs more than what is expected and these."""
IDLE: Final = Fraction(1, 2)
"""Of a budget: a pool that is expected to use less of it was given too much, or has odds too low."""
Concern = Literal["above", "near", "idle"]
"""``above``: it is expected to end before its last day. ``near``: it may. ``idle``: half of it or more is left."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of so many ``draws``: ``winners`` of each prize on average, what they cost, and what hardly any pool costs more.

    ``lasts``: after so many draws the budget is spent on average. Amounts in fen.
    """

    draws: int
    winners: Sequence[Fraction]
    expected_fen: int
    high_fen: int
    lasts: int
    concern: Concern | None


def cost(odds: Odds, draws: int, budget_fen: int) -> Cost:
    """Work it out; ``odds`` as of a pool, of which each prize and share is above zero."""
    each = sum((Fraction(fen * share, MILLION) for fen, share in odds), Fraction(0))
    squared = sum((Fraction(fen * fen * share, MILLION) for fen, share in odds), Fraction(0))
    expected = each * draws
    spread = math.isqrt(math.ceil((squared - each * each) * draws)) + 1
    largest = max(fen for fen, _ in odds)
    usable = max(0, budget_fen - largest)
    high = math.ceil(expected) + SPREAD * spread
    concern: Concern | None = None
    if expected > usable:
        concern = "above"
    elif high > usable:
        concern = "near"
    elif expected < budget_fen * IDLE:
        concern = "idle"
    return Cost(
        draws=draws,
        winners=[Fraction(share * draws, MILLION) for _, share in odds],
        expected_fen=math.ceil(expected),
        high_fen=high,
        lasts=math.floor(usable / each) + 1,
        concern=concern,
    )
