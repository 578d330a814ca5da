"""What is left of supplies at terminals, and what a day used up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supply",
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("role", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("counter", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("remaining", types.Whole(), nullable=True),
        sa.Column("full", types.Whole(), nullable=True),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("told_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "role", "name", name=op.f("pk_supply")),
        sqlite_strict=True,
    )
    op.create_table(
        "supply_day",
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("role", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("used", types.Whole(), nullable=False),
        sa.Column("filled", types.Whole(), nullable=False),
        sa.CheckConstraint("used >= 0 AND filled >= 0", name=op.f("ck_supply_day_counts_up")),
        sa.PrimaryKeyConstraint("terminal", "role", "name", "day", name=op.f("pk_supply_day")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_supply_day_day"), "supply_day", ["day"])


def downgrade() -> None:
    op.drop_table("supply_day")
    op.drop_table("supply")
