"""Records that are kept and asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf

RETURN = ("declaration", "tax", "period_first", "period_last", "figures", "total_fen", "filed_at")


class Archives(Shelf):
    """Evaluations, vehicles, social insurance, and the returns that stand."""

    def archives_credit(self, now: datetime, taxpayer: str) -> Any:
        return _latest_first(self.data["credit"].get(taxpayer, []), "year")

    def archives_credit_deductions(self, now: datetime, taxpayer: str, year: int) -> Any:
        lost = self.data.get("credit_deductions", {}).get(taxpayer, [])
        return sorted((one for one in lost if one["year"] == year), key=lambda one: one["happened_on"])

    def archives_vehicles(self, now: datetime, key: dict[str, str]) -> Any:
        return _latest_first(self.data["vehicles"].get(key["number"], []), "entry_date")

    def archives_social(self, now: datetime, key: dict[str, str], first: str, last: str) -> Any:
        paid = [one for one in self.data["social"].get(key["number"], []) if first <= one["month"] <= last]
        return sorted(paid, key=lambda one: (one["month"], one["insurance"]))

    def archives_firm_vehicles(self, now: datetime, taxpayer: str) -> Any:
        return _latest_first(self.data.get("firm_vehicles", {}).get(taxpayer, []), "entry_date")

    def archives_unit_payments(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        paid = self.data.get("unit_payments", {}).get(taxpayer, [])
        mine = [one for one in paid if first <= one["month"] <= last]
        return sorted(mine, key=lambda one: (one["month"], one["insurance"]))

    def archives_returns(self, now: datetime, taxpayer: str, since: str) -> Any:
        standing = [
            {name: one[name] for name in RETURN}
            for one in self.data["filed"]
            if one["taxpayer"] == taxpayer and one["stands"] and one["period_last"] >= since
        ]
        return _latest_first(standing, "filed_at")


def _latest_first(records: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    return sorted(records, key=lambda one: one[by], reverse=True)
