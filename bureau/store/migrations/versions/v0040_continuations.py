"""Visits that go on on a phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "continuation",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("secret_sha256", types.Words(), nullable=False),
        sa.Column("owner_sha256", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'ended')", name=op.f("ck_continuation_state_known")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_continuation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_continuation_expires_at"), "continuation", ["expires_at"])


def downgrade() -> None:
    op.drop_table("continuation")
