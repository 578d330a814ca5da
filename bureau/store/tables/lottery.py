"""The invoice lottery (有奖发票): pools, their rounds, and what was drawn."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index

from bureau.store.tables._base import money, one_of, table, words
from bureau.store.types import Bytes, Day, Json, Moment, Whole, Words

lottery_pool = table(
    "lottery_pool",
    words("pool", key=True),
    Column("title", Json, nullable=False),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    money("budget_fen"),
    Column("draws", Whole, nullable=False),
    Column("odds", Json, nullable=False),
    words("state"),
    words("proposed_by"),
    Column("proposed_at", Moment, nullable=False),
    words("decided_by"),
    Column("decided_at", Moment),
    words("closed_by"),
    Column("closed_at", Moment),
    Column("closed_on", Day),
    Column("reason", Json),
    money("won_fen"),
    one_of("state", "proposed", "refused", "published", "closed"),
    CheckConstraint("first <= last", name="days_in_order"),
    CheckConstraint("won_fen <= budget_fen", name="won_within_budget"),
)
"""What a pool promises is never changed. ``won_fen`` is counted with each draw, and never above its budget."""

lottery_round = table(
    "lottery_round",
    Column("day", Day, primary_key=True),
    words("commitment"),
    Column("odds", Json, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("opened_at", Moment, nullable=False),
    words("seed", nullable=True),
    Column("pool", ForeignKey("lottery_pool.pool")),
    Index(None, "pool"),
)
"""``sealed`` opens for the centre alone; ``seed`` is published when the day is over. No ``pool``: older than these."""

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
    Index(None, "day"),
    Index(None, "state"),
)
"""One draw an invoice. Who claimed, and where it is paid, are there once it was claimed."""
