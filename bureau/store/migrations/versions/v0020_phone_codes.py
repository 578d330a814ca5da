"""Codes sent to phones, for who signs in by phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_code",
        sa.Column("challenge", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("code_sha256", types.Words(), nullable=False),
        sa.Column("sent_at", types.Moment(), nullable=False),
        sa.Column("tries", types.Whole(), nullable=False),
        sa.Column("proven_at", types.Moment(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_phone_code_tries_not_negative")),
        sa.PrimaryKeyConstraint("challenge", name=op.f("pk_phone_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_phone_code_mobile_sent_at"), "phone_code", ["mobile", "sent_at"])
    op.create_index(op.f("ix_phone_code_terminal_sent_at"), "phone_code", ["terminal", "sent_at"])
    op.create_index(op.f("ix_phone_code_sent_at"), "phone_code", ["sent_at"])


def downgrade() -> None:
    op.drop_table("phone_code")
