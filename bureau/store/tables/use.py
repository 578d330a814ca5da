"""使用情况: how visits went, by terminal and day, and what others counted; no visit of anybody lies here."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Day, Flag, Moment, Whole

use_seen = table(
    "use_seen",
    words("id", key=True),
    Column("received_at", Moment, nullable=False),
    Index(None, "received_at"),
)
"""Visits that were counted; kept as long as a terminal may tell them once more."""

use_visit = table(
    "use_visit",
    words("terminal"),
    Column("day", Day, nullable=False),
    Column("hour", Whole, nullable=False),
    words("lang"),
    words("mode"),
    words("signed_in"),
    Column("visits", Whole, nullable=False),
    Column("took_ms", Whole, nullable=False),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_a_day"),
    PrimaryKeyConstraint("terminal", "day", "hour", "lang", "mode", "signed_in"),
    Index(None, "day"),
)

use_service = table(
    "use_service",
    words("terminal"),
    Column("day", Day, nullable=False),
    words("service"),
    words("ended"),
    words("code"),
    Column("offline", Flag, nullable=False),
    Column("times", Whole, nullable=False),
    Column("took_ms", Whole, nullable=False),
    one_of("ended", "done", "left", "expired", "home", "opened", "told", "refused", "trouble", "failed"),
    PrimaryKeyConstraint("terminal", "day", "service", "ended", "code", "offline"),
    Index(None, "day"),
)

use_step = table(
    "use_step",
    words("terminal"),
    Column("day", Day, nullable=False),
    words("service"),
    words("step"),
    words("kind"),
    Column("came", Whole, nullable=False),
    Column("ended", Whole, nullable=False),
    Column("took_ms", Whole, nullable=False),
    Column("waited_ms", Whole, nullable=False),
    PrimaryKeyConstraint("terminal", "day", "service", "step", "kind"),
    Index(None, "service", "day"),
)
"""``came``: uses of the service that came to the step; ``ended``: those that ended there before their end page."""

use_spread = table(
    "use_spread",
    words("terminal"),
    Column("day", Day, nullable=False),
    words("service"),
    Column("bucket", Whole, nullable=False),
    Column("times", Whole, nullable=False),
    PrimaryKeyConstraint("terminal", "day", "service", "bucket"),
    Index(None, "day"),
)
"""How long uses that came to their end page took: counts by the buckets of ``bureau.analytics.spread``."""

opinion = table(
    "opinion",
    words("source"),
    Column("day", Day, nullable=False),
    words("topic"),
    Column("number", Whole, nullable=False),
    CheckConstraint("number >= 0", name="number_counts"),
    PrimaryKeyConstraint("source", "day", "topic"),
)
"""舆情: what sources outside of the centre counted of a topic on a day."""
