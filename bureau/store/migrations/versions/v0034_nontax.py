"""Notices of non-tax revenue, and the orders that pay them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nontax_notice",
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("payer", types.Words(), nullable=False),
        sa.Column("authority", types.Words(), nullable=False),
        sa.Column("item", types.Words(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("issued_at", types.Moment(), nullable=False),
        sa.Column("issued_by", types.Words(), nullable=False),
        sa.Column("limit_date", types.Day(), nullable=False),
        sa.Column("valid_until", types.Day(), nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.Column("withdrawn_by", types.Words(), nullable=True),
        sa.Column("held_by", types.Words(), nullable=True),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_nontax_notice_amount_fen_not_negative")),
        sa.ForeignKeyConstraint(["payer"], ["taxpayer.taxpayer"], name=op.f("fk_nontax_notice_payer")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_nontax_notice")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_nontax_notice_payer"), "nontax_notice", ["payer"])
    op.create_table(
        "nontax_payment",
        sa.Column("order_no", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("late_fee_fen", types.Whole(), nullable=False),
        sa.Column("receipt_code", types.Words(), nullable=True),
        sa.Column("receipt_number", types.Words(), nullable=True),
        sa.Column("receipt_check", types.Words(), nullable=True),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_nontax_payment_amount_fen_not_negative")),
        sa.CheckConstraint("late_fee_fen >= 0", name=op.f("ck_nontax_payment_late_fee_fen_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_no"], ["payment_order.order_no"], name=op.f("fk_nontax_payment_order_no")
        ),
        sa.ForeignKeyConstraint(["code"], ["nontax_notice.code"], name=op.f("fk_nontax_payment_code")),
        sa.PrimaryKeyConstraint("order_no", name=op.f("pk_nontax_payment")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_nontax_payment_code"), "nontax_payment", ["code"])


def downgrade() -> None:
    op.drop_table("nontax_payment")
    op.drop_table("nontax_notice")
