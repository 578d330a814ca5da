"""Payment orders, what became of them, what was booked, and the daily comparison with the acquirer."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint

from bureau.store.tables._base import money, one_of, table, unique_where, words
from bureau.store.types import Day, Flag, Moment, Whole, Words

bill = table(
    "bill",
    words("bill", key=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    Column("issued_at", Moment, nullable=False),
    words("issued_by"),
    Column("valid_until", Day, nullable=False),
    Column("withdrawn_at", Moment),
    words("withdrawn_by", nullable=True),
    Index(None, "taxpayer"),
)
"""Payment vouchers (缴款凭证). Whether one is paid is not written here: its dues tell."""

bill_due = table(
    "bill_due",
    Column("bill", ForeignKey("bill.bill"), nullable=False),
    Column("due", ForeignKey("due.due"), nullable=False),
    PrimaryKeyConstraint("bill", "due"),
    Index(None, "due"),
)

payment_order = table(
    "payment_order",
    words("order_no", key=True),
    Column("key", Words, nullable=False, unique=True),
    words("terminal"),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    words("subject"),
    money("amount_fen"),
    words("channel"),
    words("state"),
    words("qr"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("paid_at", Moment),
    words("payer_masked", nullable=True),
    words("reference"),
    Column("tries", Whole, nullable=False),
    Column("next_query_at", Moment),
    words("bill", nullable=True),
    one_of("state", "created", "approved", "declined", "closed", "unknown"),
    Index(None, "next_query_at"),
)
"""``bill``: the payment voucher that was paid by it."""

payment_due = table(
    "payment_due",
    Column("order_no", ForeignKey("payment_order.order_no"), nullable=False),
    Column("due", ForeignKey("due.due"), nullable=False),
    money("amount_fen"),
    money("late_fee_fen"),
    money("left_fen"),
    PrimaryKeyConstraint("order_no", "due"),
    Index(None, "due"),
)
"""``left_fen``: what is left of the due once the order is paid, surcharge included, on the day the order was made.

Where something is left, the order pays a part: once it is booked, ``due`` is that part, with a number of its own.
"""

payment_debit = table(
    "payment_debit",
    Column("order_no", ForeignKey("payment_order.order_no"), primary_key=True),
    words("agreement"),
    words("bank"),
    words("account"),
    words("holder"),
    words("word"),
)
"""The account that an order is debited from (三方协议扣款), as the agreement stood; ``word``: why its bank declined."""

payment_event = table(
    "payment_event",
    Column("order_no", ForeignKey("payment_order.order_no"), nullable=False),
    Column("line", Whole, nullable=False),
    Column("at", Moment, nullable=False),
    words("from_state"),
    words("to_state"),
    words("source"),
    words("note"),
    PrimaryKeyConstraint("order_no", "line"),
)
"""Append only: every change of an order and where it was learnt."""

booking = table(
    "booking",
    Column("order_no", ForeignKey("payment_order.order_no"), primary_key=True),
    Column("voucher", Words, nullable=False, unique=True),
    money("amount_fen"),
    Column("booked_at", Moment, nullable=False),
    Column("entry_date", Day, nullable=False),
)
"""Money entered to the treasury (入库): at most once an order, because the order is the key."""

treasury_entry = table(
    "treasury_entry",
    Column("due", ForeignKey("due.due"), primary_key=True),
    words("voucher"),
    money("amount_fen"),
    money("late_fee_fen"),
    Column("entry_date", Day, nullable=False),
)
"""Taxes that came to the treasury otherwise than by an order of this centre: at a counter, by debit, by the portal."""

reconciliation = table(
    "reconciliation",
    Column("day", Day, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("ours_count", Whole, nullable=False),
    Column("ours_fen", Whole, nullable=False),
    Column("theirs_count", Whole, nullable=False),
    Column("theirs_fen", Whole, nullable=False),
    Column("balanced", Flag, nullable=False),
)

reconciliation_line = table(
    "reconciliation_line",
    Column("day", Day, nullable=False),
    words("order_no"),
    words("result"),
    Column("ours_fen", Whole),
    Column("theirs_fen", Whole),
    words("action"),
    words("case_no", nullable=True),
    PrimaryKeyConstraint("day", "order_no"),
    one_of("result", "MATCH", "OURS_ONLY", "THEIRS_ONLY", "AMOUNT_DIFF"),
)
"""Below zero: what was given back on that day."""

acquirer_line = table(
    "acquirer_line",
    Column("day", Day, nullable=False),
    words("channel"),
    Column("line", Whole, nullable=False),
    words("order_no"),
    words("kind"),
    Column("amount_fen", Whole, nullable=False),
    words("reference"),
    Column("at", Moment, nullable=False),
    words("repayment", nullable=True),
    PrimaryKeyConstraint("day", "channel", "line"),
    one_of("kind", "sale", "void", "refund"),
    Index(None, "order_no"),
)
"""The acquirers' daily files as they came, the newest of each day: what was charged is proven by nothing else.

``repayment``: ours that the line confirms. The order need not be one of this centre.
"""

repayment = table(
    "repayment",
    words("repayment", key=True),
    words("order_no"),
    Column("case_no", ForeignKey("case_file.case_no"), nullable=False),
    words("channel"),
    money("amount_fen"),
    words("reference"),
    words("officer"),
    words("second"),
    words("reason"),
    words("state"),
    Column("ordered_at", Moment, nullable=False),
    words("word"),
    Column("given_at", Moment),
    Column("confirmed_on", Day),
    Column("tries", Whole, nullable=False),
    Column("next_query_at", Moment),
    one_of("state", "ordered", "processing", "given", "refused", "confirmed"),
    Index(None, "order_no"),
    Index(None, "next_query_at"),
    Index(None, "confirmed_on"),
    unique_where("uq_repayment_under_way", "state IN ('ordered', 'processing', 'given')", "order_no"),
)
"""Charges given back by the acquirer (原路退款), written before it is asked. One of an order is under way at a time.

``word``: the acquirer's, or its desk's, for a refusal.
"""

refund = table(
    "refund",
    words("refund_no", key=True),
    Column("case_no", ForeignKey("matter_case.case_no"), nullable=False, unique=True),
    Column("taxpayer", ForeignKey("taxpayer.taxpayer"), nullable=False),
    Column("declaration", ForeignKey("declaration.declaration"), nullable=False),
    words("bank"),
    words("account"),
    words("state"),
    Column("approved_at", Moment, nullable=False),
    words("approved_by"),
    words("ordered_by", nullable=True),
    money("interest_fen"),
    money("set_off_fen"),
    Column("settled_on", Day),
    words("reason", nullable=True),
    one_of("state", "approved", "ordered", "paid", "returned"),
    Index(None, "taxpayer"),
    Index(None, "declaration"),
    Index(None, "state"),
)

refund_part = table(
    "refund_part",
    Column("refund_no", ForeignKey("refund.refund_no"), nullable=False),
    Column("line", Whole, nullable=False),
    words("tax"),
    Column("due", ForeignKey("due.due")),
    Column("entry_date", Day),
    money("amount_fen"),
    money("late_fee_fen"),
    PrimaryKeyConstraint("refund_no", "line"),
    Index(None, "due"),
)
"""What a refund gives back, payment by payment; what is here is no longer paid."""
