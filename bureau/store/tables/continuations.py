"""Visits that go on on a phone."""

from __future__ import annotations

from sqlalchemy import Column, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Moment

continuation = table(
    "continuation",
    words("key", key=True),
    words("terminal"),
    words("secret_sha256"),
    words("owner_sha256"),
    Column("sealed", Bytes, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    words("state"),
    one_of("state", "waiting", "taken", "ended"),
    Index(None, "expires_at"),
)
"""``owner_sha256`` is empty until a phone took it."""
