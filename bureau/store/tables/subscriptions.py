"""个性化信息: who subscribes to what, and what they were told."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint

from bureau.store.tables._base import table, words
from bureau.store.types import Day, Flag, Json, Moment

subscription = table(
    "subscription",
    words("visitor"),
    words("topic"),
    words("mobile"),
    Column("since", Moment, nullable=False),
    Column("active", Flag, nullable=False),
    Column("changed_at", Moment, nullable=False),
    words("key"),
    PrimaryKeyConstraint("visitor", "topic"),
)
"""``visitor`` is a phone or a document as queue numbers name them; an ended one stays, with ``active`` false."""

subscription_told = table(
    "subscription_told",
    words("visitor"),
    words("topic"),
    words("item"),
    Column("text", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Day),
    Column("seen_at", Moment),
    PrimaryKeyConstraint("visitor", "topic", "item"),
    Index(None, "at"),
)
"""What was told to whom: nobody hears a thing twice. Deleted after some days."""
