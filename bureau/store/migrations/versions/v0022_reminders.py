"""Reminders of what has to be filed or paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("matter", types.Words(), nullable=False),
        sa.Column("serial", types.Whole(), nullable=False),
        sa.Column("rung", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("on_day", types.Day(), nullable=False),
        sa.Column("until", types.Day(), nullable=True),
        sa.Column("notices", types.Json(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=True),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.PrimaryKeyConstraint("matter", "serial", name=op.f("pk_reminder")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_reminder_taxpayer"), "reminder", ["taxpayer"])


def downgrade() -> None:
    op.drop_table("reminder")
