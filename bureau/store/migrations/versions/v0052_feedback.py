"""Complaints about service and tip-offs, and what was done with each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types
from bureau.store.migrations.versions.v0001_first import allow_changes, refuse_changes

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_case",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("desk", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("named", types.Flag(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("hall", types.Words(), nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("accept_by", types.Day(), nullable=False),
        sa.Column("answer_by", types.Day(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("code_sha256", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("reply", types.Bytes(), nullable=True),
        sa.Column("answered_at", types.Moment(), nullable=True),
        sa.Column("round", types.Whole(), nullable=False),
        sa.Column("course", types.Words(), nullable=False),
        sa.Column("unit", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("extended", types.Flag(), nullable=False),
        sa.Column("level", types.Whole(), nullable=True),
        sa.CheckConstraint("desk IN ('complaint', 'report')", name=op.f("ck_feedback_case_desk_known")),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'refused', 'answered', 'closed')",
            name=op.f("ck_feedback_case_state_known"),
        ),
        sa.CheckConstraint(
            "course IN ('', 'inspect', 'investigate', 'hold')", name=op.f("ck_feedback_case_course_known")
        ),
        sa.CheckConstraint(
            "desk = 'complaint' OR mobile = ''", name=op.f("ck_feedback_case_no_phone_of_a_tip_off")
        ),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_feedback_case_round_known")),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_feedback_case_level_known")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_feedback_case")),
        sa.UniqueConstraint("key", name=op.f("uq_feedback_case_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_feedback_case_desk_state"), "feedback_case", ["desk", "state"], unique=False)
    op.create_index(op.f("ix_feedback_case_mobile"), "feedback_case", ["mobile"], unique=False)
    op.create_table(
        "feedback_act",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("seq", types.Whole(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("act", types.Words(), nullable=False),
        sa.Column("second", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=True),
        sa.CheckConstraint(
            "act IN ('accept', 'refuse', 'answer', 'extend', 'transfer', 'read', 'again', 'rate')",
            name=op.f("ck_feedback_act_act_known"),
        ),
        sa.ForeignKeyConstraint(["number"], ["feedback_case.number"], name=op.f("fk_feedback_act_number")),
        sa.PrimaryKeyConstraint("number", "seq", name=op.f("pk_feedback_act")),
        sqlite_strict=True,
    )
    refuse_changes("feedback_act")


def downgrade() -> None:
    allow_changes("feedback_act")
    op.drop_table("feedback_act")
    op.drop_table("feedback_case")
