"""Who people and enterprises are, and who acts for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import CHINA, Shelf

RANKS = "LFTBA"
"""Roles from the head of the enterprise down."""


class Registration(Shelf):
    """People, taxpayers, roles."""

    def registration_person(self, now: datetime, key: dict[str, str]) -> Any:
        return next((p for p in self.data["people"] if p["key"] == key), None)

    def registration_taxpayer(self, now: datetime, taxpayer: str, lock: bool) -> Any:
        return self.data["taxpayers"].get(taxpayer)

    def registration_roles(self, now: datetime, key: dict[str, str], day: str) -> Any:
        held = [r for r in self.data["roles"] if r["key"] == key and _in_force(r, day)]
        return [{"taxpayer": self.data["taxpayers"][r["taxpayer"]], "role": r["role"]} for r in held]

    def registration_own(self, now: datetime, key: dict[str, str]) -> Any:
        return self.data["taxpayers"].get(key["number"])

    def mandates_of_attorney(self, now: datetime, person: dict[str, str], day: str) -> Any:
        return []  # nobody acts for another person here

    def registration_owner(self, now: datetime, taxpayer: str) -> Any:
        return next((p for p in self.data["people"] if p["key"]["number"] == taxpayer), None)

    def registration_liable(self, now: datetime, taxpayer: str, tax: str, cycle: str, since: str) -> Any:
        mine = self.data["duties"].setdefault(taxpayer, [])
        known = next((d for d in mine if d["tax"] == tax and d["valid_to"] is None), None)
        if known is None:
            duty = {"tax": tax, "cycle": cycle, "quota_fen": None, "valid_from": since, "valid_to": None}
            mine.append(duty)
        else:
            known["valid_from"] = min(since, known["valid_from"])

    def registration_staff(self, now: datetime, taxpayer: str, roles: list[str], day: str) -> Any:
        keys = [r["key"] for r in self.data["roles"] if r["taxpayer"] == taxpayer and r["role"] in roles]
        return [p for p in self.data["people"] if p["key"] in keys]

    def registration_posts(self, now: datetime, taxpayer: str, day: str) -> Any:
        first = self.data["taxpayers"][taxpayer]["registered_on"]
        held = [
            {
                "person": self.registration_person(now, r["key"]),
                "role": r["role"],
                "since": r.get("since", first),
            }
            for r in self.data["roles"]
            if r["taxpayer"] == taxpayer and _in_force(r, day)
        ]
        return sorted(held, key=lambda post: (RANKS.index(post["role"]), post["person"]["name"]))

    def registration_bind(
        self, now: datetime, taxpayer: str, person: dict[str, str], role: str, day: str
    ) -> Any:
        self.data["roles"].append({"key": person, "taxpayer": taxpayer, "role": role, "since": day})

    def registration_release(
        self, now: datetime, taxpayer: str, person: dict[str, str], role: str, day: str
    ) -> Any:
        for held in self.data["roles"]:
            if (held["taxpayer"], held["key"], held["role"]) == (taxpayer, person, role):
                held.setdefault("until", day)

    def registration_register_own(self, now: datetime, person: dict[str, Any]) -> Any:
        number = person["key"]["number"]
        new = {
            "taxpayer": number, "name": person["name"], "state": "normal", "small_scale": True, "quarterly": False,
            "levy_rate": "", "city_rate": "", "half_six_taxes": True, "risk": "low",
            "registered_on": now.astimezone(CHINA).date().isoformat(), "used_verified_to": None,
        }  # fmt: skip
        return self.data["taxpayers"].setdefault(number, new)

    def registration_declaring(self, now: datetime, after: str, limit: int) -> Any:
        return []  # this core reminds people itself


def _in_force(role: dict[str, str], day: str) -> bool:
    return role.get("since", "") <= day and day < role.get("until", "9999")
