"""手机开票: phones by which invoices are issued for a taxpayer."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index

from bureau.store.tables._base import table, unique_where, words
from bureau.store.types import Day

issuing_phone = table(
    "issuing_phone",
    words("case_no", key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("mobile"),
    words("person_kind"),
    words("person_number"),
    Column("since", Day, nullable=False),
    Column("ended_on", Day),
    words("ended_by", nullable=True),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    unique_where("uq_issuing_phone_bound", "ended_on IS NULL", "taxpayer", "mobile"),
    Index(None, "mobile"),
    Index(None, "person_kind", "person_number"),
)
"""``case_no`` bound it, ``ended_by`` is the case that ended it; a row without one is bound today."""
