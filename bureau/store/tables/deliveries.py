"""Orders of paper invoices that a courier brings."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index

from bureau.store.tables._base import one_of, table, unique_where, words
from bureau.store.types import Bytes, Day, Moment, Whole

invoice_delivery = table(
    "invoice_delivery",
    Column("order_no", ForeignKey("matter_case.case_no"), primary_key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("kind"),
    Column("sheets", Whole, nullable=False),
    Column("ordered_on", Day, nullable=False),
    words("state"),
    Column("since", Moment, nullable=False),
    Column("recipient", Bytes, nullable=True),
    words("code", nullable=True),
    Column("first", Whole),
    Column("last", Whole),
    words("courier"),
    words("consignment"),
    Column("ended_on", Day),
    words("signed_by"),
    words("reason"),
    words("closed_by"),
    CheckConstraint("sheets >= 1", name="holds_sheets"),
    CheckConstraint(
        "state IN ('ordered', 'cancelled') OR last - first + 1 = sheets", name="holds_what_was_ordered"
    ),
    one_of("state", "ordered", "packed", "sent", "delivered", "returned", "lost", "cancelled"),
    unique_where("uq_invoice_delivery_open", "state IN ('ordered', 'packed', 'sent')", "taxpayer", "kind"),
    unique_where("uq_invoice_delivery_consignment", "consignment <> ''", "courier", "consignment"),
    Index(None, "taxpayer", "kind", "ordered_on"),
    Index(None, "state", "ordered_on"),
)
"""``recipient`` is sealed (``bureau.ports.deliveries``). The numbers of an open one lie in place ``parcel``, unit
``order_no`` of the stock ledger from when they are packed."""
