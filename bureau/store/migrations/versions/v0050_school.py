"""The tax school: sessions of courses, seats, evaluations, and what officers did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_session",
        sa.Column("session", types.Words(), nullable=False),
        sa.Column("course", types.Words(), nullable=False),
        sa.Column("hall", types.Words(), nullable=False),
        sa.Column("room", types.Json(), nullable=False),
        sa.Column("teacher", types.Words(), nullable=False),
        sa.Column("begins", types.Moment(), nullable=False),
        sa.Column("ends", types.Moment(), nullable=False),
        sa.Column("seats", types.Whole(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("reason", types.Json(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f("ck_school_session_state_known")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_school_session_seats_count")),
        sa.ForeignKeyConstraint(["hall"], ["hall.hall"], name=op.f("fk_school_session_hall")),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_school_session")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_school_session_ends"), "school_session", ["ends"])
    op.create_table(
        "school_enrolment",
        sa.Column("token", types.Words(), nullable=False),
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("session", types.Words(), nullable=False),
        sa.Column("visitor", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("enrolled_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=True),
        sa.Column("attended", types.Flag(), nullable=True),
        sa.Column("evaluated_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('seated', 'waiting', 'cancelled', 'dropped')",
            name=op.f("ck_school_enrolment_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["session"], ["school_session.session"], name=op.f("fk_school_enrolment_session")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_school_enrolment")),
        sa.UniqueConstraint("number", name=op.f("uq_school_enrolment_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_school_enrolment_session_number"), "school_enrolment", ["session", "number"])
    op.create_index(op.f("ix_school_enrolment_visitor"), "school_enrolment", ["visitor"])
    op.create_index(op.f("ix_school_enrolment_mobile"), "school_enrolment", ["mobile"])
    op.create_table(
        "school_evaluation",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("session", types.Words(), nullable=False),
        sa.Column("level", types.Whole(), nullable=False),
        sa.Column("words", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_school_evaluation_level_known")),
        sa.ForeignKeyConstraint(
            ["session"], ["school_session.session"], name=op.f("fk_school_evaluation_session")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_school_evaluation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_school_evaluation_session"), "school_evaluation", ["session"])
    op.create_table(
        "school_event",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("session", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("did", types.Words(), nullable=False),
        sa.Column("said", types.Json(), nullable=False),
        sa.CheckConstraint(
            "did IN ('planned', 'moved', 'cancelled', 'marked', 'read')",
            name=op.f("ck_school_event_did_known"),
        ),
        sa.ForeignKeyConstraint(
            ["session"], ["school_session.session"], name=op.f("fk_school_event_session")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_school_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_school_event_session_number"), "school_event", ["session", "number"])


def downgrade() -> None:
    op.drop_table("school_event")
    op.drop_table("school_evaluation")
    op.drop_table("school_enrolment")
    op.drop_table("school_session")
