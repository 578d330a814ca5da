"""Centres below and the one above; where a notice or an answer came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "centre",
        sa.Column("centre", types.Words(), nullable=False),
        sa.Column("name", types.Json(), nullable=False),
        sa.Column("under", types.Words(), nullable=False),
        sa.Column("via", types.Words(), nullable=False),
        sa.Column("public_key", types.Bytes(), nullable=True),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("since", types.Moment(), nullable=False),
        sa.Column("heard_at", types.Moment(), nullable=True),
        sa.CheckConstraint("state IN ('active', 'suspended')", name=op.f("ck_centre_state_known")),
        sa.CheckConstraint(
            "(via = centre) = (public_key IS NOT NULL)", name=op.f("ck_centre_a_key_of_who_speaks")
        ),
        sa.PrimaryKeyConstraint("centre", name=op.f("pk_centre")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_centre_via"), "centre", ["via"])
    op.create_table(
        "centre_code",
        sa.Column("code_hash", types.Words(), nullable=False),
        sa.Column("centre", types.Words(), nullable=False),
        sa.Column("name", types.Json(), nullable=False),
        sa.Column("made_by", types.Words(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("used_at", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_centre_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "centre_day",
        sa.Column("centre", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("figures", types.Json(), nullable=False),
        sa.Column("told_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("centre", "day", name=op.f("pk_centre_day")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_centre_day_day"), "centre_day", ["day"])
    op.create_table(
        "superior",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("centre", types.Words(), nullable=False),
        sa.Column("name", types.Json(), nullable=False),
        sa.Column("verify_key", types.Bytes(), nullable=False),
        sa.Column("joined_at", types.Moment(), nullable=False),
        sa.Column("heard_at", types.Moment(), nullable=True),
        sa.Column("version", types.Words(), nullable=False),
        sa.CheckConstraint("number = 1", name=op.f("ck_superior_one_alone")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_superior")),
        sqlite_strict=True,
    )
    op.create_table(
        "centre_told",
        sa.Column("centre", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("digest", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("centre", "day", name=op.f("pk_centre_told")),
        sqlite_strict=True,
    )
    op.add_column("knowledge", sa.Column("origin", types.Words(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("knowledge", "origin")
    for name in ("centre_told", "superior", "centre_day", "centre_code", "centre"):
        op.drop_table(name)
