"""Departure tax refunds: stores on record, applications of travellers, and their invoices."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, unique_where, words
from bureau.store.types import Day, Flag, Moment

refund_shop = table(
    "refund_shop",
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    Column("since", Day, nullable=False),
    Column("until", Day),
    words("enlisted_by"),
    words("struck_by"),
    PrimaryKeyConstraint("taxpayer", "since"),
)
"""A store that is on record anew has another row."""

departure_refund = table(
    "departure_refund",
    words("application", key=True),
    words("key"),
    words("person_kind"),
    words("person_number"),
    words("name"),
    words("nationality"),
    Column("arrived_on", Day, nullable=False),
    Column("leaves_on", Day, nullable=False),
    words("port"),
    Column("cash", Flag, nullable=False),
    words("state"),
    Column("accepted_at", Moment, nullable=False),
    words("terminal"),
    words("parameters_hash"),
    words("inspected_by"),
    Column("inspected_at", Moment),
    words("ended_by"),
    Column("ended_at", Moment),
    words("reason"),
    one_of("state", "filed", "inspected", "refunded", "refused"),
    Index(None, "person_kind", "person_number"),
    Index(None, "state", "leaves_on"),
)
"""Who applies is in no register of the bureau's, so their document is no reference to one."""

departure_line = table(
    "departure_line",
    Column("application", ForeignKey("departure_refund.application"), nullable=False),
    words("invoice"),
    words("shop"),
    words("shop_name"),
    Column("issued_on", Day, nullable=False),
    money("total_fen"),
    money("at_13_fen"),
    money("at_9_fen"),
    money("refund_fen"),
    money("fee_fen"),
    words("held"),
    PrimaryKeyConstraint("application", "invoice"),
    one_of("held", "yes", "no"),
    unique_where("uq_departure_line_held", "held = 'yes'", "invoice"),
)
"""``held``: no other application may have the invoice; one that was refused lets go of it."""
