"""Releases of open data, and what officers did with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None
STANDS = sa.text("state IN ('proposed', 'published')")


def upgrade() -> None:
    op.create_table(
        "open_release",
        sa.Column("release", types.Words(), nullable=False),
        sa.Column("dataset", types.Words(), nullable=False),
        sa.Column("period", types.Words(), nullable=False),
        sa.Column("run", types.Whole(), nullable=False),
        sa.Column("columns", types.Json(), nullable=False),
        sa.Column("count", types.Whole(), nullable=False),
        sa.Column("content", types.Bytes(), nullable=False),
        sa.Column("made", types.Json(), nullable=False),
        sa.Column("sha256", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("proposed_by", types.Words(), nullable=False),
        sa.Column("proposed_at", types.Moment(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.Column("reason", types.Json(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused', 'published', 'withdrawn')",
            name=op.f("ck_open_release_state_known"),
        ),
        sa.PrimaryKeyConstraint("release", name=op.f("pk_open_release")),
        sa.UniqueConstraint("dataset", "period", "run", name=op.f("uq_open_release_dataset_period_run")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_open_release_stands",
        "open_release",
        ["dataset", "period"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_table(
        "open_release_event",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("release", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("did", types.Words(), nullable=False),
        sa.Column("said", types.Json(), nullable=False),
        sa.CheckConstraint(
            "did IN ('proposed', 'refused', 'published', 'withdrawn')",
            name=op.f("ck_open_release_event_did_known"),
        ),
        sa.ForeignKeyConstraint(
            ["release"], ["open_release.release"], name=op.f("fk_open_release_event_release_open_release")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_open_release_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_open_release_event_release_number"), "open_release_event", ["release", "number"])


def downgrade() -> None:
    op.drop_table("open_release_event")
    op.drop_table("open_release")
