"""Invoices that the bureau issues for others: applications, and the remark on an invoice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "agency_application"


def upgrade() -> None:
    op.add_column("sale", sa.Column("remark", types.Words(), nullable=False, server_default=""))
    op.create_table(
        TABLE,
        sa.Column("application", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("own", types.Flag(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("buyer", types.Words(), nullable=False),
        sa.Column("buyer_number", types.Words(), nullable=False),
        sa.Column("lines", types.Json(), nullable=False),
        sa.Column("net_fen", types.Whole(), nullable=False),
        sa.Column("tax_fen", types.Whole(), nullable=False),
        sa.Column("remark", types.Words(), nullable=False),
        sa.Column("applied_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("number", types.Words(), nullable=True),
        sa.CheckConstraint("net_fen >= 0", name=op.f(f"ck_{TABLE}_net_fen_not_negative")),
        sa.CheckConstraint("tax_fen >= 0", name=op.f(f"ck_{TABLE}_tax_fen_not_negative")),
        sa.CheckConstraint("kind IN ('ordinary', 'special')", name=op.f(f"ck_{TABLE}_kind_known")),
        sa.CheckConstraint("state IN ('open', 'issued', 'lapsed')", name=op.f(f"ck_{TABLE}_state_known")),
        sa.ForeignKeyConstraint(
            ["application"], ["declaration.declaration"], name=op.f(f"fk_{TABLE}_application")
        ),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f(f"fk_{TABLE}_taxpayer")),
        sa.PrimaryKeyConstraint("application", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{TABLE}_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f(f"ix_{TABLE}_taxpayer_state"), TABLE, ["taxpayer", "state"])
    op.create_index(op.f(f"ix_{TABLE}_state_applied_at"), TABLE, ["state", "applied_at"])


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("sale", "remark")
