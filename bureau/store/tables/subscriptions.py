"""个性化信息: who subscribes to what, what they were told, and what officers announce."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint

from bureau.store.tables._base import table, words
from bureau.store.types import Day, Flag, Json, Moment, Whole

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

announcement = table(
    "announcement",
    Column("number", Whole, primary_key=True),
    Column("text", Json, nullable=False),
    words("officer"),
    Column("published_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    words("withdrawn_by"),
    Index(None, "published_at"),
)
"""Of who published and who withdrew it; never deleted."""
