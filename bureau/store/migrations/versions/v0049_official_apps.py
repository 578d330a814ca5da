"""Official software for taxpayers, and what officers did with its entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None
STATES = "'proposed', 'reviewed', 'rejected', 'published', 'replaced', 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "official_app",
        sa.Column("app", types.Words(), nullable=False),
        sa.Column("version", types.Words(), nullable=False),
        sa.Column("name", types.Json(), nullable=False),
        sa.Column("publisher", types.Json(), nullable=False),
        sa.Column("purpose", types.Json(), nullable=False),
        sa.Column("runs_on", types.Json(), nullable=False),
        sa.Column("url", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("proposed_by", types.Words(), nullable=False),
        sa.Column("proposed_at", types.Moment(), nullable=False),
        sa.Column("reviewed_by", types.Words(), nullable=False),
        sa.Column("reviewed_at", types.Moment(), nullable=True),
        sa.Column("finding", types.Json(), nullable=True),
        sa.Column("published_at", types.Moment(), nullable=True),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.Column("reason", types.Json(), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_official_app_state_known")),
        sa.PrimaryKeyConstraint("app", "version", name=op.f("pk_official_app")),
        sqlite_strict=True,
    )
    op.create_table(
        "official_app_event",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("app", types.Words(), nullable=False),
        sa.Column("version", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("did", types.Words(), nullable=False),
        sa.Column("said", types.Json(), nullable=False),
        sa.CheckConstraint(f"did IN ({STATES})", name=op.f("ck_official_app_event_did_known")),
        sa.ForeignKeyConstraint(
            ["app", "version"],
            ["official_app.app", "official_app.version"],
            name=op.f("fk_official_app_event_app_version"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_official_app_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_official_app_event_app_number"), "official_app_event", ["app", "number"])


def downgrade() -> None:
    op.drop_table("official_app_event")
    op.drop_table("official_app")
