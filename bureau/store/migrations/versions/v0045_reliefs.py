"""Reliefs that are granted on application, by the officers who examined and granted them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relief",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("relief", types.Words(), nullable=False),
        sa.Column("tax", types.Words(), nullable=False),
        sa.Column("first", types.Day(), nullable=False),
        sa.Column("last", types.Day(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=True),
        sa.Column("percent", types.Whole(), nullable=True),
        sa.Column("examined_by", types.Words(), nullable=False),
        sa.Column("granted_by", types.Words(), nullable=True),
        sa.Column("granted_on", types.Day(), nullable=True),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_relief_amount_fen_not_negative")),
        sa.ForeignKeyConstraint(["case_no"], ["matter_case.case_no"], name=op.f("fk_relief_case_no")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_relief_taxpayer")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_relief")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_relief_taxpayer"), "relief", ["taxpayer"])


def downgrade() -> None:
    op.drop_table("relief")
