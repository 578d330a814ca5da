"""税务学堂: sessions of courses, seats, evaluations, and what officers did."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Flag, Json, Moment, Whole

school_session = table(
    "school_session",
    words("session", key=True),
    words("course"),
    Column("hall", ForeignKey("hall.hall"), nullable=False),
    Column("room", Json, nullable=False),
    words("teacher"),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("seats", Whole, nullable=False),
    words("state"),
    Column("reason", Json),
    one_of("state", "open", "cancelled"),
    CheckConstraint("seats > 0", name="seats_count"),
    Index(None, "ends"),
)
"""One time at which a course of ``config/school`` is held."""

school_enrolment = table(
    "school_enrolment",
    words("token", key=True),
    Column("number", Whole, nullable=False),
    Column("session", ForeignKey("school_session.session"), nullable=False),
    words("visitor"),
    words("mobile"),
    words("terminal"),
    Column("enrolled_at", Moment, nullable=False),
    words("state"),
    Column("changed_at", Moment),
    Column("attended", Flag),
    Column("evaluated_at", Moment),
    one_of("state", "seated", "waiting", "cancelled", "dropped"),
    UniqueConstraint("number"),
    Index(None, "session", "number"),
    Index(None, "visitor"),
    Index(None, "mobile"),
)
"""A seat, or a place on the waiting list; ``token`` is what the slip's code leads by."""

school_evaluation = table(
    "school_evaluation",
    Column("number", Whole, primary_key=True),
    Column("session", ForeignKey("school_session.session"), nullable=False),
    Column("level", Whole, nullable=False),
    words("words"),
    Column("day", Day, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),
    Index(None, "session"),
)
"""What people thought of a session; nothing here says who."""

school_event = table(
    "school_event",
    Column("number", Whole, primary_key=True),
    Column("session", ForeignKey("school_session.session"), nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("said", Json, nullable=False),
    one_of("did", "planned", "moved", "cancelled", "marked", "read"),
    Index(None, "session", "number"),
)
"""The trail: which officer did what with a session."""
