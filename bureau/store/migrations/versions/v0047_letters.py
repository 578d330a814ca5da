"""Letters to mailboxes, and mailboxes that are remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("reference", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("lang", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("shown", types.Words(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("due_at", types.Moment(), nullable=False),
        sa.Column("until", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("tries", types.Whole(), nullable=False),
        sa.Column("reply", types.Words(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('einvoice')", name=op.f("ck_letter_kind_known")),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'refused', 'given-up')", name=op.f("ck_letter_state_known")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_letter")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_letter_state_due_at"), "letter", ["state", "due_at"])
    op.create_index(
        op.f("ix_letter_person_kind_person_number_made_at"),
        "letter",
        ["person_kind", "person_number", "made_at"],
    )
    op.create_table(
        "letter_file",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("content", types.Bytes(), nullable=False),
        sa.Column("sha256", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["letter.key"], name=op.f("fk_letter_file_key")),
        sa.PrimaryKeyConstraint("key", "name", name=op.f("pk_letter_file")),
        sqlite_strict=True,
    )
    op.create_table(
        "mailbox",
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("since", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person_kind", "person_number", name=op.f("pk_mailbox")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("mailbox")
    op.drop_table("letter_file")
    op.drop_table("letter")
