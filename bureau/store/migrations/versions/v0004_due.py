"""What is due at a terminal's devices, as it last said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("heartbeat", sa.Column("due", types.Json(), nullable=True))


def downgrade() -> None:
    op.drop_column("heartbeat", "due")
