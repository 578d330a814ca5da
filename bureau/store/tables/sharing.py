"""数据共享: consents of enterprises, and what was given by them to whom."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index

from bureau.store.tables._base import table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole

share_consent = table(
    "share_consent",
    words("case_no", key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("recipient"),
    Column("data", Json, nullable=False),
    words("person_kind"),
    words("person_number"),
    Column("since", Day, nullable=False),
    Column("until", Day, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("ended_on", Day),
    words("ended_by", nullable=True),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    Index(None, "taxpayer"),
    Index(None, "person_kind", "person_number"),
)
"""``case_no`` gave it, ``ended_by`` withdrew it; ``sealed``: text and signature in the vault's seal."""

bank_referral = table(
    "bank_referral",
    Column("case_no", ForeignKey("share_consent.case_no"), primary_key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("bank"),
    words("product"),
    Column("at", Moment, nullable=False),
    words("state"),
    Column("sent_at", Moment),
    words("sha256"),
    Column("received_at", Moment),
    words("bank_number"),
    Index(None, "state", "at"),
    Index(None, "taxpayer"),
)
"""Where each referral to a bank stands; what is sent is gathered then, so nothing of it lies here."""

share_hand_over = table(
    "share_hand_over",
    Column("number", Whole, primary_key=True),
    Column("case_no", ForeignKey("share_consent.case_no"), nullable=False),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("recipient"),
    Column("data", Json, nullable=False),
    words("sha256"),
    words("by_whom"),
    Column("at", Moment, nullable=False),
    Index(None, "taxpayer", "number"),
    Index(None, "case_no"),
)
"""Append only: which kinds of data were given under which consent, with the digest of the very bytes."""
