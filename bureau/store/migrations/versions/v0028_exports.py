"""Exported goods and their purchases, for export refunds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_line",
        sa.Column("customs_no", types.Words(), nullable=False),
        sa.Column("item", types.Whole(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("exported_on", types.Day(), nullable=False),
        sa.Column("hs", types.Words(), nullable=False),
        sa.Column("goods", types.Words(), nullable=False),
        sa.Column("quantity", types.Whole(), nullable=False),
        sa.Column("unit", types.Words(), nullable=False),
        sa.Column("fob_fen", types.Whole(), nullable=False),
        sa.Column("exchange_on", types.Day(), nullable=True),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=True),
        sa.Column("refund_fen", types.Whole(), nullable=True),
        sa.CheckConstraint("fob_fen >= 0", name=op.f("ck_export_line_fob_fen_not_negative")),
        sa.CheckConstraint("refund_fen >= 0", name=op.f("ck_export_line_refund_fen_not_negative")),
        sa.CheckConstraint("state IN ('free', 'asked', 'back')", name=op.f("ck_export_line_state_known")),
        sa.ForeignKeyConstraint(["case_no"], ["matter_case.case_no"], name=op.f("fk_export_line_case_no")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_export_line_taxpayer")),
        sa.PrimaryKeyConstraint("customs_no", "item", name=op.f("pk_export_line")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_export_line_taxpayer_exported_on"), "export_line", ["taxpayer", "exported_on"])
    op.create_index(op.f("ix_export_line_case_no"), "export_line", ["case_no"])
    op.create_table(
        "export_purchase",
        sa.Column("customs_no", types.Words(), nullable=False),
        sa.Column("item", types.Whole(), nullable=False),
        sa.Column("invoice", types.Words(), nullable=False),
        sa.Column("seller", types.Words(), nullable=False),
        sa.Column("issued_on", types.Day(), nullable=False),
        sa.Column("quantity", types.Whole(), nullable=False),
        sa.Column("net_fen", types.Whole(), nullable=False),
        sa.Column("tax_fen", types.Whole(), nullable=False),
        sa.Column("confirmed_on", types.Day(), nullable=True),
        sa.CheckConstraint("net_fen >= 0", name=op.f("ck_export_purchase_net_fen_not_negative")),
        sa.CheckConstraint("tax_fen >= 0", name=op.f("ck_export_purchase_tax_fen_not_negative")),
        sa.ForeignKeyConstraint(
            ["customs_no", "item"],
            ["export_line.customs_no", "export_line.item"],
            name=op.f("fk_export_purchase_customs_no_item"),
        ),
        sa.PrimaryKeyConstraint("customs_no", "item", "invoice", name=op.f("pk_export_purchase")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("export_purchase")
    op.drop_table("export_line")
