"""What certificates are made of: taxes that came to the treasury otherwise than by an order of this centre."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "treasury_entry",
        sa.Column("due", types.Words(), nullable=False),
        sa.Column("voucher", types.Words(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("late_fee_fen", types.Whole(), nullable=False),
        sa.Column("entry_date", types.Day(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_treasury_entry_amount_fen_not_negative")),
        sa.CheckConstraint("late_fee_fen >= 0", name=op.f("ck_treasury_entry_late_fee_fen_not_negative")),
        sa.ForeignKeyConstraint(["due"], ["due.due"], name=op.f("fk_treasury_entry_due")),
        sa.PrimaryKeyConstraint("due", name=op.f("pk_treasury_entry")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("treasury_entry")
