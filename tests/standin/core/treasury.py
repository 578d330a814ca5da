"""What the treasury has: each payment of a due under its voucher, less what is given back of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from tests.standin.core.returns import Returns
from tests.standin.core.shelf import CHINA

OF_DUE = ("due", "tax", "period_first", "period_last")


class Treasury(Returns):
    """Entries by due; what an officer allowed to be given back is no longer paid from then on."""

    def returns_paid(
        self, now: datetime, taxpayer: str, tax: str, first: str, last: str, subject: str | None
    ) -> Any:
        of_period = self._of_period((taxpayer, tax, first, last), subject)
        mine = [d for d in self.data["dues"] if d["declaration"] in of_period]
        paid: Counter[str] = Counter()
        for due in mine:
            paid[due["tax"]] += due["amount_fen"] if due["state"] == "paid" else 0
            paid[due["tax"]] -= sum(part["amount_fen"] for part in self._given_back(due["due"]))
        return {tax: paid[tax] for tax in paid if any(d["tax"] == tax and d["state"] == "paid" for d in mine)}

    def returns_in_treasury(
        self, now: datetime, taxpayer: str, tax: str, first: str, last: str, subject: str | None
    ) -> Any:
        of_period = self._of_period((taxpayer, tax, first, last), subject)
        found = [one for one in self._entries() if one["declaration"] in of_period]
        for one in found:
            for part in self._given_back(one["due"]):
                one |= {name: one[name] - part[name] for name in ("amount_fen", "late_fee_fen")}
        return [_told(one) for one in found if one["amount_fen"] > 0]

    def returns_entered(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        found = [one for one in self._entries() if one["taxpayer"] == taxpayer]
        for refund in self.data["refunds"].values():
            if (refund["taxpayer"], refund["state"]) == (taxpayer, "paid"):
                found += [
                    self._of_due(part["due"])
                    | {
                        "amount_fen": -part["amount_fen"],
                        "late_fee_fen": -part["late_fee_fen"],
                        "voucher": refund["refund"],
                        "entry_date": refund["settled_on"],
                    }
                    for part in refund["parts"]
                    if part["due"] is not None
                ]
        found.sort(key=lambda one: (one["entry_date"], one["voucher"], one["due"]))
        return [_told(one) for one in found if first <= one["entry_date"] <= last]

    def returns_set_off(
        self, now: datetime, due: dict[str, Any], amount_fen: int, late_fee_fen: int, voucher: str
    ) -> Any:
        known = self.returns_due(now, due["due"])
        if amount_fen < known["amount_fen"]:
            known["amount_fen"] -= amount_fen
            known = known | {"due": self.number("43", now), "amount_fen": amount_fen}
            self.data["dues"].append(known)
        known["state"] = "paid"
        self.enter(now, known["due"], amount_fen, late_fee_fen, voucher)

    def enter(self, now: datetime, due: str, amount_fen: int, late_fee_fen: int, voucher: str) -> None:
        """The treasury has entered this payment today."""
        entry = {"due": due, "amount_fen": amount_fen, "late_fee_fen": late_fee_fen, "voucher": voucher}
        self.data["treasury"].append(entry | {"entry_date": now.astimezone(CHINA).date().isoformat()})

    def _entries(self) -> list[dict[str, Any]]:
        """Every payment with the due that it was of."""
        return [self._of_due(entry["due"]) | entry for entry in self.data["treasury"]]

    def _of_due(self, number: str) -> dict[str, Any]:
        return next(dict(due) for due in self.data["dues"] if due["due"] == number)

    def _given_back(self, due: str) -> list[dict[str, Any]]:
        return [
            part for refund in self.data["refunds"].values() for part in refund["parts"] if part["due"] == due
        ]


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in (*OF_DUE, "amount_fen", "late_fee_fen", "voucher", "entry_date")}
