"""The account that an order is debited from under a three-party agreement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_debit",
        sa.Column("order_no", types.Words(), nullable=False),
        sa.Column("agreement", types.Words(), nullable=False),
        sa.Column("bank", types.Words(), nullable=False),
        sa.Column("account", types.Words(), nullable=False),
        sa.Column("holder", types.Words(), nullable=False),
        sa.Column("word", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_no"], ["payment_order.order_no"], name=op.f("fk_payment_debit_order_no")
        ),
        sa.PrimaryKeyConstraint("order_no", name=op.f("pk_payment_debit")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("payment_debit")
