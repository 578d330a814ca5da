"""People registered as a business for a time (临时税务登记), and what a case entered, found by the case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("taxpayer", sa.Column("starts_on", types.Day(), nullable=True))
    op.add_column("taxpayer", sa.Column("ends_on", types.Day(), nullable=True))
    op.create_index(op.f("ix_registration_entry_case_no"), "registration_entry", ["case_no"])


def downgrade() -> None:
    op.drop_index(op.f("ix_registration_entry_case_no"), table_name="registration_entry")
    op.drop_column("taxpayer", "ends_on")
    op.drop_column("taxpayer", "starts_on")
