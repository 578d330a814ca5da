"""排队叫号: the numbers of the halls' queues."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Flag, Moment, Whole

queue_ticket = table(
    "queue_ticket",
    words("key", key=True),
    Column("hall", ForeignKey("hall.hall"), nullable=False),
    Column("day", Day, nullable=False),
    words("line"),
    Column("number", Whole, nullable=False),
    words("visitor"),
    Column("elder", Flag, nullable=False),
    words("terminal"),
    Column("taken_at", Moment, nullable=False),
    words("state"),
    Column("window", Whole),
    Column("called_at", Moment),
    Column("ended_at", Moment),
    one_of("state", "waiting", "called", "served", "missed"),
    CheckConstraint("number > 0", name="number_counts"),
    UniqueConstraint("hall", "day", "line", "number"),
    Index(None, "hall", "line", "ended_at"),
)
"""One number of a hall, day and line each; ``visitor`` is a phone or a document."""
