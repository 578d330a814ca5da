"""What was paid and is given back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf


class Repayments(Shelf):
    """Repayments, ordered and answered."""

    def repayments_of_taxpayer(self, now: datetime, taxpayer: str, since: str) -> Any:
        mine = {o["order"] for o in self.data["orders"].values() if o["taxpayer"] == taxpayer}
        return [
            r for r in reversed(self.data["repayments"]) if r["order"] in mine and r["state"] != "refused"
        ]

    def repayments_order(self, now: datetime, new: dict[str, Any]) -> Any:
        made = {"repayment": self.number("45", now), "state": "ordered", "ordered_at": now.isoformat()}
        self.data["repayments"].append(new | made | {"given_at": None, "tries": 0})
        return self.data["repayments"][-1]

    def repayments_repayment(self, now: datetime, repayment: str, lock: bool) -> Any:
        return next((r for r in self.data["repayments"] if r["repayment"] == repayment), None)

    def repayments_waiting(self, now: datetime, now_: str, limit: int) -> Any:
        return [r for r in self.data["repayments"] if r["state"] in ("ordered", "processing")][:limit]

    def repayments_answered(self, now: datetime, repayment: dict[str, Any], heard: Any) -> Any:
        known = self.repayments_repayment(now, repayment["repayment"], lock=True)
        if heard is not None and known["state"] in ("ordered", "processing"):
            known |= {"state": heard["state"], "word": heard["word"]}
            known["given_at"] = now.isoformat() if heard["state"] == "given" else None
        return known
