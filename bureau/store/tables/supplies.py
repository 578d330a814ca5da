"""耗材: what is left of paper, blanks and wearing parts at each terminal, and what a day used up and brought."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint

from bureau.store.tables._base import table, words
from bureau.store.types import Day, Moment, Whole

supply = table(
    "supply",
    words("terminal"),
    words("role"),
    words("name"),
    words("counter"),
    words("code"),
    Column("remaining", Whole),
    Column("full", Whole),
    Column("day", Day, nullable=False),
    Column("told_at", Moment, nullable=False),
    PrimaryKeyConstraint("terminal", "role", "name"),
)
"""As the terminal told it last; ``remaining`` is empty when it does not know, ``day`` the last one it told anything."""

supply_day = table(
    "supply_day",
    words("terminal"),
    words("role"),
    words("name"),
    Column("day", Day, nullable=False),
    Column("used", Whole, nullable=False),
    Column("filled", Whole, nullable=False),
    CheckConstraint("used >= 0 AND filled >= 0", name="counts_up"),
    PrimaryKeyConstraint("terminal", "role", "name", "day"),
    Index(None, "day"),
)
"""A row for each day on which the terminal told of it, so that a day without use is known as one."""
