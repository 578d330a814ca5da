"""重大税收违法失信主体: published cases, and what officers did with each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Json, Moment, Whole

offender_case = table(
    "offender_case",
    words("case_no", key=True),
    words("kind"),
    words("name"),
    words("code"),
    words("address"),
    words("sex", nullable=True),
    words("responsible"),
    words("responsible_as", nullable=True),
    words("responsible_sex", nullable=True),
    words("responsible_number"),
    words("reason"),
    Column("facts", Json, nullable=False),
    Column("decision", Json, nullable=False),
    Column("authority", Json, nullable=False),
    words("document"),
    Column("served_on", Day, nullable=False),
    words("state"),
    words("entered_by"),
    Column("entered_at", Moment, nullable=False),
    words("decided_by"),
    Column("published_on", Day),
    Column("until", Day),
    words("asked_by"),
    words("ground"),
    words("ended_by"),
    Column("ended_on", Day),
    Column("said", Json),
    one_of("kind", "organisation", "person"),
    one_of("state", "entered", "refused", "published", "removal-asked", "removed"),
    CheckConstraint("decided_by <> entered_by", name="published_by_another"),
    CheckConstraint("ended_by = '' OR ended_by <> asked_by", name="removed_by_another"),
    Index(None, "published_on"),
)
"""A person's number is there as it is published, without the day of birth; what was entered is never changed."""

offender_case_event = table(
    "offender_case_event",
    Column("number", Whole, primary_key=True),
    Column("case_no", ForeignKey("offender_case.case_no"), nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("said", Json, nullable=False),
    one_of("did", "entered", "refused", "published", "removal-asked", "removed", "kept"),
    Index(None, "case_no", "number"),
)
"""The trail: which officer did what with a case."""
