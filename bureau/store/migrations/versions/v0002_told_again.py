"""An enrolment's answer is kept with its code; every file given out for printing is a copy with a number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolment_code", sa.Column("answer", types.Json(), nullable=True))
    op.create_table(
        "certificate_copy",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("job", types.Words(), nullable=False),
        sa.Column("copy", types.Whole(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("outcome", types.Words(), nullable=True),
        sa.Column("pdf", types.Bytes(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('printed', 'notPrinted', 'uncertain')",
            name=op.f("ck_certificate_copy_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["number"], ["certificate.number"], name=op.f("fk_certificate_copy_number")),
        sa.PrimaryKeyConstraint("number", "job", name=op.f("pk_certificate_copy")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("certificate_copy")
    op.drop_column("enrolment_code", "answer")
