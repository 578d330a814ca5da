"""What officers want done with blank invoices is written on a slip, which another officer confirms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_slip",
        sa.Column("slip", types.Words(), nullable=False),
        sa.Column("wanted", types.Json(), nullable=False),
        sa.Column("book", types.Json(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("proposed_by", types.Words(), nullable=False),
        sa.Column("proposed_at", types.Moment(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("movement", types.Words(), nullable=False),
        sa.Column("result", types.Words(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'done', 'refused', 'withdrawn')", name=op.f("ck_stock_slip_state_known")
        ),
        sa.CheckConstraint(
            "result IN ('', 'BALANCED', 'TIMING', 'DIFFERENCE')", name=op.f("ck_stock_slip_result_known")
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR decided_by <> ''", name=op.f("ck_stock_slip_is_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR decided_by <> proposed_by", name=op.f("ck_stock_slip_has_two_people")
        ),
        sa.PrimaryKeyConstraint("slip", name=op.f("pk_stock_slip")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stock_slip_state_slip"), "stock_slip", ["state", "slip"])


def downgrade() -> None:
    op.drop_table("stock_slip")
