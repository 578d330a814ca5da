"""The invoice lottery (有奖发票): the rounds and what was drawn."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index

from bureau.store.tables._base import money, one_of, table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole, Words

lottery_round = table(
    "lottery_round",
    Column("day", Day, primary_key=True),
    words("commitment"),
    Column("odds", Json, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("opened_at", Moment, nullable=False),
    words("seed", nullable=True),
)
"""``sealed`` opens for the centre alone; ``seed`` is published when the day is over."""

lottery_ticket = table(
    "lottery_ticket",
    words("ticket", key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("day", ForeignKey("lottery_round.day"), nullable=False),
    Column("invoice", Words, nullable=False, unique=True),
    words("mobile"),
    words("terminal"),
    Column("drawn", Whole, nullable=False),
    money("prize_fen"),
    Column("drawn_at", Moment, nullable=False),
    Column("claim_until", Day, nullable=False),
    words("code_sha256"),
    words("state"),
    words("person_kind", nullable=True),
    words("person_number", nullable=True),
    words("bank"),
    words("account"),
    words("case_no"),
    Column("settled_on", Day),
    words("reason"),
    CheckConstraint("drawn >= 0 AND drawn < 1000000", name="drawn_of_a_million"),
    one_of("state", "blank", "won", "ordered", "paid", "returned"),
    Index(None, "mobile", "day"),
    Index(None, "state"),
)
"""One draw an invoice. Who claimed, and where it is paid, are there once it was claimed."""
