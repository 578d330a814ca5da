"""What every part of this core stands on: its books as plain data, its numbers, and its outcomes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
DIGITS = "0123456789"
BY_NAME = (
    "answers", "approvals", "asked_at", "bookings", "cases", "certificates", "challenges", "checks", "credit", "deliveries",
    "devices", "documents", "drafts", "draws", "duties", "halls", "handovers", "invoice_files", "invoice_links", "letter_files", "letters", "links",
    "locks", "mailboxes", "matters", "nontax", "numbers", "orders", "pages", "pools", "ratings", "refunds", "reservations", "rounds", "slips", "social", "terminals",
    "units", "unused", "vehicles",
)  # fmt: skip
"""Parts of the books in which a number, a key or an owner is looked up."""
IN_ORDER = (
    "device_orders", "device_reports", "dues", "entries", "filed", "looks", "messages", "movements", "notices", "queue", "repayments",
    "sheets", "sold", "treasury",
)  # fmt: skip
"""Parts in which one comes after the other."""


class Outcome(Exception):
    """What a method answers in place of its result."""

    def __init__(self, error: str, **values: Any) -> None:
        self.error, self.values = error, values


class Missing(Exception):
    """A method that this core does not have."""


class Shelf:
    """What this core knows; every method of a port is one here: ``port_method``."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = {name: {} for name in BY_NAME} | {name: [] for name in IN_ORDER}
        self.data |= {"complete_since": None, "serial": 0} | data

    def number(self, kind: str, now: datetime) -> str:
        """This core's own numbers; where the centre prints them it wants twenty digits with a check digit."""
        self.data["serial"] += 1
        body = f"{kind}7700{now.astimezone(CHINA):%y%m%d}{self.data['serial']:07d}"
        return body + _check_digit(body)


def _check_digit(body: str) -> str:
    """ISO/IEC 7064, MOD 11-10."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return DIGITS[(11 - product) % 10]
