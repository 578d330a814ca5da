"""The city's inspections: one to be done on the day itself, one that is ordered for two days later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from bureau.city.enterprises import CHENXING, FIRMS
from bureau.engine.reference.context import REGION, Type
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

Row = dict[str, object]
FIRST, SECOND = ("chen-jing", "陈静"), ("li-yuan", "李远")
"""As the demonstration has them (``kiosk.stack.DEMO_OFFICERS``)."""
BEHIND: Final = "云川远山建材有限公司"
ORDERED_DAYS_AGO: Final = 2


def entries(as_of: date) -> Iterator[Row]:
    """Visits as they were ordered."""
    behind = next(firm.taxpayer for firm in FIRMS if firm.name == BEHIND)
    wanted = (
        (behind, "address", "registration", "连续两期没有申报", as_of),
        (CHENXING, "blanks", "invoices", "领用的发票用得少、存得多", as_of + timedelta(days=2)),
    )
    for number, (taxpayer, kind, basis, reason, day) in enumerate(wanted, 1):
        yield {
            "number": _number(as_of, number),
            "taxpayer": taxpayer,
            "kind": kind,
            "basis": basis,
            "reason": reason,
            "day": day,
            "first": FIRST[0],
            "first_name": FIRST[1],
            "second": SECOND[0],
            "second_name": SECOND[1],
            "ordered_at": _ordered(as_of),
            "state": "ordered",
            "revision": 0,
            "content_sha256": "",
            "outcome": "",
            "document": "",
            "measure": "",
            "asked_by": "",
            "decided_by": "",
            "ground": "",
        }


def events(as_of: date) -> Iterator[Row]:
    """That they were ordered."""
    for number in (1, 2):
        yield {
            "inspection": _number(as_of, number),
            "number": 1,
            "at": _ordered(as_of),
            "officer": FIRST[0],
            "did": "ordered",
            "said": {},
        }


def _ordered(as_of: date) -> datetime:
    return datetime.combine(as_of - timedelta(days=ORDERED_DAYS_AGO), time(9, 30), CHINA)


def _number(as_of: date, number: int) -> str:
    return make_number(Type.INSPECTION, REGION, as_of - timedelta(days=ORDERED_DAYS_AGO), number)
