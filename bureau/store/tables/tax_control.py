"""税控设备: tax-control devices, the report of each month, and the orders that unlock them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import one_of, table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole

tax_device = table(
    "tax_device",
    words("device", key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("state"),
    Column("sealed", Bytes, nullable=False),
    Column("counter", Whole, CheckConstraint("counter >= 0", name="counter_not_negative"), nullable=False),
    Column("cleared", Day, nullable=False),
    Column("issues_until", Day, nullable=False),
    Column("issued_on", Day, nullable=False),
    words("issued_by"),
    Column("ended_on", Day),
    words("ended_by", nullable=True),
    one_of("state", "active", "lost", "cancelled"),
    Index(None, "taxpayer"),
)
"""``sealed``: its key, which opens with the centre's sealing key alone. ``cleared``: the first day of the month that it
was unlocked for last."""

device_report = table(
    "device_report",
    Column("device", ForeignKey("tax_device.device"), nullable=False),
    Column("month", Day, nullable=False),
    words("taxpayer"),
    Column("counter", Whole, nullable=False),
    Column("kinds", Json, nullable=False),
    Column("taken_at", Moment, nullable=False),
    words("terminal"),
    words("key"),
    PrimaryKeyConstraint("device", "month"),
    Index(None, "taxpayer", "month"),
)

device_order = table(
    "device_order",
    Column("device", ForeignKey("tax_device.device"), nullable=False),
    Column("counter", Whole, nullable=False),
    Column("month", Day, nullable=False),
    Column("issues_until", Day, nullable=False),
    words("declaration", nullable=True),
    Column("made_at", Moment, nullable=False),
    words("key"),
    PrimaryKeyConstraint("device", "counter"),
    Index("uq_device_order_month", "device", "month", unique=True),
)
"""``declaration``: the return whose figures were compared, where the month ends a period of filing."""
