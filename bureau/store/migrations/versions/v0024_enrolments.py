"""Real-name enrolments of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_enrolment",
        sa.Column("enrolment", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("evidence", types.Words(), nullable=False),
        sa.Column("matcher", types.Words(), nullable=False),
        sa.Column("score", types.Whole(), nullable=True),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("lang", types.Words(), nullable=False),
        sa.Column("text_sha256", types.Words(), nullable=False),
        sa.Column("enrolled_at", types.Moment(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_kind", "person_number"],
            ["person.kind", "person.number"],
            name=op.f("fk_person_enrolment_person_kind_person_number"),
        ),
        sa.PrimaryKeyConstraint("enrolment", name=op.f("pk_person_enrolment")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_person_enrolment_person_kind_person_number"),
        "person_enrolment",
        ["person_kind", "person_number"],
    )


def downgrade() -> None:
    op.drop_table("person_enrolment")
