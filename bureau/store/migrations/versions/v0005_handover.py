"""Stock that changes cabinets with a signed paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_handover",
        sa.Column("note", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("to_place", types.Words(), nullable=False),
        sa.Column("fate", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("learned_at", types.Moment(), nullable=False),
        sa.Column("operator", types.Words(), nullable=False),
        sa.Column("witness", types.Words(), nullable=False),
        sa.Column("sheets", types.Whole(), nullable=False),
        sa.Column("items", types.Json(), nullable=False),
        sa.Column("movement", types.Words(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=True),
        sa.CheckConstraint("fate IN ('move', 'hall')", name=op.f("ck_stock_handover_fate_known")),
        sa.CheckConstraint("state IN ('transit', 'done')", name=op.f("ck_stock_handover_state_known")),
        sa.PrimaryKeyConstraint("note", name=op.f("pk_stock_handover")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stock_handover_made_at"), "stock_handover", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_stock_handover_made_at"), table_name="stock_handover")
    op.drop_table("stock_handover")
