"""Officers who work at the console: accounts, roles, sessions, and the trail of their acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("lang", types.Words(), nullable=False),
        sa.Column("password", types.Words(), nullable=True),
        sa.Column("secret", types.Bytes(), nullable=False),
        sa.Column("last_step", types.Whole(), nullable=False),
        sa.Column("failures", types.Whole(), nullable=False),
        sa.Column("locked_until", types.Moment(), nullable=True),
        sa.Column("invitation", types.Words(), nullable=True),
        sa.Column("invited_until", types.Moment(), nullable=True),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name=op.f("ck_officer_state_known")),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_officer")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_officer_invitation"), "officer", ["invitation"], unique=True)
    op.create_table(
        "officer_trail",
        sa.Column("seq", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("act", types.Words(), nullable=False),
        sa.Column("subject", types.Words(), nullable=False),
        sa.Column("phase", types.Words(), nullable=False),
        sa.Column("body", types.Bytes(), nullable=False),
        sa.Column("hash", types.Words(), nullable=False),
        sa.Column("signature", types.Bytes(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_officer_trail")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_officer_trail_officer_seq"), "officer_trail", ["officer", "seq"], unique=False)
    op.create_index(op.f("ix_officer_trail_subject_seq"), "officer_trail", ["subject", "seq"], unique=False)
    op.create_table(
        "officer_trail_head",
        sa.Column("one", types.Whole(), autoincrement=False, nullable=False),
        sa.Column("seq", types.Whole(), nullable=False),
        sa.Column("hash", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_officer_trail_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "officer_recovery",
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("used_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["officer"], ["officer.officer"], name=op.f("fk_officer_recovery_officer")),
        sa.PrimaryKeyConstraint("officer", "code", name=op.f("pk_officer_recovery")),
        sqlite_strict=True,
    )
    op.create_table(
        "officer_role",
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("role", types.Words(), nullable=False),
        sa.Column("given_at", types.Moment(), nullable=False),
        sa.Column("given_by", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.officer"], name=op.f("fk_officer_role_officer")),
        sa.PrimaryKeyConstraint("officer", "role", name=op.f("pk_officer_role")),
        sqlite_strict=True,
    )
    op.create_table(
        "officer_session",
        sa.Column("token", types.Words(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("address", types.Words(), nullable=False),
        sa.Column("began_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("ends_at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.CheckConstraint("state IN ('password', 'full')", name=op.f("ck_officer_session_state_known")),
        sa.ForeignKeyConstraint(["officer"], ["officer.officer"], name=op.f("fk_officer_session_officer")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_officer_session")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_officer_session_ends_at"), "officer_session", ["ends_at"], unique=False)
    op.create_index(op.f("ix_officer_session_officer"), "officer_session", ["officer"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_officer_session_officer"), table_name="officer_session")
    op.drop_index(op.f("ix_officer_session_ends_at"), table_name="officer_session")
    op.drop_table("officer_session")
    op.drop_table("officer_role")
    op.drop_table("officer_recovery")
    op.drop_table("officer_trail_head")
    op.drop_index(op.f("ix_officer_trail_subject_seq"), table_name="officer_trail")
    op.drop_index(op.f("ix_officer_trail_officer_seq"), table_name="officer_trail")
    op.drop_table("officer_trail")
    op.drop_index(op.f("ix_officer_invitation"), table_name="officer")
    op.drop_table("officer")
