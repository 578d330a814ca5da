"""远程帮办: conversations at a distance, who answers, and who is to be called back."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from bureau.store.tables._base import one_of, table, unique_where, words
from bureau.store.types import Bytes, Day, Moment, Whole

remote_talk = table(
    "remote_talk",
    words("number", key=True),
    words("visit"),
    words("terminal"),
    words("hall"),
    words("lang"),
    words("topic"),
    Column("asked_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("sealed", Bytes, nullable=False),
    words("state"),
    words("officer"),
    Column("taken_at", Moment),
    Column("ended_at", Moment),
    words("ended_by"),
    words("screen"),
    Column("picture", Bytes),
    Column("said", Whole, nullable=False),
    Column("spoken", Whole, nullable=False),
    one_of("state", "waiting", "taken", "ended"),
    one_of("ended_by", "", "person", "officer", "lost"),
    one_of("screen", "no", "asked", "shared", "refused"),
    UniqueConstraint("terminal", "visit"),
    unique_where("ux_remote_talk_one_an_officer", "state = 'taken'", "officer"),
    Index(None, "state", "asked_at"),
)
"""``sealed`` and ``picture`` open for the centre alone; an officer has one at a time."""

remote_line = table(
    "remote_line",
    Column("number", ForeignKey("remote_talk.number"), nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("kind"),
    Column("sealed", Bytes, nullable=False),
    one_of("kind", "text", "source", "service"),
    PrimaryKeyConstraint("number", "seq"),
)
"""What was said; rows are added and never changed."""

remote_duty = table(
    "remote_duty",
    words("officer", key=True),
    Column("until", Moment),
)
"""Until when an officer answers; without a moment they do not."""

call_back = table(
    "call_back",
    words("number", key=True),
    words("key"),
    words("talk"),
    words("terminal"),
    words("hall"),
    words("lang"),
    words("topic"),
    words("slot"),
    Column("asked_at", Moment, nullable=False),
    Column("call_by", Day, nullable=False),
    Column("sealed", Bytes, nullable=False),
    words("state"),
    Column("tries", Whole, nullable=False),
    Column("settled_at", Moment),
    one_of("slot", "morning", "afternoon", "any"),
    one_of("state", "open", "reached", "closed"),
    UniqueConstraint("key"),
    Index(None, "state", "call_by"),
)

call_back_try = table(
    "call_back_try",
    Column("number", ForeignKey("call_back.number"), nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("sealed", Bytes),
    one_of("did", "reached", "missed", "closed"),
    PrimaryKeyConstraint("number", "seq"),
)
"""What officers did about a call-back; rows are added and never changed."""
