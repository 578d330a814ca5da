"""The invoice lottery: a round a day, and a draw an invoice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf

Ticket = dict[str, Any]


class Lottery(Shelf):
    """Rounds by day, draws by the ticket's number."""

    def lottery_round(self, now: datetime, day: str) -> Any:
        return self.data["rounds"].get(day)

    def lottery_open(self, now: datetime, new: dict[str, Any]) -> Any:
        return self.data["rounds"].setdefault(new["day"], new)

    def lottery_unrevealed(self, now: datetime, before: str) -> Any:
        known = sorted(self.data["rounds"].items())
        return [one for day, one in known if day < before and one["seed"] is None]

    def lottery_reveal(self, now: datetime, day: str, seed: str) -> Any:
        self.data["rounds"][day]["seed"] = seed

    def lottery_number_for(self, now: datetime, key: str) -> Any:
        return self.data["numbers"].setdefault(f"draw {key}", self.number("55", now))

    def lottery_add(self, now: datetime, ticket: Ticket) -> Any:
        self.data["draws"][ticket["ticket"]] = ticket

    def lottery_of_invoice(self, now: datetime, invoice: str) -> Any:
        return next((one for one in self.data["draws"].values() if one["invoice"] == invoice), None)

    def lottery_ticket(self, now: datetime, number: str, lock: bool) -> Any:
        return self.data["draws"].get(number)

    def lottery_drawn_by(self, now: datetime, mobile: str, day: str) -> Any:
        mine = [one for one in self.data["draws"].values() if (one["mobile"], one["day"]) == (mobile, day)]
        return len(mine)

    def lottery_change(self, now: datetime, ticket: Ticket) -> Any:
        self.data["draws"][ticket["ticket"]] = ticket

    def lottery_listed(self, now: datetime, states: list[str], limit: int) -> Any:
        return [one for one in self.data["draws"].values() if one["state"] in states][:limit]
