"""Exported goods by customs declaration, and the special invoices by which they were bought."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, words
from bureau.store.types import Day, Whole

export_line = table(
    "export_line",
    words("customs_no"),
    Column("item", Whole, nullable=False),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    Column("exported_on", Day, nullable=False),
    words("hs"),
    words("goods"),
    Column("quantity", Whole, nullable=False),
    words("unit"),
    money("fob_fen"),
    Column("exchange_on", Day),
    words("state"),
    Column("case_no", ForeignKey("matter_case.case_no")),
    money("refund_fen", nullable=True),
    PrimaryKeyConstraint("customs_no", "item"),
    one_of("state", "free", "asked", "back"),
    Index(None, "taxpayer", "exported_on"),
    Index(None, "case_no"),
)
"""``refund_fen`` is what was asked for, once it was."""

export_purchase = table(
    "export_purchase",
    words("customs_no"),
    Column("item", Whole, nullable=False),
    words("invoice"),
    words("seller"),
    Column("issued_on", Day, nullable=False),
    Column("quantity", Whole, nullable=False),
    money("net_fen"),
    money("tax_fen"),
    Column("confirmed_on", Day),
    PrimaryKeyConstraint("customs_no", "item", "invoice"),
    ForeignKeyConstraint(["customs_no", "item"], ["export_line.customs_no", "export_line.item"]),
)
