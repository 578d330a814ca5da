"""Referrals of enterprises to banks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_referral",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("bank", types.Words(), nullable=False),
        sa.Column("product", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("sent_at", types.Moment(), nullable=True),
        sa.Column("sha256", types.Words(), nullable=False),
        sa.Column("received_at", types.Moment(), nullable=True),
        sa.Column("bank_number", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_no"], ["share_consent.case_no"], name=op.f("fk_bank_referral_case_no")
        ),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_bank_referral_taxpayer")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_bank_referral")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bank_referral_state_at"), "bank_referral", ["state", "at"])
    op.create_index(op.f("ix_bank_referral_taxpayer"), "bank_referral", ["taxpayer"])


def downgrade() -> None:
    op.drop_table("bank_referral")
