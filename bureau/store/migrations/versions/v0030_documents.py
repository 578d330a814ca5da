"""Official documents and their service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("document", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("title", types.Json(), nullable=False),
        sa.Column("body", types.Json(), nullable=False),
        sa.Column("issued_at", types.Moment(), nullable=False),
        sa.Column("issued_by", types.Words(), nullable=False),
        sa.Column("days", types.Whole(), nullable=True),
        sa.Column("matter", types.Words(), nullable=True),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("way", types.Words(), nullable=True),
        sa.Column("served_on", types.Day(), nullable=True),
        sa.Column("recorded_at", types.Moment(), nullable=True),
        sa.Column("until", types.Day(), nullable=True),
        sa.Column("served_by", types.Words(), nullable=True),
        sa.Column("note", types.Words(), nullable=True),
        sa.Column("person_kind", types.Words(), nullable=True),
        sa.Column("person_number", types.Words(), nullable=True),
        sa.Column("terminal", types.Words(), nullable=True),
        sa.Column("key", types.Words(), nullable=True),
        sa.Column("text_sha256", types.Words(), nullable=True),
        sa.Column("sealed", types.Bytes(), nullable=True),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.Column("withdrawn_by", types.Words(), nullable=True),
        sa.CheckConstraint(
            "state IN ('issued', 'served', 'withdrawn')", name=op.f("ck_document_state_known")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_document")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_document_taxpayer"), "document", ["taxpayer"])
    op.create_index(op.f("ix_document_matter"), "document", ["matter"])
    op.create_index(
        op.f("ix_document_person_kind_person_number"), "document", ["person_kind", "person_number"]
    )


def downgrade() -> None:
    op.drop_table("document")
