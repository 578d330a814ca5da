"""Times at a window that are booked ahead, and numbers that are called by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("queue_ticket", sa.Column("due", types.Moment(), nullable=True))
    op.create_table(
        "appointment",
        sa.Column("token", types.Words(), nullable=False),
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("hall", types.Words(), nullable=False),
        sa.Column("line", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("visitor", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("booked_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'arrived', 'cancelled', 'closed')", name=op.f("ck_appointment_state_known")
        ),
        sa.ForeignKeyConstraint(["hall"], ["hall.hall"], name=op.f("fk_appointment_hall")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_appointment")),
        sa.UniqueConstraint("number", name=op.f("uq_appointment_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_appointment_hall_at"), "appointment", ["hall", "at"])
    op.create_index(op.f("ix_appointment_visitor"), "appointment", ["visitor"])
    op.create_index(op.f("ix_appointment_mobile"), "appointment", ["mobile"])
    op.create_table(
        "appointment_closure",
        sa.Column("closure", types.Words(), nullable=False),
        sa.Column("hall", types.Words(), nullable=False),
        sa.Column("begins", types.Moment(), nullable=False),
        sa.Column("ends", types.Moment(), nullable=False),
        sa.Column("closed_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["hall"], ["hall.hall"], name=op.f("fk_appointment_closure_hall")),
        sa.PrimaryKeyConstraint("closure", name=op.f("pk_appointment_closure")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_appointment_closure_hall_begins"), "appointment_closure", ["hall", "begins"])


def downgrade() -> None:
    op.drop_table("appointment_closure")
    op.drop_table("appointment")
    op.drop_column("queue_ticket", "due")
