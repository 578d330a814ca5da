"""What visitors of the month thought of it: most are content, who met a fault is less; low ratings looked into in time.

Those of the last days still wait, and one is late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from sqlalchemy import Connection

from bureau.engine.feedback.ratings import KIND, LOW
from bureau.engine.feedback.rules import rules
from bureau.engine.reference.context import REGION, Type
from bureau.engine.rules import Rules
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import VisitUse

RATES: Final = 0.22
"""The share of visitors who rate at all."""
CONTENT: Final = {5: 66, 4: 25, 3: 7, 2: 1.4, 1: 0.6}
ANNOYED: Final = {5: 12, 4: 18, 3: 32, 2: 24, 1: 14}
"""Weights of the levels, of who got what they came for and of who did not."""
REASONS: Final = {"slow": 5, "unclear": 3, "paper": 1, "device": 2, "other": 1}
OFFICER: Final = "xu-jing"
ENDINGS: Final = (
    ("mended", "打印机卡纸，已清理并更换搓纸轮"), ("mended", "高峰时段已增派引导人员"),
    ("explained", "因联网核验排队，已在大厅公示等候时间"), ("disregarded", "同一时段连点，业务正常办结，判断为误评"),
)  # fmt: skip
WAITING_DAYS: Final = 4
"""Low ratings of so many days before today are not looked into yet."""
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Given:
    terminal: str
    service: str
    level: int
    reasons: list[str]
    at: datetime
    item: str
    key: str


def plant(
    connection: Connection, random: Random, law: Rules, as_of: date, visits: Iterable[tuple[str, VisitUse]]
) -> None:
    """Rate those visits; ``visits``: at which terminal each was."""
    given = sorted(_given(random, visits), key=lambda one: (one.at, one.key))
    low = [one for one in given if one.level <= LOW]
    since = as_of - timedelta(days=WAITING_DAYS)
    late = next((one.item for one in low if one.at.astimezone(CHINA).date() < since), None)
    numbers, rows, cases = Counter[date](), [], []
    for one in given:
        case = None
        if one.level <= LOW:
            day = one.at.astimezone(CHINA).date()
            numbers[day] += 1
            case = make_number(Type.CASE, REGION, day, numbers[day])
            waits = day >= since or one.item == late
            cases.append(_case(random, law, case, one, waits=waits))
        rows.append(_row(one, case))
    if cases:
        connection.execute(tables.case_file.insert(), cases)
    if rows:
        connection.execute(tables.rating.insert(), rows)


def _given(random: Random, visits: Iterable[tuple[str, VisitUse]]) -> Iterator[_Given]:
    for terminal, visit in visits:
        if random.random() >= RATES:
            continue
        used = visit.services[-1]
        weights = CONTENT if used.ended == "done" else ANNOYED
        level = random.choices(list(weights), list(weights.values()))[0]
        reasons = []
        if level <= LOW:
            likely = {"device": 1} if used.ended == "trouble" else REASONS
            reasons = random.choices(list(likely), list(likely.values()))
        at = visit.began + timedelta(seconds=visit.seconds)
        item, key = f"{random.getrandbits(128):032x}", f"{random.getrandbits(128):032x}"
        yield _Given(terminal, used.service, level, reasons, at, item, key)


def _row(one: _Given, case: str | None) -> Row:
    return {
        "key": one.key,
        "item": one.item,
        "terminal": one.terminal,
        "service": one.service,
        "level": one.level,
        "reasons": one.reasons,
        "at": one.at,
        "case_no": case,
    }


def _case(random: Random, law: Rules, number: str, one: _Given, *, waits: bool) -> Row:
    day = one.at.astimezone(CHINA).date()
    outcome, note = random.choice(ENDINGS)
    looked_into = datetime.combine(day + timedelta(days=1 + random.randrange(3)), time(16, 20), CHINA)
    return {
        "case_no": number,
        "kind": KIND,
        "reference": one.item,
        "state": "open" if waits else "closed",
        "opened_at": one.at,
        "details": {
            "level": one.level,
            "reasons": one.reasons,
            "service": one.service,
            "terminal": one.terminal,
            "follow_by": rules().low_rating.follow.after(day, WorkingCalendar(law.current)).isoformat(),
        },
        "closed_at": None if waits else looked_into,
        "closed_by": None if waits else OFFICER,
        "outcome": None if waits else outcome,
        "note": None if waits else note,
    }
