"""Progressive tax by levels with quick deductions (速算扣除数)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from config.parameter_tables import Bracket


def bracket_for(amount: Decimal, brackets: Sequence[Bracket]) -> Bracket:
    """The level ``amount`` (yuan) falls in; a level's upper end belongs to it."""
    return next(b for b in brackets if b.upto is None or amount <= b.upto)


def progressive(amount: Decimal, brackets: Sequence[Bracket]) -> Decimal:
    """The tax on ``amount`` (yuan), not rounded; nothing on nothing or less."""
    if amount <= 0:
        return Decimal(0)
    found = bracket_for(amount, brackets)
    return amount * found.rate - found.quick
