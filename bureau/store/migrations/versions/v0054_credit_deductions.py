"""Where an evaluation of tax credit lost points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_deduction",
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("year", types.Whole(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False),
        sa.Column("indicator", types.Words(), nullable=False),
        sa.Column("points", types.Whole(), nullable=True),
        sa.Column("happened_on", types.Day(), nullable=False),
        sa.Column("mended_on", types.Day(), nullable=True),
        sa.ForeignKeyConstraint(
            ["taxpayer", "year"],
            ["credit_rating.taxpayer", "credit_rating.year"],
            name=op.f("fk_credit_deduction_taxpayer_year"),
        ),
        sa.PrimaryKeyConstraint("taxpayer", "year", "line", name=op.f("pk_credit_deduction")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("credit_deduction")
