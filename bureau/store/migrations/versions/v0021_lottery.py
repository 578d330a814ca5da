"""The invoice lottery: rounds and tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lottery_round",
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("commitment", types.Words(), nullable=False),
        sa.Column("odds", types.Json(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("opened_at", types.Moment(), nullable=False),
        sa.Column("seed", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_lottery_round")),
        sqlite_strict=True,
    )
    op.create_table(
        "lottery_ticket",
        sa.Column("ticket", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("invoice", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("drawn", types.Whole(), nullable=False),
        sa.Column("prize_fen", types.Whole(), nullable=False),
        sa.Column("drawn_at", types.Moment(), nullable=False),
        sa.Column("claim_until", types.Day(), nullable=False),
        sa.Column("code_sha256", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=True),
        sa.Column("person_number", types.Words(), nullable=True),
        sa.Column("bank", types.Words(), nullable=False),
        sa.Column("account", types.Words(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("settled_on", types.Day(), nullable=True),
        sa.Column("reason", types.Words(), nullable=False),
        sa.CheckConstraint("prize_fen >= 0", name=op.f("ck_lottery_ticket_prize_fen_not_negative")),
        sa.CheckConstraint(
            "drawn >= 0 AND drawn < 1000000", name=op.f("ck_lottery_ticket_drawn_of_a_million")
        ),
        sa.CheckConstraint(
            "state IN ('blank', 'won', 'ordered', 'paid', 'returned')",
            name=op.f("ck_lottery_ticket_state_known"),
        ),
        sa.ForeignKeyConstraint(["day"], ["lottery_round.day"], name=op.f("fk_lottery_ticket_day")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_lottery_ticket")),
        sa.UniqueConstraint("key", name=op.f("uq_lottery_ticket_key")),
        sa.UniqueConstraint("invoice", name=op.f("uq_lottery_ticket_invoice")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lottery_ticket_mobile_day"), "lottery_ticket", ["mobile", "day"])
    op.create_index(op.f("ix_lottery_ticket_state"), "lottery_ticket", ["state"])


def downgrade() -> None:
    op.drop_table("lottery_ticket")
    op.drop_table("lottery_round")
