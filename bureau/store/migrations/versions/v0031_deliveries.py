"""Orders of paper invoices that a courier brings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('ordered', 'packed', 'sent')")
SENT = sa.text("consignment <> ''")


def upgrade() -> None:
    op.create_table(
        "invoice_delivery",
        sa.Column("order_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("sheets", types.Whole(), nullable=False),
        sa.Column("ordered_on", types.Day(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("since", types.Moment(), nullable=False),
        sa.Column("recipient", types.Bytes(), nullable=True),
        sa.Column("code", types.Words(), nullable=True),
        sa.Column("first", types.Whole(), nullable=True),
        sa.Column("last", types.Whole(), nullable=True),
        sa.Column("courier", types.Words(), nullable=False),
        sa.Column("consignment", types.Words(), nullable=False),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.Column("signed_by", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("closed_by", types.Words(), nullable=False),
        sa.CheckConstraint("sheets >= 1", name=op.f("ck_invoice_delivery_holds_sheets")),
        sa.CheckConstraint(
            "state IN ('ordered', 'cancelled') OR last - first + 1 = sheets",
            name=op.f("ck_invoice_delivery_holds_what_was_ordered"),
        ),
        sa.CheckConstraint(
            "state IN ('ordered', 'packed', 'sent', 'delivered', 'returned', 'lost', 'cancelled')",
            name=op.f("ck_invoice_delivery_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["order_no"], ["matter_case.case_no"], name=op.f("fk_invoice_delivery_order_no")
        ),
        sa.ForeignKeyConstraint(
            ["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_invoice_delivery_taxpayer")
        ),
        sa.PrimaryKeyConstraint("order_no", name=op.f("pk_invoice_delivery")),
        sqlite_strict=True,
    )
    for name, where, columns in (
        ("uq_invoice_delivery_open", OPEN, ["taxpayer", "kind"]),
        ("uq_invoice_delivery_consignment", SENT, ["courier", "consignment"]),
    ):
        op.create_index(
            name, "invoice_delivery", columns, unique=True, sqlite_where=where, postgresql_where=where
        )
    op.create_index(
        op.f("ix_invoice_delivery_taxpayer_kind_ordered_on"),
        "invoice_delivery",
        ["taxpayer", "kind", "ordered_on"],
    )
    op.create_index(op.f("ix_invoice_delivery_state_ordered_on"), "invoice_delivery", ["state", "ordered_on"])


def downgrade() -> None:
    op.drop_table("invoice_delivery")
