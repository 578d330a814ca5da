"""Inspections on site: the visits, their pictures, and what officers did with each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole

inspection = table(
    "inspection",
    words("number", key=True),
    words("taxpayer"),
    words("kind"),
    words("basis"),
    words("reason"),
    Column("day", Day, nullable=False),
    words("first"),
    words("first_name"),
    words("second"),
    words("second_name"),
    Column("ordered_at", Moment, nullable=False),
    words("state"),
    Column("revision", Whole, nullable=False),
    words("content_sha256"),
    Column("confirmed_first", Moment),
    Column("confirmed_second", Moment),
    words("outcome"),
    Column("issued_at", Moment),
    words("document"),
    words("measure"),
    words("asked_by"),
    words("decided_by"),
    words("ground"),
    Column("sealed", Bytes),
    one_of("state", "ordered", "confirmed", "issued", "cancelled"),
    one_of("measure", "", "asked", "abnormal", "return-asked", "returned"),
    CheckConstraint("second <> first", name="two_officers"),
    CheckConstraint("decided_by = '' OR decided_by <> asked_by", name="decided_by_another"),
    CheckConstraint(
        "state IN ('ordered', 'cancelled') OR (confirmed_first IS NOT NULL AND confirmed_second IS NOT NULL)",
        name="confirmed_by_both",
    ),
    Index(None, "taxpayer"),
    Index(None, "state", "day"),
)
"""``sealed``: what was filled in, and the signature; it opens with the centre's sealing key alone."""

inspection_picture = table(
    "inspection_picture",
    words("key", key=True),
    Column("inspection", ForeignKey("inspection.number"), nullable=False),
    Column("place", Whole, nullable=False),
    words("sha256"),
    Column("size", Whole, nullable=False),
    Column("received_at", Moment, nullable=False),
    words("officer"),
    Column("sealed", Bytes, nullable=False),
    Index(None, "inspection", "place", unique=True),
)
"""Encoded anew before it was sealed: nothing is there but what can be seen."""

inspection_event = table(
    "inspection_event",
    Column("inspection", ForeignKey("inspection.number"), primary_key=True),
    Column("number", Whole, primary_key=True),
    Column("at", Moment, nullable=False),
    words("officer"),
    words("did"),
    Column("said", Json, nullable=False),
    one_of(
        "did",
        "ordered",
        "cancelled",
        "signed",
        "confirmed",
        "issued",
        "demanded",
        "asked",
        "abnormal",
        "declined",
        "return-asked",
        "returned",
        "kept",
    ),
)
"""The trail: which officer did what with a visit."""
