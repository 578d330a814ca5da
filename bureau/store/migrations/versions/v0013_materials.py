"""Scanned pages of cases, and what an officer has asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBERED = sa.text("case_no IS NOT NULL")


def upgrade() -> None:
    op.add_column("matter_case", sa.Column("wanted", types.Words(), nullable=True))
    op.create_table(
        "material_page",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("sha256", types.Words(), nullable=False),
        sa.Column("size", types.Whole(), nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=True),
        sa.Column("number", types.Whole(), nullable=True),
        sa.ForeignKeyConstraint(["case_no"], ["matter_case.case_no"], name=op.f("fk_material_page_case_no")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_material_page")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_material_page_number",
        "material_page",
        ["case_no", "number"],
        unique=True,
        sqlite_where=NUMBERED,
        postgresql_where=NUMBERED,
    )
    op.create_index(op.f("ix_material_page_case_no"), "material_page", ["case_no"], unique=False)


def downgrade() -> None:
    op.drop_table("material_page")
    op.drop_column("matter_case", "wanted")
