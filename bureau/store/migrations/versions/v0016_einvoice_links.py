"""Links under which an invoice's files are fetched once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "einvoice_link",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("secret_sha256", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("fetched_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code", "number"], ["sale.code", "sale.number"], name=op.f("fk_einvoice_link_code_number")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_einvoice_link")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("einvoice_link")
