"""Vehicles of enterprises whose purchase tax is settled, and contributions they paid for their employees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "firm_vehicle",
        sa.Column("vin", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("make", types.Words(), nullable=False),
        sa.Column("engine", types.Words(), nullable=False),
        sa.Column("price_fen", types.Whole(), nullable=False),
        sa.Column("tax_fen", types.Whole(), nullable=False),
        sa.Column("exempt", types.Flag(), nullable=False),
        sa.Column("entry_date", types.Day(), nullable=False),
        sa.Column("authority", types.Words(), nullable=False),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_firm_vehicle_price_fen_not_negative")),
        sa.CheckConstraint("tax_fen >= 0", name=op.f("ck_firm_vehicle_tax_fen_not_negative")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_firm_vehicle_taxpayer")),
        sa.PrimaryKeyConstraint("vin", name=op.f("pk_firm_vehicle")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_firm_vehicle_taxpayer"), "firm_vehicle", ["taxpayer"], unique=False)
    op.create_table(
        "unit_payment",
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("month", types.Words(), nullable=False),
        sa.Column("insurance", types.Words(), nullable=False),
        sa.Column("people", types.Whole(), nullable=False),
        sa.Column("base_fen", types.Whole(), nullable=False),
        sa.Column("own_fen", types.Whole(), nullable=False),
        sa.Column("unit_fen", types.Whole(), nullable=False),
        sa.Column("voucher", types.Words(), nullable=False),
        sa.Column("entry_date", types.Day(), nullable=False),
        sa.CheckConstraint(
            "insurance IN ('pension', 'medical', 'unemployment', 'injury')",
            name=op.f("ck_unit_payment_insurance"),
        ),
        sa.CheckConstraint("base_fen >= 0", name=op.f("ck_unit_payment_base_fen_not_negative")),
        sa.CheckConstraint("own_fen >= 0", name=op.f("ck_unit_payment_own_fen_not_negative")),
        sa.CheckConstraint("unit_fen >= 0", name=op.f("ck_unit_payment_unit_fen_not_negative")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_unit_payment_taxpayer")),
        sa.PrimaryKeyConstraint("taxpayer", "month", "insurance", name=op.f("pk_unit_payment")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("unit_payment")
    op.drop_table("firm_vehicle")
