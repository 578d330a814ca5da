"""Payment vouchers, and which of them an order was for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill",
        sa.Column("bill", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("issued_at", types.Moment(), nullable=False),
        sa.Column("issued_by", types.Words(), nullable=False),
        sa.Column("valid_until", types.Day(), nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.Column("withdrawn_by", types.Words(), nullable=True),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_bill_taxpayer")),
        sa.PrimaryKeyConstraint("bill", name=op.f("pk_bill")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bill_taxpayer"), "bill", ["taxpayer"])
    op.create_table(
        "bill_due",
        sa.Column("bill", types.Words(), nullable=False),
        sa.Column("due", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["bill"], ["bill.bill"], name=op.f("fk_bill_due_bill")),
        sa.ForeignKeyConstraint(["due"], ["due.due"], name=op.f("fk_bill_due_due")),
        sa.PrimaryKeyConstraint("bill", "due", name=op.f("pk_bill_due")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bill_due_due"), "bill_due", ["due"])
    op.add_column("payment_order", sa.Column("bill", types.Words(), nullable=True))


def downgrade() -> None:
    op.drop_column("payment_order", "bill")
    op.drop_table("bill_due")
    op.drop_table("bill")
