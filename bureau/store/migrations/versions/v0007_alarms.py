"""Doors, tamper switches and power of a terminal: what it last said of them, and the alarms they raised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("heartbeat", sa.Column("readings", types.Json(), nullable=True))
    op.create_table(
        "terminal_alarm",
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("sensor", types.Words(), nullable=False),
        sa.Column("raised_at", types.Moment(), nullable=False),
        sa.Column("value", types.Words(), nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("staff", types.Words(), nullable=False),
        sa.Column("cleared_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["terminal"], ["terminal.terminal"], name=op.f("fk_terminal_alarm_terminal")),
        sa.PrimaryKeyConstraint("terminal", "sensor", "raised_at", name=op.f("pk_terminal_alarm")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("terminal_alarm")
    op.drop_column("heartbeat", "readings")
