"""投诉与检举: complaints and tip-offs, and what was done with each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Day, Flag, Moment, Whole, Words

feedback_case = table(
    "feedback_case",
    words("number", key=True),
    Column("key", Words, nullable=False, unique=True),
    words("desk"),
    words("kind"),
    Column("named", Flag, nullable=False),
    words("mobile"),
    words("terminal"),
    words("hall"),
    Column("received_at", Moment, nullable=False),
    Column("accept_by", Day, nullable=False),
    Column("answer_by", Day, nullable=False),
    words("state"),
    words("code_sha256"),
    Column("sealed", Bytes, nullable=False),
    Column("reply", Bytes),
    Column("answered_at", Moment),
    Column("round", Whole, nullable=False),
    words("course"),
    words("unit"),
    words("reason"),
    Column("extended", Flag, nullable=False),
    Column("level", Whole),
    one_of("desk", "complaint", "report"),
    one_of("state", "received", "accepted", "refused", "answered", "closed"),
    one_of("course", "", "inspect", "investigate", "hold"),
    CheckConstraint("desk = 'complaint' OR mobile = ''", name="no_phone_of_a_tip_off"),
    CheckConstraint("round IN (1, 2)", name="round_known"),
    CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),
    Index(None, "desk", "state"),
    Index(None, "mobile"),
)
"""``sealed`` and ``reply`` open for the centre alone; of who gave a tip-off nothing stands outside of it."""

feedback_act = table(
    "feedback_act",
    Column("number", ForeignKey("feedback_case.number"), nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("act"),
    words("second"),
    Column("sealed", Bytes),
    one_of("act", "accept", "refuse", "answer", "extend", "transfer", "read", "again", "rate", "longer"),
    PrimaryKeyConstraint("number", "seq"),
)
"""What was done with a case, by whom; rows are added and never changed."""
