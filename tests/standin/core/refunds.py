"""Refunds of taxes, from an officer's yes to the money in the account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import CHINA, Shelf

NOT_ORDERED = {
    "state": "approved", "ordered_by": None, "interest_fen": 0, "set_off_fen": 0, "settled_on": None, "reason": None,
}  # fmt: skip


class Refunds(Shelf):
    """Refunds by their number; what they take out of the treasury is counted there (``treasury``)."""

    def refunds_allow(self, now: datetime, new: dict[str, Any]) -> Any:
        number = self.number("44", now)
        made = {name: value for name, value in new.items() if name != "by"} | NOT_ORDERED
        self.data["refunds"][number] = made | {
            "refund": number,
            "approved_at": now.isoformat(),
            "approved_by": new["by"],
        }
        return self.data["refunds"][number]

    def refunds_refund(self, now: datetime, number: str, lock: bool) -> Any:
        return self.data["refunds"].get(number)

    def refunds_of_case(self, now: datetime, case: str) -> Any:
        return next((one for one in self.data["refunds"].values() if one["case"] == case), None)

    def refunds_of_declaration(self, now: datetime, declaration: str) -> Any:
        return [one for one in self.data["refunds"].values() if one["declaration"] == declaration]

    def refunds_order(
        self, now: datetime, refund: dict[str, Any], by: str, interest_fen: int, set_off_fen: int
    ) -> Any:
        known = self.data["refunds"][refund["refund"]]
        known |= {"ordered_by": by, "interest_fen": interest_fen, "set_off_fen": set_off_fen}
        given = sum(part["amount_fen"] + part["late_fee_fen"] for part in known["parts"])
        if given + interest_fen > set_off_fen:
            known["state"] = "ordered"
        else:  # nothing is left for the account
            known |= {"state": "paid", "settled_on": now.astimezone(CHINA).date().isoformat()}
        return known

    def refunds_settle(self, now: datetime, refund: dict[str, Any], day: str, returned: str | None) -> Any:
        state = "paid" if returned is None else "returned"
        known = self.data["refunds"][refund["refund"]]
        known |= {"state": state, "settled_on": day, "reason": returned}
        return known

    def refunds_again(self, now: datetime, refund: dict[str, Any], account: dict[str, str], by: str) -> Any:
        known = self.data["refunds"][refund["refund"]]
        known |= {
            "state": "ordered",
            "settled_on": None,
            "reason": None,
            "account": account,
            "ordered_by": by,
        }
        return known

    def refunds_listed(self, now: datetime, states: list[str], limit: int) -> Any:
        return [one for one in self.data["refunds"].values() if one["state"] in states][:limit]
