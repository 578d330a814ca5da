"""Subscriptions, what was told of them, and announcements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("visitor", types.Words(), nullable=False),
        sa.Column("topic", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("since", types.Moment(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("visitor", "topic", name=op.f("pk_subscription")),
        sqlite_strict=True,
    )
    op.create_table(
        "subscription_told",
        sa.Column("visitor", types.Words(), nullable=False),
        sa.Column("topic", types.Words(), nullable=False),
        sa.Column("item", types.Words(), nullable=False),
        sa.Column("text", types.Json(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("until", types.Day(), nullable=True),
        sa.Column("seen_at", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("visitor", "topic", "item", name=op.f("pk_subscription_told")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_subscription_told_at"), "subscription_told", ["at"])
    op.create_table(
        "announcement",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("text", types.Json(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("published_at", types.Moment(), nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.Column("withdrawn_by", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_announcement")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_announcement_published_at"), "announcement", ["published_at"])


def downgrade() -> None:
    op.drop_table("announcement")
    op.drop_table("subscription_told")
    op.drop_table("subscription")
