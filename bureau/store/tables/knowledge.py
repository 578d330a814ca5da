"""公告与知识: the notices and answers that officers write for every terminal."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Json, Moment, Whole, Words

knowledge = table(
    "knowledge",
    Column("number", Whole, primary_key=True),
    words("kind"),
    words("name"),
    Column("title", Json, nullable=False),
    Column("text", Json, nullable=False),
    Column("also", Json, nullable=False),
    Column("sources", Json, nullable=False),
    words("service"),
    Column("since", Day, nullable=False),
    Column("until", Day),
    words("state"),
    words("proposed_by"),
    Column("proposed_at", Moment, nullable=False),
    words("decided_by"),
    Column("decided_at", Moment),
    words("withdrawn_by"),
    Column("withdrawn_at", Moment),
    Column("reason", Json),
    Column("origin", Words, nullable=False, server_default=""),
    one_of("kind", "notice", "answer"),
    one_of("state", "proposed", "refused", "published", "withdrawn"),
    CheckConstraint("since <= until", name="days_in_order"),
)
"""A notice, or one version of an answer; what it says is never changed, and nothing is deleted."""
