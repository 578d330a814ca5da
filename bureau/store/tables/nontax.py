"""Notices of non-tax revenue (非税收入缴款通知书) and the orders that pay them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from bureau.store.tables._base import money, table, words
from bureau.store.types import Day, Moment

nontax_notice = table(
    "nontax_notice",
    words("code", key=True),
    Column("payer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("authority"),
    words("item"),
    money("amount_fen"),
    Column("issued_at", Moment, nullable=False),
    words("issued_by"),
    Column("limit_date", Day, nullable=False),
    Column("valid_until", Day, nullable=False),
    Column("withdrawn_at", Moment),
    words("withdrawn_by", nullable=True),
    words("held_by", nullable=True),
    Index(None, "payer"),
)
"""``held_by``: the order that is collecting it. Whether it is paid is not written here: that order's booking tells."""

nontax_payment = table(
    "nontax_payment",
    Column("order_no", ForeignKey("payment_order.order_no"), primary_key=True),
    Column("code", ForeignKey("nontax_notice.code"), nullable=False),
    money("amount_fen"),
    money("late_fee_fen"),
    words("receipt_code", nullable=True),
    words("receipt_number", nullable=True),
    words("receipt_check", nullable=True),
    Index(None, "code"),
)
"""What an order is for, with the late fee of its day; the receipt (非税收入一般缴款书（电子）) once it is booked."""
