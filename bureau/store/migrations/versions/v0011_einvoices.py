"""What an issued invoice says beyond its sums, and how often it was checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TOLD = ("check_code", "buyer_number", "red_of")


def upgrade() -> None:
    for name in TOLD:
        op.add_column("sale", sa.Column(name, types.Words(), nullable=False, server_default=""))
    op.add_column("sale", sa.Column("lines", types.Json(), nullable=True))
    op.create_index(op.f("ix_sale_red_of"), "sale", ["red_of"], unique=False)
    op.create_table(
        "invoice_check",
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("invoice", types.Words(), nullable=False),
        sa.Column("times", types.Whole(), nullable=False),
        sa.PrimaryKeyConstraint("day", "invoice", name=op.f("pk_invoice_check")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("invoice_check")
    op.drop_index(op.f("ix_sale_red_of"), table_name="sale")
    for name in ("lines", *reversed(TOLD)):
        op.drop_column("sale", name)
