"""The tables of ``devices.db``. Times are ISO 8601 with offset; no table holds a person's data."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

VERSION: Final = 4
"""``PRAGMA user_version`` of the layout below. 2 added ``struck``, 3 ``machines``, 4 ``identity``.

New ones are made beside the old.
"""

metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("key", String, primary_key=True),
    Column("service", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("client", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", String),
    Column("error_code", String),
    Column("sheets", Integer, nullable=False, default=0),
    Column("detail", JSON, nullable=False),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Index("jobs_by_state", "service", "state"),
)
"""Every job by the client's key. ``detail`` of a print: its name at the printer; of a dispense: unit, code, first,
last, and the hardware's totals when its state was last written; of a payment: order, terminal and outcome."""

sheets = Table(
    "sheets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_key", ForeignKey("jobs.key"), nullable=False),
    Column("position_in_job", Integer, nullable=False),
    Column("service", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("code", String, nullable=False),
    Column("number", String, nullable=False),
    Column("read", String),
    Column("position", String, nullable=False),
    Column("fault", String),
    Column("before", JSON, nullable=False),
    Column("moved_at", String, nullable=False),
    UniqueConstraint("code", "number", name="a_number_moves_once"),
    UniqueConstraint("job_key", "position_in_job", name="one_sheet_a_place"),
    sqlite_autoincrement=True,
)
"""Every numbered sheet that has left its unit, or is about to (``position`` feeding)."""

struck = Table(
    "struck",
    metadata,
    Column("code", String, primary_key=True),
    Column("number", String, primary_key=True),
    Column("job_key", ForeignKey("jobs.key"), nullable=False),
    Column("service", String, nullable=False),
)
"""Every numbered form that ink may have been struck on: a number is printed once for ever."""

units = Table(
    "units",
    metadata,
    Column("service", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("code", String),
    Column("kind", String),
    Column("first", String),
    Column("next", String),
    Column("last", String),
    Column("status", String, nullable=False),
    Column("reason", String),
    Column("threshold", Integer, nullable=False),
    Column("updated_at", String, nullable=False),
    CheckConstraint("status in ('ok','locked','quarantined')", name="known_status"),
)
"""What each unit holds: from ``next`` to ``last``; ``next`` is null when nothing is left."""

moves = Table(
    "moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("service", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("what", String, nullable=False),
    Column("code", String),
    Column("first", String),
    Column("last", String),
    Column("client", String),
    Column("detail", String),
    sqlite_autoincrement=True,
)
"""Append only: what was loaded, unloaded, locked, unlocked, quarantined, released and looked after, by whom."""

counters = Table(
    "counters",
    metadata,
    Column("service", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),
)
"""Sheets in the bins since they were last emptied; ``care.…``: what wears, since the book began."""

cabinet_events = Table(
    "cabinet_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("service", String, nullable=False),
    Column("sensor", String, nullable=False),
    Column("value", String, nullable=False),
    sqlite_autoincrement=True,
)
"""Append only: when a door, an alarm, the key switch or the mains changed."""

machines = Table(
    "machines",
    metadata,
    Column("service", String, primary_key=True),
    Column("serial", String, nullable=False),
    Column("before", String),
    Column("met_at", String, nullable=False),
)
"""Which machine holds a service's stock, by its own serial number, and which one stood there ``before`` it."""

services = Table(
    "services",
    metadata,
    Column("service", String, primary_key=True),
    Column("exchange", Boolean, nullable=False),
    Column("exchange_by", String),
)
"""What must survive a restart about a whole service."""

identity = Table("identity", metadata, Column("id", String, primary_key=True))
"""One row, made with the book: another one after it means that what the lost one held is not known here."""
