"""Departure tax refunds: stores on record, applications, and their invoices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

AMOUNTS = ("total_fen", "at_13_fen", "at_9_fen", "refund_fen", "fee_fen")


def upgrade() -> None:
    op.create_table(
        "refund_shop",
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("since", types.Day(), nullable=False),
        sa.Column("until", types.Day(), nullable=True),
        sa.Column("enlisted_by", types.Words(), nullable=False),
        sa.Column("struck_by", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_refund_shop_taxpayer")),
        sa.PrimaryKeyConstraint("taxpayer", "since", name=op.f("pk_refund_shop")),
        sqlite_strict=True,
    )
    op.create_table(
        "departure_refund",
        sa.Column("application", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("nationality", types.Words(), nullable=False),
        sa.Column("arrived_on", types.Day(), nullable=False),
        sa.Column("leaves_on", types.Day(), nullable=False),
        sa.Column("port", types.Words(), nullable=False),
        sa.Column("cash", types.Flag(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("accepted_at", types.Moment(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("parameters_hash", types.Words(), nullable=False),
        sa.Column("inspected_by", types.Words(), nullable=False),
        sa.Column("inspected_at", types.Moment(), nullable=True),
        sa.Column("ended_by", types.Words(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.Column("reason", types.Words(), nullable=False),
        sa.CheckConstraint(
            "state IN ('filed', 'inspected', 'refunded', 'refused')",
            name=op.f("ck_departure_refund_state_known"),
        ),
        sa.PrimaryKeyConstraint("application", name=op.f("pk_departure_refund")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_departure_refund_person_kind_person_number"),
        "departure_refund",
        ["person_kind", "person_number"],
    )
    op.create_index(op.f("ix_departure_refund_state_leaves_on"), "departure_refund", ["state", "leaves_on"])
    op.create_table(
        "departure_line",
        sa.Column("application", types.Words(), nullable=False),
        sa.Column("invoice", types.Words(), nullable=False),
        sa.Column("shop", types.Words(), nullable=False),
        sa.Column("shop_name", types.Words(), nullable=False),
        sa.Column("issued_on", types.Day(), nullable=False),
        *(sa.Column(name, types.Whole(), nullable=False) for name in AMOUNTS),
        sa.Column("held", types.Words(), nullable=False),
        *(
            sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_departure_line_{name}_not_negative"))
            for name in AMOUNTS
        ),
        sa.CheckConstraint("held IN ('yes', 'no')", name=op.f("ck_departure_line_held_known")),
        sa.ForeignKeyConstraint(
            ["application"], ["departure_refund.application"], name=op.f("fk_departure_line_application")
        ),
        sa.PrimaryKeyConstraint("application", "invoice", name=op.f("pk_departure_line")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_departure_line_held",
        "departure_line",
        ["invoice"],
        unique=True,
        sqlite_where=sa.text("held = 'yes'"),
        postgresql_where=sa.text("held = 'yes'"),
    )


def downgrade() -> None:
    op.drop_table("departure_line")
    op.drop_table("departure_refund")
    op.drop_table("refund_shop")
