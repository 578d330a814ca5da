"""Surveys: what was touched and written counts once, and beside it stands nothing of who it was."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from ui.walk.rules.parties import Evidence

TAKE: Final = "survey.take"
KEPT: Final = {"token", "survey", "hall", "day", "replies"}
"""All that the centre keeps of an answer."""


def surveys_count_once(e: Evidence) -> Iterable[str]:
    """Each accepted answer is there as it was given, and its visit once among those that have answered."""
    held = Counter(
        (row["survey"], _said(json.loads(row["replies"]))) for row in e.bureau.get("survey_answer", ())
    )
    visits = Counter((row["survey"], row["visit"]) for row in e.bureau.get("survey_visit", ()))
    given = Counter[tuple[str, str]]()
    for record in e.phase(TAKE, "intent"):
        answer, data = e.answer(record), record["body"]["data"]
        if answer is None or answer["state"] != "accepted":
            continue
        given[data["survey"], _said(data["answers"])] += 1
        digest = hashlib.sha256(f"{data['survey']}:{record['visit']}".encode()).hexdigest()
        if visits[data["survey"], digest] != 1:
            yield f"{TAKE} {record['key']}: its visit has answered {visits[data['survey'], digest]} times"
    for (survey, said), count in given.items():
        if held[survey, said] < count:
            yield f"{TAKE} of {survey}: given {count} times, the centre holds it {held[survey, said]} times"


def answers_are_of_nobody(e: Evidence) -> Iterable[str]:
    """No person, terminal, visit or effect stands beside an answer, and nobody signed in to its visit."""
    for row in e.bureau.get("survey_answer", ()):
        if more := sorted(row.keys() - KEPT):
            yield f"an answer to {row['survey']} is kept with {', '.join(more)}"
    rows = json.dumps(e.bureau.get("survey_answer", ()), ensure_ascii=False)
    for record in e.phase(TAKE, "intent"):
        answer = e.answer(record)
        if answer is not None and (answer.get("person_number") or answer.get("taxpayer")):
            yield f"{record['key']}: the centre keeps who answered"
        beside = {r["kind"] for r in e.journal if r["visit"] == record["visit"]} & {
            "identified",
            "phone.proven",
        }
        if beside:
            yield f"{record['key']}: its visit says who it was ({', '.join(sorted(beside))})"
        if any(str(record[name]) in rows for name in ("key", "visit", "transaction") if record[name]):
            yield f"{record['key']}: the answer leads to its visit"


def _said(replies: list[dict[str, Any]]) -> str:
    """As one text: what was chosen and written, by question."""
    told = [(one["question"], sorted(one["options"]), one["words"]) for one in replies]
    return json.dumps(sorted(told), ensure_ascii=False)
