"""授权委托 and 监护: who may act for another person in that person's own name."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Day

mandate = table(
    "mandate",
    words("case_no", key=True),
    words("principal_kind"),
    words("principal_number"),
    words("attorney_kind"),
    words("attorney_number"),
    words("relation"),
    words("scope"),
    one_of("scope", "papers", "taxes", "all"),
    Column("since", Day, nullable=False),
    Column("until", Day, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("ended_on", Day),
    words("ended_by", nullable=True),
    words("ended_for", nullable=True),
    words("ground"),
    one_of("ground", "signed", "guardian"),
    ForeignKeyConstraint(["principal_kind", "principal_number"], ["person.kind", "person.number"]),
    ForeignKeyConstraint(["attorney_kind", "attorney_number"], ["person.kind", "person.number"]),
    Index(None, "principal_kind", "principal_number"),
    Index(None, "attorney_kind", "attorney_number"),
)
"""``case_no`` gave it; ``ended_by`` is the case that ended it, or the officer, whose reason is ``ended_for``.
``sealed``: text and signature in the vault's seal, empty where the case keeps them, or they are on paper.
``ground``: whether the principal signed it, or the attorney is their guardian."""
