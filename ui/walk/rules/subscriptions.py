"""What somebody follows at the centre is what they left marked on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ui.walk.rules.parties import Evidence

KIND = "subscription.change"


def subscriptions_are_as_chosen(e: Evidence) -> Iterable[str]:
    """Of each person the last choice that the centre took, whole: nothing more, and nothing less."""
    last: dict[frozenset[str], Mapping[str, Any]] = {}
    for intent in e.phase(KIND, "intent"):
        answer = e.answer(intent)
        if answer is not None and answer["state"] == "accepted":
            last[_names(intent["body"]["subject"])] = intent
    for names, kept in last.items():
        held = [row for row in e.bureau.get("subscription", ()) if row["visitor"] in names and row["active"]]
        chosen, followed = sorted(kept["body"]["data"]["topics"]), sorted(row["topic"] for row in held)
        if followed != chosen:
            yield f"{KIND} {kept['key']}: chose {chosen}, the centre holds {followed}"


def _names(subject: Mapping[str, Any]) -> frozenset[str]:
    """As whom the centre may keep what they follow: by their document, by the phone that they proved."""
    person, phone = subject.get("person"), subject.get("phone")
    found = [f"{person['kind']}:{person['number']}"] if person else []
    return frozenset([*found, *([f"phone:{phone['mobile']}"] if phone else [])])
