"""The promises, a module a part of the page; importing this fills ``bench.PROMISES`` in the order of asking."""

# ruff: noqa: I001  # the order of asking
from bureau.conformance.promises import (
    wire,
    transactions,
    answers,
    registration,
    returns,
    payments,
    refunds,
    invoices,
    deliveries,
    handovers,
    einvoices,
    certificates,
    matters,
    keepsakes,
    mail,
    phones,
    queue,
    lottery,
)

__all__ = [
    "answers",
    "certificates",
    "deliveries",
    "einvoices",
    "handovers",
    "invoices",
    "keepsakes",
    "lottery",
    "mail",
    "matters",
    "payments",
    "phones",
    "queue",
    "refunds",
    "registration",
    "returns",
    "transactions",
    "wire",
]
