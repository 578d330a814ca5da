"""应用广场: official software and what officers did with its entries."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Json, Moment, Whole

STATES = ("proposed", "reviewed", "rejected", "published", "replaced", "withdrawn")

official_app = table(
    "official_app",
    words("app"),
    words("version"),
    Column("name", Json, nullable=False),
    Column("publisher", Json, nullable=False),
    Column("purpose", Json, nullable=False),
    Column("runs_on", Json, nullable=False),
    words("url"),
    words("state"),
    words("proposed_by"),
    Column("proposed_at", Moment, nullable=False),
    words("reviewed_by"),
    Column("reviewed_at", Moment),
    Column("finding", Json),
    Column("published_at", Moment),
    Column("ended_at", Moment),
    Column("reason", Json),
    one_of("state", *STATES),
    PrimaryKeyConstraint("app", "version"),
)
"""One version of a piece of software each; of one that is published there is no second (checked under a lock)."""

official_app_event = table(
    "official_app_event",
    Column("number", Whole, primary_key=True),
    words("app"),
    words("version"),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("said", Json, nullable=False),
    one_of("did", *STATES),
    ForeignKeyConstraint(["app", "version"], ["official_app.app", "official_app.version"]),
    Index(None, "app", "number"),
)
"""The trail: who brought an entry to which state, with what they said."""
