"""Scanned pages (办税资料), sealed before they get here."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from bureau.store.tables._base import table, unique_where, words
from bureau.store.types import Bytes, Moment, Whole

material_page = table(
    "material_page",
    words("key", key=True),
    words("person_kind"),
    words("person_number"),
    words("terminal"),
    words("sha256"),
    Column("size", Whole, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("case_no", ForeignKey("matter_case.case_no")),
    Column("number", Whole),
    unique_where("uq_material_page_number", "case_no IS NOT NULL", "case_no", "number"),
    Index(None, "case_no"),
)
"""``sealed`` opens with the centre's sealing key alone; ``case_no`` stays empty until something names the page."""
