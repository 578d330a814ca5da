"""Real-name enrolments, each as it was made; what is on file now stands in ``person``."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index

from bureau.store.tables._base import table, words
from bureau.store.types import Bytes, Moment, Whole

person_enrolment = table(
    "person_enrolment",
    words("enrolment", key=True),
    words("key"),
    words("person_kind"),
    words("person_number"),
    words("name"),
    words("mobile"),
    words("evidence"),
    words("matcher"),
    Column("score", Whole),
    words("terminal"),
    words("lang"),
    words("text_sha256"),
    Column("enrolled_at", Moment, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["person_kind", "person_number"], ["person.kind", "person.number"]),
    Index(None, "person_kind", "person_number"),
)
"""``score`` in thousandths. ``sealed``: the signed text and the ink; it opens with the centre's sealing key alone."""
