"""Orders of paper invoices that are picked up by their code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoice_order",
        sa.Column("order_no", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("count", types.Whole(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("made_by", types.Words(), nullable=False),
        sa.Column("expires_on", types.Day(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_invoice_order_holds_sheets")),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f("ck_invoice_order_state_known")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_invoice_order_taxpayer")),
        sa.PrimaryKeyConstraint("order_no", name=op.f("pk_invoice_order")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_invoice_order_taxpayer_code"), "invoice_order", ["taxpayer", "code"], unique=True
    )
    op.create_index(op.f("ix_invoice_order_state_expires_on"), "invoice_order", ["state", "expires_on"])
    op.add_column("reservation", sa.Column("order_no", types.Words(), nullable=True))
    op.create_index(op.f("ix_reservation_order_no"), "reservation", ["order_no"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reservation_order_no"), table_name="reservation")
    op.drop_column("reservation", "order_no")
    op.drop_table("invoice_order")
