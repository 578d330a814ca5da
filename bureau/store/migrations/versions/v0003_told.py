"""Whether the person was told of an answer; when a notice was first fetched, and what ends it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("effect", sa.Column("told_at", types.Moment(), nullable=True))
    # what was accepted offline has been told by the release that answered it
    effect = sa.table(
        "effect", sa.column("told_at"), sa.column("received_at"), sa.column("offline", types.Flag())
    )
    op.execute(effect.update().where(effect.c.offline == sa.true()).values(told_at=effect.c.received_at))
    op.add_column("notice", sa.Column("matter", types.Words(), nullable=True))
    op.add_column("notice", sa.Column("told_at", types.Moment(), nullable=True))
    op.create_index(op.f("ix_notice_matter"), "notice", ["matter"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_matter"), table_name="notice")
    op.drop_column("notice", "told_at")
    op.drop_column("notice", "matter")
    op.drop_column("effect", "told_at")
