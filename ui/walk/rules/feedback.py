"""Complaints and tip-offs: entered once, a tip-off of nobody, an answer rated or objected to once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ui.walk.rules.parties import Evidence

DESKS = {"feedback.complain": "complaint", "feedback.report": "report"}
TIP_OFF = "feedback.report"
SECRET = ("target", "address", "facts", "more", "name", "id_number", "mobile")
"""Of a tip-off: what stands in no table of the centre in the clear."""


def feedback_is_entered_once(e: Evidence) -> Iterable[str]:
    """Each accepted complaint or tip-off is one case, at its own desk, by the number that was told."""
    held = [(row["key"], row["desk"], str(row["number"])) for row in e.bureau.get("feedback_case", ())]
    told = {r["key"]: r["body"] for r in e.journal if r["phase"] == "outcome" and r["key"]}
    for kind, desk in DESKS.items():
        for record in e.phase(kind, "intent"):
            answer, key = e.answer(record), record["key"]
            mine = [row for row in held if row[0] == key]
            if answer is None or answer["state"] != "accepted":
                continue
            if [row[1] for row in mine] != [desk]:
                yield f"{kind} {key}: entered {len(mine)} times, at {[row[1] for row in mine]}"
            number = told.get(key, {}).get("case") if told.get(key, {}).get("state") == "accepted" else None
            if number is not None and [row[2] for row in mine] != [str(number)]:
                yield f"{kind} {key}: told as {number}, held as {[row[2] for row in mine]}"


def tip_offs_name_nobody(e: Evidence) -> Iterable[str]:
    """Beside a tip-off stand no person and nothing else of its visit, and nothing of its words is in the clear."""
    tables = json.dumps(e.bureau, ensure_ascii=False)
    for record in e.phase(TIP_OFF, "intent"):
        answer = e.answer(record)
        if answer is None:
            continue
        if answer.get("person_number") or answer.get("taxpayer"):
            yield f"{record['key']}: the centre keeps who stood there"
        visit = {r["kind"] for r in e.journal if r["visit"] == record["visit"]}
        beside = visit & {"identified", "phone.proven"}
        if beside:
            yield f"{record['key']}: its visit says who it was ({', '.join(sorted(beside))})"
        data: dict[str, Any] = record["body"]["data"]
        open_ = [name for name in SECRET if data.get(name) and str(data[name]) in tables]
        if open_:
            yield f"{record['key']}: {', '.join(open_)} stand in the centre's tables unsealed"


def answers_are_judged_once(e: Evidence) -> Iterable[str]:
    """Each accepted word on an answer is one line of the log of its case, by nobody's name."""
    numbers = {row["key"]: row["number"] for row in e.bureau.get("feedback_case", ())}
    acts = [(row["number"], row["act"], row["officer"]) for row in e.bureau.get("feedback_act", ())]
    for record in e.phase("feedback.reply", "intent"):
        answer, data = e.answer(record), record["body"]["data"]
        if answer is None or answer["state"] != "accepted":
            continue
        wanted = (numbers.get(data["key"]), "again" if data.get("again") else "rate", "")
        if acts.count(wanted) != 1:
            yield f"{record['key']}: {wanted[1]} stands {acts.count(wanted)} times in the log of {wanted[0]}"
