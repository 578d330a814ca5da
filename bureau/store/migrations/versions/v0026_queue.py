"""Queue numbers of the halls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_ticket",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("hall", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("line", types.Words(), nullable=False),
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("visitor", types.Words(), nullable=False),
        sa.Column("elder", types.Flag(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("taken_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("window", types.Whole(), nullable=True),
        sa.Column("called_at", types.Moment(), nullable=True),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'served', 'missed')", name=op.f("ck_queue_ticket_state_known")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_queue_ticket_number_counts")),
        sa.ForeignKeyConstraint(["hall"], ["hall.hall"], name=op.f("fk_queue_ticket_hall")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_queue_ticket")),
        sa.UniqueConstraint(
            "hall", "day", "line", "number", name=op.f("uq_queue_ticket_hall_day_line_number")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_queue_ticket_hall_line_ended_at"), "queue_ticket", ["hall", "line", "ended_at"])


def downgrade() -> None:
    op.drop_table("queue_ticket")
