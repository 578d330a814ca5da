"""Tax-control devices, the reports of their months, and the orders that unlock them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tax_device",
        sa.Column("device", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("counter", types.Whole(), nullable=False),
        sa.Column("cleared", types.Day(), nullable=False),
        sa.Column("issues_until", types.Day(), nullable=False),
        sa.Column("issued_on", types.Day(), nullable=False),
        sa.Column("issued_by", types.Words(), nullable=False),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.Column("ended_by", types.Words(), nullable=True),
        sa.CheckConstraint("counter >= 0", name=op.f("ck_tax_device_counter_not_negative")),
        sa.CheckConstraint(
            "state IN ('active', 'lost', 'cancelled')", name=op.f("ck_tax_device_state_known")
        ),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_tax_device_taxpayer")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_tax_device")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_tax_device_taxpayer"), "tax_device", ["taxpayer"])
    op.create_table(
        "device_report",
        sa.Column("device", types.Words(), nullable=False),
        sa.Column("month", types.Day(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("counter", types.Whole(), nullable=False),
        sa.Column("kinds", types.Json(), nullable=False),
        sa.Column("taken_at", types.Moment(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["tax_device.device"], name=op.f("fk_device_report_device")),
        sa.PrimaryKeyConstraint("device", "month", name=op.f("pk_device_report")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_device_report_taxpayer_month"), "device_report", ["taxpayer", "month"])
    op.create_table(
        "device_order",
        sa.Column("device", types.Words(), nullable=False),
        sa.Column("counter", types.Whole(), nullable=False),
        sa.Column("month", types.Day(), nullable=False),
        sa.Column("issues_until", types.Day(), nullable=False),
        sa.Column("declaration", types.Words(), nullable=True),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["tax_device.device"], name=op.f("fk_device_order_device")),
        sa.PrimaryKeyConstraint("device", "counter", name=op.f("pk_device_order")),
        sqlite_strict=True,
    )
    op.create_index("uq_device_order_month", "device_order", ["device", "month"], unique=True)


def downgrade() -> None:
    op.drop_table("device_order")
    op.drop_table("device_report")
    op.drop_table("tax_device")
