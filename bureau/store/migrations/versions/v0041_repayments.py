"""Charges that the acquirer gives back, the lines of its files that prove them, and how cases end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ENDS = ("closed_second", "outcome", "note")
UNDER_WAY = sa.text("state IN ('ordered', 'processing', 'given')")


def upgrade() -> None:
    for name in ENDS:
        op.add_column("case_file", sa.Column(name, types.Words(), nullable=True))
    op.create_table(
        "acquirer_line",
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("channel", types.Words(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False),
        sa.Column("order_no", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("reference", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("repayment", types.Words(), nullable=True),
        sa.CheckConstraint("kind IN ('sale', 'void', 'refund')", name=op.f("ck_acquirer_line_kind_known")),
        sa.PrimaryKeyConstraint("day", "channel", "line", name=op.f("pk_acquirer_line")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_acquirer_line_order_no"), "acquirer_line", ["order_no"])
    op.create_table(
        "repayment",
        sa.Column("repayment", types.Words(), nullable=False),
        sa.Column("order_no", types.Words(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("channel", types.Words(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("reference", types.Words(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("second", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("ordered_at", types.Moment(), nullable=False),
        sa.Column("word", types.Words(), nullable=False),
        sa.Column("given_at", types.Moment(), nullable=True),
        sa.Column("confirmed_on", types.Day(), nullable=True),
        sa.Column("tries", types.Whole(), nullable=False),
        sa.Column("next_query_at", types.Moment(), nullable=True),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_repayment_amount_fen_not_negative")),
        sa.CheckConstraint(
            "state IN ('ordered', 'processing', 'given', 'refused', 'confirmed')",
            name=op.f("ck_repayment_state_known"),
        ),
        sa.ForeignKeyConstraint(["case_no"], ["case_file.case_no"], name=op.f("fk_repayment_case_no")),
        sa.PrimaryKeyConstraint("repayment", name=op.f("pk_repayment")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_repayment_order_no"), "repayment", ["order_no"])
    op.create_index(op.f("ix_repayment_next_query_at"), "repayment", ["next_query_at"])
    op.create_index(op.f("ix_repayment_confirmed_on"), "repayment", ["confirmed_on"])
    op.create_index(
        "uq_repayment_under_way",
        "repayment",
        ["order_no"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_table("repayment")
    op.drop_table("acquirer_line")
    for name in ENDS:
        op.drop_column("case_file", name)
