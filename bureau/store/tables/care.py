"""What the centre owes people afterwards: cases it follows, notices it gives, messages it sent, ratings."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Json, Moment, Whole

case_file = table(
    "case_file",
    words("case_no", key=True),
    words("kind"),
    words("reference"),
    words("state"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    words("closed_by", nullable=True),
    words("closed_second", nullable=True),
    words("outcome", nullable=True),
    words("note", nullable=True),
    Column("details", Json, nullable=False),
    one_of("state", "open", "closed"),
    Index("uq_case_file_matter", "kind", "reference", unique=True),
    Index(None, "kind", "state", "opened_at"),
    Index(None, "kind", "state", "closed_at"),
)
"""One case a matter: the same kind and reference again is the same case. ``closed_second``: by two officers."""

notice = table(
    "notice",
    words("notice", key=True),
    words("kind"),
    words("person_kind", nullable=True),
    words("person_number", nullable=True),
    words("taxpayer", nullable=True),
    Column("title", Json, nullable=False),
    Column("text", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("deadline", Day),
    words("reference", nullable=True),
    words("matter", nullable=True),
    Column("told_at", Moment),
    Column("done_at", Moment),
    Index(None, "person_kind", "person_number"),
    Index(None, "taxpayer"),
    Index(None, "matter"),
)
"""``matter`` is what ends it when it is put right, ``told_at`` when a terminal first fetched it."""

reminder = table(
    "reminder",
    words("matter", key=True),
    Column("serial", Whole, primary_key=True, autoincrement=False),
    words("rung"),
    words("taxpayer"),
    Column("on_day", Day, nullable=False),
    Column("until", Day),
    Column("notices", Json, nullable=False),
    words("case_no", nullable=True),
    Column("ended_on", Day),
    Index(None, "taxpayer"),
)
"""Reminders and demands (提醒、催报、催缴), one row each, counted by matter; the notice has what was said."""

sms = table(
    "sms",
    words("sms", key=True),
    words("notice"),
    words("mobile"),
    words("text"),
    Column("at", Moment, nullable=False),
)
"""The simulated sink of the message port: what a phone would have received; ``notice`` is empty for a code."""

phone_code = table(
    "phone_code",
    words("challenge", key=True),
    words("mobile"),
    words("terminal"),
    words("code_sha256"),
    Column("sent_at", Moment, nullable=False),
    Column("tries", Whole, nullable=False),
    Column("proven_at", Moment),
    CheckConstraint("tries >= 0", name="tries_not_negative"),
    Index(None, "mobile", "sent_at"),
    Index(None, "terminal", "sent_at"),
    Index(None, "sent_at"),
)
"""Codes sent to phones (手机验证码), by their hash; forgotten after two days."""

rating = table(
    "rating",
    words("key", key=True),
    words("item"),
    words("terminal"),
    words("service"),
    Column("level", Whole, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("at", Moment, nullable=False),
    words("case_no", nullable=True),
    Index(None, "at"),
    Index(None, "item"),
)
"""好差评."""
