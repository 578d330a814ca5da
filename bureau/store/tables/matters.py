"""Matters with a case (事项与办件), and what they changed in the registration, entry by entry."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, unique_where, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole, Words

matter_case = table(
    "matter_case",
    words("case_no", key=True),
    words("matter"),
    Column("key", Words, nullable=False, unique=True),
    words("owner"),
    words("taxpayer", nullable=True),
    words("person_kind"),
    words("person_number"),
    words("role", nullable=True),
    words("terminal"),
    words("state"),
    Column("fields", Json, nullable=False),
    Column("accepted_at", Moment, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("decided_at", Moment),
    words("decided_by", nullable=True),
    words("reason", nullable=True),
    Column("effective_on", Day),
    words("wanted", nullable=True),
    Column("sealed", Bytes),
    one_of("state", "open", "approved", "refused"),
    unique_where("uq_matter_case_open", "state = 'open'", "matter", "owner"),
    Index(None, "person_kind", "person_number"),
    Index(None, "taxpayer"),
    Index(None, "state", "due_on"),
)
"""``owner``: the enterprise, else the person, and where a matter has several at once what tells them apart; one case
of a matter is open for an owner at a time. ``wanted``: what the officer asked for and has not got yet. ``sealed``:
the statement that was signed for what an officer decides, in the vault's seal under the case's number."""

registration_entry = table(
    "registration_entry",
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("fact"),
    Column("line", Whole, nullable=False),
    Column("value", Json, nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("entered_at", Moment, nullable=False),
    words("case_no", nullable=True),
    PrimaryKeyConstraint("taxpayer", "fact", "line"),
    Index(None, "case_no"),
)
"""Append only. In force on a day: of the entries valid by then the one with the latest day, then the latest line."""

relief = table(
    "relief",
    Column("case_no", ForeignKey("matter_case.case_no"), primary_key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("relief"),
    words("tax"),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    money("amount_fen", nullable=True),
    Column("percent", Whole),
    words("examined_by"),
    words("granted_by", nullable=True),
    Column("granted_on", Day),
    Index(None, "taxpayer"),
)
"""Reliefs applied for (核准类减免税), as one officer examined them; in force once another one has granted them."""
