"""From when an enterprise is a general taxpayer that was a small-scale one before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("taxpayer", sa.Column("general_since", types.Day(), nullable=True))


def downgrade() -> None:
    op.drop_column("taxpayer", "general_since")
