"""Official documents (税务文书), each with how it was served (送达回证)."""

from __future__ import annotations

from sqlalchemy import Column, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole

document = table(
    "document",
    words("document", key=True),
    words("taxpayer"),
    Column("title", Json, nullable=False),
    Column("body", Json, nullable=False),
    Column("issued_at", Moment, nullable=False),
    words("issued_by"),
    Column("days", Whole),
    words("matter", nullable=True),
    words("state"),
    words("way", nullable=True),
    Column("served_on", Day),
    Column("recorded_at", Moment),
    Column("until", Day),
    words("served_by", nullable=True),
    words("note", nullable=True),
    words("person_kind", nullable=True),
    words("person_number", nullable=True),
    words("terminal", nullable=True),
    words("key", nullable=True),
    words("text_sha256", nullable=True),
    Column("sealed", Bytes),
    Column("withdrawn_at", Moment),
    words("withdrawn_by", nullable=True),
    one_of("state", "issued", "served", "withdrawn"),
    Index(None, "taxpayer"),
    Index(None, "matter"),
    Index(None, "person_kind", "person_number"),
)
"""``sealed``: the signed text and the ink; it opens with the centre's sealing key alone. ``until``: of the term, from
service."""
