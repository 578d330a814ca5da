"""Returns, and what is due by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Outcome, Shelf


class Returns(Shelf):
    """Income, returns and dues."""

    def returns_income_months(self, now: datetime, key: dict[str, str]) -> Any:
        return sorted({line["month"] for line in self._income(key)})

    def returns_income(self, now: datetime, key: dict[str, str], first: str, last: str) -> Any:
        return [line for line in self._income(key) if first <= line["month"] <= last]

    def _income(self, key: dict[str, str]) -> list[Any]:
        return list(self.data["income"].get(key["number"], []))

    def returns_filed(
        self, now: datetime, taxpayer: str, tax: str, first: str, last: str, subject: str
    ) -> Any:
        wanted = (taxpayer, tax, first, last, subject)
        found = [f for f in self.data["filed"] if _about(f) == wanted and f["stands"]]
        return _filed(found[0]) if found else None

    def returns_filings(self, now: datetime, taxpayer: str, since: str) -> Any:
        mine = [f for f in self.data["filed"] if f["taxpayer"] == taxpayer and f["period_last"] >= since]
        return [self._kept(f) for f in reversed(mine)]

    def returns_kept(self, now: datetime, declaration: str) -> Any:
        return next((self._kept(f) for f in self.data["filed"] if f["declaration"] == declaration), None)

    def _kept(self, filed: dict[str, Any]) -> Any:
        mine = [
            d for d in self.data["dues"] if d["declaration"] == filed["declaration"] and d["state"] == "open"
        ]
        return {
            "filed": _filed(filed),
            "figures": filed["figures"],
            "subject": filed["subject"],
            "limit_date": filed["limit_date"],
            "stands": filed["stands"],
            "owed_fen": sum(d["amount_fen"] for d in mine),
            "withdrawn": filed.get("withdrawn", False),
        }

    def returns_file(self, now: datetime, filing: dict[str, Any]) -> Any:
        earlier = [f for f in self.data["filed"] if _about(f) == _about(filing) and f["stands"]]
        if earlier and earlier[0]["declaration"] != filing["replaces"]:
            raise Outcome("AlreadyFiled", declaration=earlier[0]["declaration"])
        for one in earlier:
            self._end(one)
        filed = filing | {"declaration": self.number("31", now), "stands": True}
        self.data["filed"].append(filed)
        for due in filing["dues"]:
            if due["amount_fen"]:
                self.data["dues"].append({
                    "due": self.number("43", now), "taxpayer": filing["taxpayer"], "tax": due["tax"],
                    "period_first": filing["period_first"], "period_last": filing["period_last"],
                    "amount_fen": due["amount_fen"], "limit_date": filing["limit_date"],
                    "declaration": filed["declaration"], "state": "open", "held_by": None,
                })  # fmt: skip
        return _filed(filed)

    def returns_withdraw(self, now: datetime, declaration: str) -> Any:
        filed = next(f for f in self.data["filed"] if f["declaration"] == declaration)
        mine = [d for d in self.data["dues"] if d["declaration"] == declaration]
        if any(d["state"] == "paid" or d["held_by"] for d in mine):
            return False
        self._end(filed)
        filed["withdrawn"] = True
        return True

    def _end(self, filed: dict[str, Any]) -> None:
        filed["stands"] = False
        for due in self.data["dues"]:
            mine = due["declaration"] == filed["declaration"] and due["state"] == "open"
            if mine and not due["held_by"]:
                due["state"] = "cancelled"

    def returns_dues(self, now: datetime, taxpayer: str) -> Any:
        mine = [d for d in self.data["dues"] if d["taxpayer"] == taxpayer and d["state"] == "open"]
        return sorted(mine, key=lambda due: str(due["limit_date"]))

    def returns_due(self, now: datetime, due: str, lock: bool = False) -> Any:
        return next((d for d in self.data["dues"] if d["due"] == due), None)

    def _of_period(self, wanted: tuple[str, ...], subject: str | None) -> set[str]:
        mine = [f for f in self.data["filed"] if _about(f)[:4] == wanted]
        return {f["declaration"] for f in mine if subject is None or f["subject"] == subject}

    def reliefs_granted(self, now: datetime, taxpayer: str) -> Any:
        return []  # this core grants none

    def returns_overdue(self, now: datetime, taxpayer: str, day: str) -> Any:
        return [d for d in self.returns_dues(now, taxpayer) if d["limit_date"] < day]

    def returns_complete_since(self, now: datetime) -> Any:
        return self.data["complete_since"]

    def returns_duties(self, now: datetime, taxpayer: str, first: str, last: str) -> Any:
        mine = self.data["duties"].get(taxpayer, [])
        return [d for d in mine if d["valid_from"] <= last and first <= (d["valid_to"] or last)]


def _about(filing: dict[str, Any]) -> tuple[str, ...]:
    return tuple(filing[name] for name in ("taxpayer", "tax", "period_first", "period_last", "subject"))


def _filed(filing: dict[str, Any]) -> dict[str, Any]:
    names = ("declaration", "taxpayer", "tax", "period_first", "period_last", "total_fen", "filed_at")
    return {name: filing[name] for name in names}
