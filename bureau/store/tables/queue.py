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
    Column("due", Moment),
    one_of("state", "waiting", "called", "served", "missed"),
    CheckConstraint("number > 0", name="number_counts"),
    UniqueConstraint("hall", "day", "line", "number"),
    Index(None, "hall", "line", "ended_at"),
)
"""One number of a hall, day and line each; ``visitor`` is a phone or a document."""

appointment = table(
    "appointment",
    words("token", key=True),
    Column("number", Whole, nullable=False),
    Column("hall", ForeignKey("hall.hall"), nullable=False),
    words("line"),
    Column("at", Moment, nullable=False),
    words("visitor"),
    words("mobile"),
    words("terminal"),
    Column("booked_at", Moment, nullable=False),
    words("state"),
    Column("changed_at", Moment),
    one_of("state", "open", "arrived", "cancelled", "closed"),
    UniqueConstraint("number"),
    Index(None, "hall", "at"),
    Index(None, "visitor"),
    Index(None, "mobile"),
)
"""A time at a window that somebody booked (预约办税); ``token`` is what their slip's code leads by."""

appointment_closure = table(
    "appointment_closure",
    words("closure", key=True),
    Column("hall", ForeignKey("hall.hall"), nullable=False),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("closed_at", Moment, nullable=False),
    Index(None, "hall", "begins"),
)
"""Times of a hall that nobody may book."""
