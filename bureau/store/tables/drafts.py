"""What was begun on a phone and waits to be taken up at a terminal."""

from __future__ import annotations

from sqlalchemy import Column, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Moment

draft = table(
    "draft",
    words("name", key=True),
    words("service"),
    Column("sealed", Bytes, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    words("state"),
    one_of("state", "open", "used"),
    Index(None, "expires_at"),
)
"""``name``: the hash of the code. ``sealed`` is empty once it is used or over."""
