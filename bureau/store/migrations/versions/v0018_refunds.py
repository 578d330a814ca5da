"""Refunds of taxes: what is given back, payment by payment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refund",
        sa.Column("refund_no", types.Words(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("declaration", types.Words(), nullable=False),
        sa.Column("bank", types.Words(), nullable=False),
        sa.Column("account", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("approved_at", types.Moment(), nullable=False),
        sa.Column("approved_by", types.Words(), nullable=False),
        sa.Column("ordered_by", types.Words(), nullable=True),
        sa.Column("interest_fen", types.Whole(), nullable=False),
        sa.Column("set_off_fen", types.Whole(), nullable=False),
        sa.Column("settled_on", types.Day(), nullable=True),
        sa.Column("reason", types.Words(), nullable=True),
        *_not_negative("refund", "interest_fen", "set_off_fen"),
        sa.CheckConstraint(
            "state IN ('approved', 'ordered', 'paid', 'returned')", name=op.f("ck_refund_state_known")
        ),
        sa.ForeignKeyConstraint(["case_no"], ["matter_case.case_no"], name=op.f("fk_refund_case_no")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_refund_taxpayer")),
        sa.ForeignKeyConstraint(
            ["declaration"], ["declaration.declaration"], name=op.f("fk_refund_declaration")
        ),
        sa.PrimaryKeyConstraint("refund_no", name=op.f("pk_refund")),
        sa.UniqueConstraint("case_no", name=op.f("uq_refund_case_no")),
        sqlite_strict=True,
    )
    for column in ("taxpayer", "declaration", "state"):
        op.create_index(op.f(f"ix_refund_{column}"), "refund", [column])
    op.create_table(
        "refund_part",
        sa.Column("refund_no", types.Words(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False),
        sa.Column("tax", types.Words(), nullable=False),
        sa.Column("due", types.Words(), nullable=True),
        sa.Column("entry_date", types.Day(), nullable=True),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("late_fee_fen", types.Whole(), nullable=False),
        *_not_negative("refund_part", "amount_fen", "late_fee_fen"),
        sa.ForeignKeyConstraint(["refund_no"], ["refund.refund_no"], name=op.f("fk_refund_part_refund_no")),
        sa.ForeignKeyConstraint(["due"], ["due.due"], name=op.f("fk_refund_part_due")),
        sa.PrimaryKeyConstraint("refund_no", "line", name=op.f("pk_refund_part")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_refund_part_due"), "refund_part", ["due"])


def downgrade() -> None:
    op.drop_table("refund_part")
    op.drop_table("refund")


def _not_negative(table: str, *columns: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"{column} >= 0", name=op.f(f"ck_{table}_{column}_not_negative"))
        for column in columns
    ]
