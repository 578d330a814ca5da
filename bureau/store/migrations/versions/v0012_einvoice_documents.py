"""Invoices as sealed files that are printed at a terminal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "einvoice_document",
        sa.Column("document", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("pdf", types.Bytes(), nullable=False),
        sa.Column("pdf_sha256", types.Words(), nullable=False),
        sa.Column("pages", types.Whole(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code", "number"], ["sale.code", "sale.number"], name=op.f("fk_einvoice_document_code_number")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_einvoice_document")),
        sa.UniqueConstraint("key", name=op.f("uq_einvoice_document_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "einvoice_print",
        sa.Column("document", types.Words(), nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("outcome", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('printed', 'notPrinted', 'uncertain')", name=op.f("ck_einvoice_print_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["document"], ["einvoice_document.document"], name=op.f("fk_einvoice_print_document")
        ),
        sa.PrimaryKeyConstraint("document", "key", name=op.f("pk_einvoice_print")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("einvoice_print")
    op.drop_table("einvoice_document")
