"""Matters with a case, and the entries of the registration that they make."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types
from bureau.store.migrations.versions.v0001_first import allow_changes, refuse_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matter_case",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("matter", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("owner", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=True),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("role", types.Words(), nullable=True),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("fields", types.Json(), nullable=False),
        sa.Column("accepted_at", types.Moment(), nullable=False),
        sa.Column("due_on", types.Day(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("decided_by", types.Words(), nullable=True),
        sa.Column("reason", types.Words(), nullable=True),
        sa.Column("effective_on", types.Day(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'refused')", name=op.f("ck_matter_case_state_known")
        ),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_matter_case")),
        sa.UniqueConstraint("key", name=op.f("uq_matter_case_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_matter_case_open",
        "matter_case",
        ["matter", "owner"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_matter_case_person_kind_person_number"),
        "matter_case",
        ["person_kind", "person_number"],
        unique=False,
    )
    op.create_index(op.f("ix_matter_case_taxpayer"), "matter_case", ["taxpayer"], unique=False)
    op.create_index(op.f("ix_matter_case_state_due_on"), "matter_case", ["state", "due_on"], unique=False)
    op.create_table(
        "registration_entry",
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("fact", types.Words(), nullable=False),
        sa.Column("line", types.Whole(), nullable=False),
        sa.Column("value", types.Json(), nullable=False),
        sa.Column("valid_from", types.Day(), nullable=False),
        sa.Column("entered_at", types.Moment(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=True),
        sa.ForeignKeyConstraint(
            ["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_registration_entry_taxpayer")
        ),
        sa.PrimaryKeyConstraint("taxpayer", "fact", "line", name=op.f("pk_registration_entry")),
        sqlite_strict=True,
    )
    refuse_changes("registration_entry")


def downgrade() -> None:
    allow_changes("registration_entry")
    op.drop_table("registration_entry")
    op.drop_index(op.f("ix_matter_case_state_due_on"), table_name="matter_case")
    op.drop_index(op.f("ix_matter_case_taxpayer"), table_name="matter_case")
    op.drop_index(op.f("ix_matter_case_person_kind_person_number"), table_name="matter_case")
    op.drop_index("uq_matter_case_open", table_name="matter_case")
    op.drop_table("matter_case")
