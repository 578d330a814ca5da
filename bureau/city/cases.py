"""A case of the city's that waits for papers: somebody can supply them at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bureau.city.cast import FIRMS, PERSONAS
from bureau.engine.reference.context import REGION, Type
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

APPLIED_BEFORE_DAYS, DECIDED_AFTER_DAYS = 4, 24
KEY = "01940000-0000-7000-8000-000000000001"
"""Of an effect that no terminal of the demonstration sent: it was handed in at a counter."""
WANTED = "受灾损失评估报告、灾情证明"
Row = dict[str, object]


def waiting(as_of: date) -> Iterator[Row]:
    """The building materials' application for relief after a flood, of which the proof is missing."""
    person = next(p for p in PERSONAS if p.id == "gao-wei")
    firm = next(f for f in FIRMS if any(who == person.id for who, _ in f.people))
    day = as_of - timedelta(days=APPLIED_BEFORE_DAYS)
    yield {
        "case_no": make_number(Type.MATTER, REGION, day, 1),
        "matter": "preference.apply",
        "key": KEY,
        "owner": firm.taxpayer,
        "taxpayer": firm.taxpayer,
        "person_kind": person.kind.value,
        "person_number": person.number,
        "role": "T",
        "terminal": "",
        "state": "open",
        "fields": {
            "relief": "property-hardship",
            "relief_since": f"{as_of.year}-01",
            "relief_amount": 1_860_000,
        },
        "accepted_at": datetime.combine(day, time(10, 20), CHINA),
        "due_on": day + timedelta(days=DECIDED_AFTER_DAYS),
        "wanted": WANTED,
    }
