"""What people begin on a phone and take up at a terminal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("service", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'used')", name=op.f("ck_draft_state_known")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_draft")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_draft_expires_at"), "draft", ["expires_at"])


def downgrade() -> None:
    op.drop_table("draft")
