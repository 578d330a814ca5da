"""Announcements become notices with days, put forward by one officer and decided by another; answers beside them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from bureau.store import types
from config.clock import CHINA

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

HELD_FOR: Final = timedelta(days=90)
"""So long what was announced without a last day is shown: as long as it was kept that somebody was told."""
TITLE: Final = {"zh-CN": "通知公告", "en-US": "Announcement"}


def upgrade() -> None:
    knowledge = op.create_table(
        "knowledge",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("title", types.Json(), nullable=False),
        sa.Column("text", types.Json(), nullable=False),
        sa.Column("also", types.Json(), nullable=False),
        sa.Column("sources", types.Json(), nullable=False),
        sa.Column("service", types.Words(), nullable=False),
        sa.Column("since", types.Day(), nullable=False),
        sa.Column("until", types.Day(), nullable=True),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("proposed_by", types.Words(), nullable=False),
        sa.Column("proposed_at", types.Moment(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("withdrawn_by", types.Words(), nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.Column("reason", types.Json(), nullable=True),
        sa.CheckConstraint("kind IN ('notice', 'answer')", name=op.f("ck_knowledge_kind_known")),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused', 'published', 'withdrawn')",
            name=op.f("ck_knowledge_state_known"),
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_knowledge_days_in_order")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_knowledge")),
        sqlite_strict=True,
    )
    rows = [_notice(dict(row)) for row in op.get_bind().execute(sa.select(_announcement())).mappings()]
    if rows:
        op.bulk_insert(knowledge, rows)
    op.drop_table("announcement")


def downgrade() -> None:
    """What nobody had published, and answers, were not there before; the days of a notice are not kept."""
    op.create_table(
        "announcement",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("text", types.Json(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("published_at", types.Moment(), nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.Column("withdrawn_by", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_announcement")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_announcement_published_at"), "announcement", ["published_at"])
    op.execute(
        "INSERT INTO announcement (number, text, officer, published_at, withdrawn_at, withdrawn_by) "
        "SELECT number, text, proposed_by, decided_at, withdrawn_at, withdrawn_by FROM knowledge "
        "WHERE kind = 'notice' AND state IN ('published', 'withdrawn')"
    )
    op.drop_table("knowledge")


def _announcement() -> sa.TableClause:
    return sa.table(
        "announcement",
        sa.column("number", types.Whole()),
        sa.column("text", types.Json()),
        sa.column("officer", types.Words()),
        sa.column("published_at", types.Moment()),
        sa.column("withdrawn_at", types.Moment()),
        sa.column("withdrawn_by", types.Words()),
    )


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    published: datetime = row["published_at"]
    since = published.astimezone(CHINA).date()
    return {
        "number": row["number"],
        "kind": "notice",
        "name": "",
        "title": TITLE,
        "text": row["text"],
        "also": {},
        "sources": [],
        "service": "",
        "since": since,
        "until": since + HELD_FOR,
        "state": "published" if row["withdrawn_at"] is None else "withdrawn",
        "proposed_by": row["officer"],
        "proposed_at": published,
        "decided_by": row["officer"],
        "decided_at": published,
        "withdrawn_by": row["withdrawn_by"],
        "withdrawn_at": row["withdrawn_at"],
        "reason": None,
    }
