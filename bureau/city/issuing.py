"""A phone by which a firm of the cast issues its invoices, bound some weeks ago."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bureau.city.cases import approved
from bureau.city.cast import FIRMS, PERSONAS
from bureau.engine.reference.context import REGION, Type
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

BOUND_BEFORE_DAYS = 40
KEY = "01940000-0000-7000-8000-000000000003"
"""Of the effect that it came by."""
HOLDER = next(p for p in PERSONAS if p.id == "xu-wen")
FIRM = next(f for f in FIRMS if any(who == HOLDER.id for who, _ in f.people))
Row = dict[str, object]


def case(as_of: date) -> Row:
    """What was accepted."""
    day = as_of - timedelta(days=BOUND_BEFORE_DAYS)
    at = datetime.combine(day, time(10, 20), CHINA)
    return approved(
        _number(day), "invoice.phone-bind", KEY, HOLDER, at, {"mobile": HOLDER.mobile}, FIRM.taxpayer, "F"
    )


def phone(as_of: date) -> Row:
    """The phone itself."""
    day = as_of - timedelta(days=BOUND_BEFORE_DAYS)
    return {
        "case_no": _number(day),
        "taxpayer": FIRM.taxpayer,
        "mobile": HOLDER.mobile,
        "person_kind": HOLDER.kind.value,
        "person_number": HOLDER.number,
        "since": day,
    }


def _number(day: date) -> str:
    return make_number(Type.MATTER, REGION, day, 1)
