"""数据开放: releases of open data, and what officers did with them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint

from bureau.store.tables._base import one_of, table, unique_where, words
from bureau.store.types import Bytes, Json, Moment, Whole

open_release = table(
    "open_release",
    words("release", key=True),
    words("dataset"),
    words("period"),
    Column("run", Whole, nullable=False),
    Column("columns", Json, nullable=False),
    Column("count", Whole, nullable=False),
    Column("content", Bytes, nullable=False),
    Column("made", Json, nullable=False),
    words("sha256"),
    words("state"),
    words("proposed_by"),
    Column("proposed_at", Moment, nullable=False),
    words("decided_by"),
    Column("decided_at", Moment),
    Column("ended_at", Moment),
    Column("reason", Json),
    one_of("state", "proposed", "refused", "published", "withdrawn"),
    UniqueConstraint("dataset", "period", "run"),
    unique_where("uq_open_release_stands", "state IN ('proposed', 'published')", "dataset", "period"),
)
"""A release, never changed: its columns, its file (CSV), and how it was made: of how many, how many were left out, the
levels of the columns, k and l. ``sha256`` is that of the file."""

open_release_event = table(
    "open_release_event",
    Column("number", Whole, primary_key=True),
    Column("release", ForeignKey("open_release.release"), nullable=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("said", Json, nullable=False),
    one_of("did", "proposed", "refused", "published", "withdrawn"),
    Index(None, "release", "number"),
)
"""The trail: which officer did what with a release."""
