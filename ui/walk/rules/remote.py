"""The remote officer: who asked to be called is in the list once, and what was said and shown lies sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from ui.walk.rules.parties import Evidence

CALL: Final = "consult.call-back"


def call_backs_are_entered_once(e: Evidence) -> Iterable[str]:
    """Each accepted one waits for an officer under the number that was told, at the time that was chosen."""
    rows = {str(row["key"]): row for row in e.bureau.get("call_back", ())}
    times = Counter(str(row["key"]) for row in e.bureau.get("call_back", ()))
    for intent in e.phase(CALL, "intent"):
        answer = e.answer(intent)
        if answer is None or answer["state"] != "accepted":
            continue
        key, told = str(intent["key"]), intent["body"]["data"]
        if times[key] != 1:
            yield f"{CALL} {key}: the centre holds it {times[key]} times"
            continue
        row = rows[key]
        if row["number"] != answer["reference"]:
            yield f"{CALL} {key}: it has another number than was told"
        if (row["slot"], row["state"]) != (told["slot"], "open"):
            yield f"{CALL} {key}: it is {row['state']} at the time {row['slot']}, {told['slot']} was chosen"


def nothing_of_a_conversation_lies_open(e: Evidence) -> Iterable[str]:
    """What was asked of an officer stands in no plain column, and nothing that was shown is left behind the visit."""
    words = [
        str(intent["body"]["data"][name])
        for intent in e.phase(CALL, "intent")
        for name in ("words", "mobile")
    ]
    for table in ("remote_talk", "remote_line", "call_back", "call_back_try"):
        for row in e.bureau.get(table, ()):
            plain = [str(value) for name, value in row.items() if name not in ("sealed", "picture")]
            if any(word and word in value for word in words for value in plain):
                yield f"{table} {row['number']}: what was said lies open"
            if table == "remote_talk" and row["state"] == "ended" and row["picture"]:
                yield f"{table} {row['number']}: a screen is kept that is shown no more"
