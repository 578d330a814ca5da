"""Officers who work at the console: who they are, what they may do, their sessions, and the trail of their acts."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Moment, Whole

officer = table(
    "officer",
    words("officer", key=True),
    words("name"),
    words("state"),
    words("lang"),
    words("password", nullable=True),
    Column("secret", Bytes, nullable=False),
    Column("last_step", Whole, nullable=False),
    Column("failures", Whole, nullable=False),
    Column("locked_until", Moment, nullable=True),
    words("invitation", nullable=True),
    Column("invited_until", Moment, nullable=True),
    Column("created_at", Moment, nullable=False),
    one_of("state", "invited", "active", "disabled"),
    Index(None, "invitation", unique=True),
)
"""``password`` is an Argon2id string, ``secret`` that of the second factor in the vault's seal, ``last_step`` the last
of its codes that was used (each counts once), ``invitation`` the hash of a one-time code."""

officer_role = table(
    "officer_role",
    Column("officer", ForeignKey("officer.officer"), primary_key=True),
    words("role", key=True),
    Column("given_at", Moment, nullable=False),
    words("given_by"),
)

officer_recovery = table(
    "officer_recovery",
    Column("officer", ForeignKey("officer.officer"), primary_key=True),
    words("code", key=True),
    Column("used_at", Moment, nullable=True),
)
"""Codes that stand in for a lost second factor, once each; hashes alone are kept."""

officer_session = table(
    "officer_session",
    words("token", key=True),
    Column("officer", ForeignKey("officer.officer"), nullable=False),
    words("state"),
    words("address"),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    one_of("state", "password", "full"),
    Index(None, "officer"),
    Index(None, "ends_at"),
)
"""``token`` is the hash of what the browser holds; ``password``: the second factor is still to come."""

officer_trail = table(
    "officer_trail",
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("act"),
    words("subject"),
    words("phase"),
    Column("body", Bytes, nullable=False),
    words("hash"),
    Column("signature", Bytes, nullable=False),
    Index(None, "officer", "seq"),
    Index(None, "subject", "seq"),
)
"""``body`` is what was signed; the columns before it are there to be searched and must agree with it."""

officer_trail_head = table(
    "officer_trail_head",
    Column("one", Whole, primary_key=True, autoincrement=False),
    Column("seq", Whole, nullable=False),
    words("hash"),
)
"""The last entry. One row, which whoever appends holds until the end of the transaction."""
