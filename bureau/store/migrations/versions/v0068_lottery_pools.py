"""Pools of the invoice lottery: prizes for a time, with a budget, proposed by one officer and published by another.

Rounds from before belong to none: what they promised stands, and their days are drawn out.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

FOREIGN = "fk_lottery_round_pool"


def upgrade() -> None:
    op.create_table(
        "lottery_pool",
        sa.Column("pool", types.Words(), nullable=False),
        sa.Column("title", types.Json(), nullable=False),
        sa.Column("first", types.Day(), nullable=False),
        sa.Column("last", types.Day(), nullable=False),
        sa.Column("budget_fen", types.Whole(), nullable=False),
        sa.Column("draws", types.Whole(), nullable=False),
        sa.Column("odds", types.Json(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("proposed_by", types.Words(), nullable=False),
        sa.Column("proposed_at", types.Moment(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("closed_by", types.Words(), nullable=False),
        sa.Column("closed_at", types.Moment(), nullable=True),
        sa.Column("closed_on", types.Day(), nullable=True),
        sa.Column("reason", types.Json(), nullable=True),
        sa.Column("won_fen", types.Whole(), nullable=False),
        sa.CheckConstraint("budget_fen >= 0", name=op.f("ck_lottery_pool_budget_fen_not_negative")),
        sa.CheckConstraint("won_fen >= 0", name=op.f("ck_lottery_pool_won_fen_not_negative")),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused', 'published', 'closed')",
            name=op.f("ck_lottery_pool_state_known"),
        ),
        sa.CheckConstraint("first <= last", name=op.f("ck_lottery_pool_days_in_order")),
        sa.CheckConstraint("won_fen <= budget_fen", name=op.f("ck_lottery_pool_won_within_budget")),
        sa.PrimaryKeyConstraint("pool", name=op.f("pk_lottery_pool")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("lottery_round", table_kwargs={"sqlite_strict": True}) as table:
        table.add_column(sa.Column("pool", types.Words(), nullable=True))
        table.create_foreign_key(op.f(FOREIGN), "lottery_pool", ["pool"], ["pool"])
    op.create_index(op.f("ix_lottery_round_pool"), "lottery_round", ["pool"])
    op.create_index(op.f("ix_lottery_ticket_day"), "lottery_ticket", ["day"])


def downgrade() -> None:
    op.drop_index(op.f("ix_lottery_ticket_day"), "lottery_ticket")
    op.drop_index(op.f("ix_lottery_round_pool"), "lottery_round")
    with op.batch_alter_table("lottery_round", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(op.f(FOREIGN), type_="foreignkey")
        table.drop_column("pool")
    op.drop_table("lottery_pool")
