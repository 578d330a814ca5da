"""调查问卷: surveys, who has answered (as digests of visits), the answers of nobody, and what officers did."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Json, Moment, Whole

survey = table(
    "survey",
    words("survey", key=True),
    Column("title", Json, nullable=False),
    Column("about", Json, nullable=False),
    Column("since", Day, nullable=False),
    Column("until", Day, nullable=False),
    Column("questions", Json, nullable=False),
    words("state"),
    words("proposed_by"),
    Column("proposed_at", Moment, nullable=False),
    words("decided_by"),
    Column("decided_at", Moment),
    Column("closed_at", Moment),
    Column("reason", Json),
    one_of("state", "proposed", "refused", "published", "closed"),
    CheckConstraint("since <= until", name="days_in_order"),
)
"""One survey each; what it asks is never changed."""

survey_visit = table(
    "survey_visit",
    Column("survey", ForeignKey("survey.survey"), nullable=False),
    words("visit"),
    PrimaryKeyConstraint("survey", "visit"),
)
"""That a visit has answered, as a digest; nothing leads from here to its answers."""

survey_answer = table(
    "survey_answer",
    words("token", key=True),
    Column("survey", ForeignKey("survey.survey"), nullable=False),
    words("hall"),
    Column("day", Day, nullable=False),
    Column("replies", Json, nullable=False),
    Index(None, "survey"),
)
"""What one visitor answered; of who it was, at which terminal and at what hour nothing is kept."""

survey_event = table(
    "survey_event",
    Column("number", Whole, primary_key=True),
    Column("survey", ForeignKey("survey.survey"), nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("said", Json, nullable=False),
    one_of("did", "proposed", "refused", "published", "closed", "read"),
    Index(None, "survey", "number"),
)
"""The trail: which officer did what with a survey."""
