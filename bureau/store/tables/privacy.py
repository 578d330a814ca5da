"""Who looked at a person's data (个人信息保护法, arts. 44 and 45)."""

from __future__ import annotations

from sqlalchemy import Column, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Moment

access = table(
    "access",
    words("access", key=True),
    words("person"),
    Column("at", Moment, nullable=False),
    words("party"),
    words("who"),
    words("kind"),
    words("purpose"),
    one_of("party", "self", "attorney", "guardian", "principal", "officer", "enterprise", "public"),
    Index(None, "person", "at"),
    Index(None, "at"),
)
"""``person`` is ``person.alias``, never the number of a document. No row is ever changed; they go after three years."""
