"""Mutual help and ideas: contributions, what is said to them, and officers' acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contribution",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("topic", types.Words(), nullable=False),
        sa.Column("text", types.Json(), nullable=False),
        sa.Column("lang", types.Words(), nullable=False),
        sa.Column("author", types.Words(), nullable=False),
        sa.Column("author_class", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("written_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("about", types.Words(), nullable=False),
        sa.Column("tips_off", types.Flag(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("confirmed_at", types.Moment(), nullable=True),
        sa.Column("knowledge_on", types.Day(), nullable=True),
        sa.Column("stage", types.Words(), nullable=False),
        sa.Column("reply", types.Json(), nullable=False),
        sa.Column("replied_at", types.Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('question', 'answer', 'idea')", name=op.f("ck_contribution_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'published', 'refused', 'merged')", name=op.f("ck_contribution_state_known")
        ),
        sa.CheckConstraint(
            "stage IN ('', 'new', 'looked-at', 'taken-up', 'done', 'declined')",
            name=op.f("ck_contribution_stage_known"),
        ),
        sa.CheckConstraint(
            "author_class IN ('taxpayer', 'accountant', 'agent', 'officer')",
            name=op.f("ck_contribution_author_class_known"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_contribution")),
        sa.UniqueConstraint("key", name=op.f("uq_contribution_key")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_contribution_kind_state_written_at"), "contribution", ["kind", "state", "written_at"]
    )
    op.create_index(op.f("ix_contribution_about"), "contribution", ["about"])
    op.create_index(op.f("ix_contribution_author_written_at"), "contribution", ["author", "written_at"])
    op.create_table(
        "contribution_mark",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("who", types.Words(), nullable=False),
        sa.Column("value", types.Whole(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["contribution.number"], name=op.f("fk_contribution_mark_number")
        ),
        sa.PrimaryKeyConstraint("number", "who", name=op.f("pk_contribution_mark")),
        sqlite_strict=True,
    )
    op.create_table(
        "contribution_act",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False),
        sa.Column("act", types.Words(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("detail", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["contribution.number"], name=op.f("fk_contribution_act_number")),
        sa.PrimaryKeyConstraint("number", "line", name=op.f("pk_contribution_act")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("contribution_act")
    op.drop_table("contribution_mark")
    op.drop_table("contribution")
