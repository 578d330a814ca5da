"""What was answered, told, thought, and given to people to look into."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Shelf


class AnswersAndNotices(Shelf):
    """First answers by key; messages; ratings."""

    def answers_find(self, now: datetime, key: str) -> Any:
        found = self.data["answers"].get(key)
        return found and found["kept"]

    def answers_effect(self, now: datetime, key: str) -> Any:
        return self.data["answers"].get(key)

    def answers_take_turn(self, now: datetime, key: str) -> Any:
        return True  # writers come one by one

    def answers_keep(self, now: datetime, effect: dict[str, Any]) -> Any:
        self.data["answers"][effect["kept"]["key"]] = effect

    def answers_told(self, now: datetime, key: str) -> Any:
        self.data["answers"][key]["kept"]["told"] = True

    def notices_tell(self, now: datetime, person: dict[str, Any], message: dict[str, Any]) -> Any:
        number = self.number("62", now)
        self.data["notices"].append(
            {"id": number, "at": now.isoformat(), "person": person["key"], "message": message}
        )
        return number

    def notices_for_person(self, now: datetime, key: dict[str, str], taxpayers: list[str]) -> Any:
        mine = [one for one in reversed(self.data["notices"]) if one["person"] == key]
        shown = ("kind", "title", "text", "deadline", "reference")
        found = [
            {"id": one["id"], "created": one["at"]} | {name: one["message"][name] for name in shown}
            for one in mine
        ]
        return sorted(found, key=lambda one: str(one["deadline"] or "9999"))

    def notices_seen(self, now: datetime, notices: list[str]) -> Any:
        return None

    def notices_end(self, now: datetime, notices: list[str]) -> Any:
        self.data["notices"] = [one for one in self.data["notices"] if one["id"] not in notices]

    def notices_mended(self, now: datetime, matter: str) -> Any:
        return None

    def notices_finish(self, now: datetime) -> Any:
        return 0

    def cases_open(self, now: datetime, kind: str, reference: str, details: dict[str, Any]) -> Any:
        key = f"{kind}/{reference}"
        if key not in self.data["cases"]:
            self.data["cases"][key] = {
                "case": self.number("61", now), "kind": kind, "reference": reference, "details": details,
                "opened_at": now.isoformat(),
            }  # fmt: skip
        return self.data["cases"][key]["case"]

    def cases_case(self, now: datetime, case: str, lock: bool = False) -> Any:
        return next((one for one in self.data["cases"].values() if one["case"] == case), None)

    def cases_listed(self, now: datetime, kind: str, limit: int, closed: bool = False) -> Any:
        of_kind = [one for one in self.data["cases"].values() if one["kind"] == kind]
        found = [one for one in of_kind if ("closed_at" in one) == closed]
        if closed:
            found.sort(key=lambda one: one["closed_at"], reverse=True)
        return found[:limit]

    def cases_close(self, now: datetime, case: str, ending: dict[str, str]) -> Any:
        one = self.cases_case(now, case)
        if one is not None and "closed_at" not in one:
            one |= {
                "closed_at": now.isoformat(), "outcome": ending["outcome"], "note": ending["note"],
                "closed_by": ending["by"], "closed_second": ending["second"],
            }  # fmt: skip

    def ratings_rated(self, now: datetime, item: str) -> Any:
        return item in self.data["ratings"]

    def ratings_rate(self, now: datetime, rating: dict[str, Any]) -> Any:
        self.data["ratings"][rating["item"]] = {"rating": rating, "at": now.isoformat()}

    def ratings_latest(self, now: datetime, limit: int) -> Any:
        return list(reversed(self.data["ratings"].values()))[:limit]

    def agency_waiting(self, now: datetime, before: str) -> Any:
        return []

    def public_slip(self, now: datetime, key: str) -> Any:
        words = {"zh-CN": "", "en-US": ""}
        known = self.data["answers"].get(key)
        state = known["state"] if known else "unknown"
        return {
            "key": key, "state": state, "kind": "", "title": words, "text": words,
            "reference": known["reference"] if known else "", "received_at": None, "deadline": None,
        }  # fmt: skip
