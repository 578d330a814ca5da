"""What people wrote and voted: the centre keeps the very words that stood on the screen, and one vote of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ui.walk.rules.parties import Evidence

WRITTEN: Final = {"help.ask": "question", "help.answer": "answer", "ideas.submit": "idea"}
"""Effects by which something is written, and what."""
VALUES: Final = {"for": 1, "against": -1}


def contributions_are_kept_as_they_were_shown(e: Evidence) -> Iterable[str]:
    """What the terminal sent, personal data out of sight, is what waits for an officer: once, and of its kind."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in e.bureau.get("contribution", ()):
        rows.setdefault(str(row["key"]), []).append(row)
    held = {row["key"]: row for row in e.effects() if row["state"] == "accepted"}
    for kind, what in WRITTEN.items():
        for intent in e.phase(kind, "intent"):
            if intent["key"] not in held:
                continue
            kept = rows.get(str(intent["key"]), [])
            if len(kept) != 1:
                yield f"{kind} {intent['key']}: the centre keeps it {len(kept)} times"
                continue
            told, one = intent["body"]["data"], kept[0]
            if one["kind"] != what or one["state"] != "waiting":
                yield f"{kind} {intent['key']}: it is kept as a {one['state']} {one['kind']}"
            if list(json.loads(one["text"]).values()) != [told["text"]]:
                yield f"{kind} {intent['key']}: the centre keeps other words than were shown"
            if one["number"] != held[intent["key"]]["reference"]:
                yield f"{kind} {intent['key']}: it has another number than was told"


def votes_count_once(e: Evidence) -> Iterable[str]:
    """The last vote of somebody on an idea is the one that the centre counts; who took it back has none there."""
    last: dict[str, str] = {}
    accepted = {row["key"]: row for row in e.effects() if row["state"] == "accepted"}
    for intent in e.phase("ideas.vote", "intent"):
        if intent["key"] in accepted:
            last[str(accepted[intent["key"]]["reference"])] = str(intent["body"]["data"]["vote"])
    for number, vote in last.items():
        mine = [
            row["value"]
            for row in e.bureau.get("contribution_mark", ())
            if row["number"] == number and ":" in str(row["who"])
        ]
        wanted = [VALUES[vote]] if vote in VALUES else []
        if sorted(mine) != wanted:
            yield f"idea {number}: voted {vote}, the centre counts {sorted(mine)}"


def thanks_count_once(e: Evidence) -> Iterable[str]:
    """Who says that it helped is counted, once a visit and question."""
    for intent in e.phase("help.thank", "intent"):
        number = intent["body"]["data"]["question"]
        answered = any(row["key"] == intent["key"] and row["state"] == "accepted" for row in e.effects())
        marks = [
            row
            for row in e.bureau.get("contribution_mark", ())
            if row["number"] == number and row["who"] == intent["visit"]
        ]
        if answered and len(marks) != 1:
            yield f"question {number}: it helped once, the centre counts {len(marks)}"
