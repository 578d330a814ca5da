"""The invoice lottery: pools of prizes, a round a day, and a draw an invoice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf

Ticket = dict[str, Any]
Pool = dict[str, Any]
PROMISED = ("title", "first", "last", "budget_fen", "draws", "odds", "won_fen")


class Lottery(Shelf):
    """Pools by name, rounds by day, draws by the ticket's number."""

    def lottery_lock(self, now: datetime) -> Any:
        """One transaction after the other writes here."""

    def lottery_pools(self, now: datetime) -> Any:
        return sorted(self.data["pools"].values(), key=lambda one: (one["first"], one["pool"]))

    def lottery_pool(self, now: datetime, name: str, lock: bool) -> Any:
        return self.data["pools"].get(name)

    def lottery_add_pool(self, now: datetime, pool: Pool) -> Any:
        self.data["pools"][pool["pool"]] = pool

    def lottery_change_pool(self, now: datetime, pool: Pool) -> Any:
        standing = self.data["pools"][pool["pool"]]
        self.data["pools"][pool["pool"]] = {**pool, **{name: standing[name] for name in PROMISED}}

    def lottery_rounds(self, now: datetime, pool: str) -> Any:
        return [one for _, one in sorted(self.data["rounds"].items()) if one["pool"] == pool]

    def lottery_tally(self, now: datetime, pool: str, day: str) -> Any:
        days = {one["day"] for one in self.lottery_rounds(now, pool)}
        counted: dict[tuple[int, str, bool], int] = {}
        for one in self.data["draws"].values():
            lapsed = one["state"] in ("won", "returned") and one["claim_until"] < day
            if one["day"] in days:
                key = (one["prize_fen"], one["state"], lapsed)
                counted[key] = counted.get(key, 0) + 1
        return [
            {"prize_fen": prize, "state": state, "lapsed": lapsed, "count": count}
            for (prize, state, lapsed), count in sorted(
                counted.items(), key=lambda one: (-one[0][0], one[0][1:])
            )
        ]

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
        pool = self.data["pools"].get(self.data["rounds"].get(ticket["day"], {}).get("pool"))
        if pool is not None:
            pool["won_fen"] += ticket["prize_fen"]

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
