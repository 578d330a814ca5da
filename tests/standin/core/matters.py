"""Matters with a case, and what they change in the registration: one line a fact, never rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.standin.core.shelf import Outcome, Shelf

UNDECIDED = dict.fromkeys(("decided_at", "decided_by", "reason", "effective_on", "wanted"))


class Matters(Shelf):
    """Cases by their number, and the entries they made."""

    def matters_open(self, now: datetime, new: dict[str, Any]) -> Any:
        number = self.number("63", now)
        self.data["matters"][number] = new | UNDECIDED | {"case": number, "state": "open", "sealed": ""}
        return self.data["matters"][number]

    def matters_case(self, now: datetime, number: str, lock: bool) -> Any:
        return self.data["matters"].get(number)

    def matters_waiting(self, now: datetime, matter: str, owner: str) -> Any:
        found = (one for one in self.data["matters"].values() if one["state"] == "open")
        return next((one for one in found if (one["matter"], _owner(one)) == (matter, owner)), None)

    def matters_listed(self, now: datetime, state: str, limit: int) -> Any:
        found = [
            one for one in self.data["matters"].values() if (one["state"] == "open") == (state == "open")
        ]
        first_due = sorted(found, key=lambda one: (one["due_on"], one["case"]))
        newest = sorted(found, key=lambda one: (one["decided_at"] or "", one["case"]), reverse=True)
        return (first_due if state == "open" else newest)[:limit]

    def matters_keep(self, now: datetime, case: dict[str, Any], sealed: str) -> Any:
        return self._changed(case, sealed=sealed)

    def matters_decide(self, now: datetime, case: dict[str, Any], decision: dict[str, Any]) -> Any:
        names = ("state", "reason", "effective_on")
        decided = {name: decision[name] for name in names} | {"decided_by": decision["by"]}
        return self._changed(case, **decided, decided_at=now.isoformat(), wanted=None)

    def matters_want(self, now: datetime, case: dict[str, Any], what: str) -> Any:
        return self._changed(case, wanted=what)

    def matters_supplied(self, now: datetime, case: dict[str, Any], due_on: str) -> Any:
        return self._changed(case, wanted=None, due_on=due_on)

    def _changed(self, case: dict[str, Any], **changes: Any) -> Any:
        """The case with what is new of it, as long as it is open."""
        known = self.data["matters"].get(case["case"])
        if known is None:
            raise Outcome("CaseUnknown", case=case["case"])
        if known["state"] != "open":
            raise Outcome("CaseDecided", case=case["case"], state=known["state"])
        known |= changes
        return known

    def matters_of(self, now: datetime, person: dict[str, str], taxpayers: list[str]) -> Any:
        newest = reversed(list(self.data["matters"].values()))
        theirs = [
            one
            for one in newest
            if one["taxpayer"] in taxpayers or (one["taxpayer"] is None and one["person"] == person)
        ]
        return sorted(theirs, key=lambda one: one["state"] != "open")

    def registration_registered_by(self, now: datetime, case: str) -> Any:
        return None  # nobody is registered for a time here

    def registration_facts(self, now: datetime, taxpayer: str, day: str) -> Any:
        mine = [one for one in self.data["entries"] if one["taxpayer"] == taxpayer and one["since"] <= day]
        return {one["fact"]: one["value"] for one in sorted(mine, key=lambda one: str(one["since"]))}

    def registration_enter(
        self, now: datetime, taxpayer: str, fact: str, value: Any, day: str, case: str | None
    ) -> Any:
        entry = {"taxpayer": taxpayer, "fact": fact, "value": value, "since": day, "case": case}
        self.data["entries"].append(entry)


def _owner(case: dict[str, Any]) -> str:
    """The enterprise's number, else kind and number of the person's document; behind it what it is about."""
    owner = case["taxpayer"] or f"{case['person']['kind']}/{case['person']['number']}"
    return f"{owner}/{case['apart']}" if case["apart"] else str(owner)
