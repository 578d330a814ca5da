"""The promises, a module a part of the page; importing this fills ``bench.PROMISES`` in the order of asking."""

# ruff: noqa: I001  # the order of asking
from bureau.conformance.promises import (
    wire,
    transactions,
    answers,
    registration,
    returns,
    payments,
    invoices,
    certificates,
    matters,
    keepsakes,
)

__all__ = [
    "answers",
    "certificates",
    "invoices",
    "keepsakes",
    "matters",
    "payments",
    "registration",
    "returns",
    "transactions",
    "wire",
]
