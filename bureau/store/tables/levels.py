"""上下级机关: centres below this one and the sums of their days, and the one above it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole

centre = table(
    "centre",
    words("centre", key=True),
    Column("name", Json, nullable=False),
    words("under"),
    words("via"),
    Column("public_key", Bytes),
    words("state"),
    words("reason"),
    Column("since", Moment, nullable=False),
    Column("heard_at", Moment),
    one_of("state", "active", "suspended"),
    CheckConstraint("(via = centre) = (public_key IS NOT NULL)", name="a_key_of_who_speaks"),
    Index(None, "via"),
)
"""``under``: the centre it stands below, empty right below this one; ``via``: the one that tells of it, itself if it
joined here."""

centre_code = table(
    "centre_code",
    words("code_hash", key=True),
    words("centre"),
    Column("name", Json, nullable=False),
    words("made_by"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

centre_day = table(
    "centre_day",
    words("centre"),
    Column("day", Day, nullable=False),
    Column("figures", Json, nullable=False),
    Column("told_at", Moment, nullable=False),
    PrimaryKeyConstraint("centre", "day"),
    Index(None, "day"),
)
"""The sums of a centre's day as it told them last (``bureau.levels.wire.Figures``)."""

superior = table(
    "superior",
    Column("number", Whole, primary_key=True),
    words("centre"),
    Column("name", Json, nullable=False),
    Column("verify_key", Bytes, nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("heard_at", Moment),
    words("version"),
    CheckConstraint("number = 1", name="one_alone"),
)
"""The centre above; ``centre``: this one's code there, ``version``: of what was published there last."""

centre_told = table(
    "centre_told",
    words("centre"),
    Column("day", Day, nullable=False),
    words("digest"),
    PrimaryKeyConstraint("centre", "day"),
)
"""What the centre above holds: of each day the digest of what it took."""
