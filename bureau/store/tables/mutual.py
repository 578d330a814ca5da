"""互助, 创意: what taxpayers ask, answer and propose, what is said to it, and what officers did with it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Flag, Json, Moment, Whole

contribution = table(
    "contribution",
    words("number", key=True),
    words("key"),
    words("kind"),
    words("topic"),
    Column("text", Json, nullable=False),
    words("lang"),
    words("author"),
    words("author_class"),
    words("terminal"),
    Column("written_at", Moment, nullable=False),
    words("state"),
    words("about"),
    Column("tips_off", Flag, nullable=False),
    words("reason"),
    Column("decided_at", Moment),
    Column("confirmed_at", Moment),
    Column("knowledge_on", Day),
    words("stage"),
    Column("reply", Json, nullable=False),
    Column("replied_at", Moment),
    one_of("kind", "question", "answer", "idea"),
    one_of("state", "waiting", "published", "refused", "merged"),
    one_of("stage", "", "new", "looked-at", "taken-up", "done", "declined"),
    one_of("author_class", "taxpayer", "accountant", "agent", "officer"),
    UniqueConstraint("key"),
    Index(None, "kind", "state", "written_at"),
    Index(None, "about"),
    Index(None, "author", "written_at"),
)
"""Personal data are out of sight in ``text``; ``author`` (a phone or a document) is emptied after some days."""

contribution_mark = table(
    "contribution_mark",
    Column("number", ForeignKey("contribution.number"), nullable=False),
    words("who"),
    Column("value", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("number", "who"),
)
"""One of each: ``who`` is the visit of whom it helped, or the phone or document of who votes; 1 yes, -1 no."""

contribution_act = table(
    "contribution_act",
    Column("number", ForeignKey("contribution.number"), nullable=False),
    Column("line", Whole, nullable=False),
    words("act"),
    words("officer"),
    Column("at", Moment, nullable=False),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("number", "line"),
)
"""Append only."""
