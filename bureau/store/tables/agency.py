"""Applications for invoices that the bureau issues for others (代开发票)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from bureau.store.tables._base import money, one_of, table, words
from bureau.store.types import Flag, Json, Moment, Words

agency_application = table(
    "agency_application",
    Column("application", ForeignKey("declaration.declaration"), primary_key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    Column("own", Flag, nullable=False),
    words("person_kind"),
    words("person_number"),
    words("kind"),
    words("buyer"),
    words("buyer_number"),
    Column("lines", Json, nullable=False),
    money("net_fen"),
    money("tax_fen"),
    words("remark"),
    Column("applied_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    words("state"),
    Column("number", Words, unique=True),
    one_of("kind", "ordinary", "special"),
    one_of("state", "open", "issued", "lapsed"),
    Index(None, "taxpayer", "state"),
    Index(None, "state", "applied_at"),
)
"""``number``: of the invoice, once it is issued; an application has one at most, an invoice one application."""
