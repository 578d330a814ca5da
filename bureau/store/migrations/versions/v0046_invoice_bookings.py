"""Marks of buyers on fully digital invoices that they booked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoice_booking",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("how", types.Words(), nullable=False),
        sa.Column("booked_on", types.Day(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.CheckConstraint(
            "how IN ('deducted', 'not-deducted', 'withdrawn')", name=op.f("ck_invoice_booking_how")
        ),
        sa.ForeignKeyConstraint(
            ["case_no"], ["matter_case.case_no"], name=op.f("fk_invoice_booking_case_no")
        ),
        sa.ForeignKeyConstraint(
            ["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_invoice_booking_taxpayer")
        ),
        sa.PrimaryKeyConstraint("number", "line", name=op.f("pk_invoice_booking")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("invoice_booking")
