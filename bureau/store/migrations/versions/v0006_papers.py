"""What a hand-over's paper says, its copies, and what was taken up before it had come by the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types
from bureau.store.migrations.versions.v0001_first import allow_changes, refuse_changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock_handover", sa.Column("paper", types.Words(), nullable=True))
    op.create_table(
        "stock_waiting",
        sa.Column("note", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("unit", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("first", types.Whole(), nullable=False),
        sa.Column("last", types.Whole(), nullable=False),
        sa.Column("operator", types.Words(), nullable=False),
        sa.Column("witness", types.Words(), nullable=False),
        sa.Column("told_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["note"], ["stock_handover.note"], name=op.f("fk_stock_waiting_note")),
        sa.PrimaryKeyConstraint("note", "terminal", "unit", "code", "first", name=op.f("pk_stock_waiting")),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_paper_copy",
        sa.Column("note", types.Words(), nullable=False),
        sa.Column("copy", types.Whole(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("operator", types.Words(), nullable=False),
        sa.Column("witness", types.Words(), nullable=False),
        sa.Column("cause", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["note"], ["stock_handover.note"], name=op.f("fk_stock_paper_copy_note")),
        sa.PrimaryKeyConstraint("note", "copy", name=op.f("pk_stock_paper_copy")),
        sqlite_strict=True,
    )
    refuse_changes("stock_paper_copy")


def downgrade() -> None:
    allow_changes("stock_paper_copy")
    op.drop_table("stock_paper_copy")
    op.drop_table("stock_waiting")
    op.drop_column("stock_handover", "paper")
