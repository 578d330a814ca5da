"""Letters to mailboxes, and the mailboxes that people want to be remembered."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Moment, Whole

letter = table(
    "letter",
    words("key", key=True),
    words("kind"),
    words("reference"),
    words("person_kind"),
    words("person_number"),
    words("lang"),
    Column("sealed", Bytes, nullable=False),
    words("shown"),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    words("state"),
    Column("tries", Whole, nullable=False),
    words("reply"),
    Column("ended_at", Moment),
    one_of("kind", "einvoice"),
    one_of("state", "queued", "sent", "refused", "given-up"),
    Index(None, "state", "due_at"),
    Index(None, "person_kind", "person_number", "made_at"),
)
"""``sealed`` (the address) and ``shown`` (the same masked) are empty once they are of no more use."""

letter_file = table(
    "letter_file",
    Column("key", ForeignKey("letter.key"), primary_key=True),
    words("name", key=True),
    Column("content", Bytes, nullable=False),
    words("sha256"),
)

mailbox = table(
    "mailbox",
    words("person_kind", key=True),
    words("person_number", key=True),
    Column("sealed", Bytes, nullable=False),
    Column("since", Moment, nullable=False),
)
"""Of who asked for theirs to be remembered."""
