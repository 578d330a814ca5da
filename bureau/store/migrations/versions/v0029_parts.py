"""Dues are paid in parts: which due a paid part is of, and what an order leaves of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("due", sa.Column("part_of", types.Words(), nullable=True))
    op.create_index(op.f("ix_due_part_of"), "due", ["part_of"])
    not_negative = sa.CheckConstraint("left_fen >= 0", name=op.f("ck_payment_due_left_fen_not_negative"))
    left: sa.Column[int] = sa.Column(
        "left_fen", types.Whole(), not_negative, nullable=False, server_default="0"
    )
    op.add_column("payment_due", left)


def downgrade() -> None:
    with op.batch_alter_table("payment_due") as table:
        table.drop_constraint(op.f("ck_payment_due_left_fen_not_negative"), type_="check")
        table.drop_column("left_fen")
    op.drop_index(op.f("ix_due_part_of"), "due")
    op.drop_column("due", "part_of")
