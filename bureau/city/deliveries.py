"""An order by courier of the city's: being prepared, for the registered address, and still to be cancelled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bureau.city.cases import approved
from bureau.city.cast import FIRMS, PERSONAS
from bureau.engine.matters.words import DELIVER
from bureau.engine.reference.context import REGION, Type
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

ORDERED_BEFORE_DAYS = 1
SHEETS, KIND, NAME = 5, "01", "special"
KEY = "01940000-0000-7000-8000-000000000002"
"""Of the effect that the order came by."""
BUYER = next(p for p in PERSONAS if p.id == "ma-yuan")
FIRM = next(f for f in FIRMS if any(who == BUYER.id for who, _ in f.people))
Row = dict[str, object]


def number_of(as_of: date) -> str:
    """The order's number, which is its case's."""
    return make_number(Type.MATTER, REGION, as_of - timedelta(days=ORDERED_BEFORE_DAYS), 1)


def case(as_of: date) -> Row:
    """What was accepted."""
    day = as_of - timedelta(days=ORDERED_BEFORE_DAYS)
    at = datetime.combine(day, time(15, 40), CHINA)
    return approved(
        number_of(as_of), DELIVER, KEY, BUYER, at, {"kind": NAME, "count": SHEETS}, FIRM.taxpayer, "B"
    )


def order(as_of: date) -> Row:
    """The order itself; nobody has packed it yet."""
    day = as_of - timedelta(days=ORDERED_BEFORE_DAYS)
    return {
        "order_no": number_of(as_of),
        "taxpayer": FIRM.taxpayer,
        "kind": KIND,
        "sheets": SHEETS,
        "ordered_on": day,
        "state": "ordered",
        "since": datetime.combine(day, time(15, 40), CHINA),
        "recipient": None,
        "courier": "",
        "consignment": "",
        "signed_by": "",
        "reason": "",
        "closed_by": "",
    }
