"""Payment vouchers of the city: one that whoever holds it can pay, and one that has expired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bureau.city.cast import FIRMS
from bureau.city.returns import Row
from bureau.engine.bills import MOST_DAYS
from bureau.engine.reference.context import REGION, Type
from config.clock import CHINA
from kiosk.domain.own_numbers import HIGHEST, make_number

OFFICER = "征管 于岚"
ISSUED_BEFORE_DAYS = {"chen-jing": 3, "yang-shun": 40}
"""How long ago, over what whose firm owes."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A voucher in the books, and its dues."""

    bill: Row
    dues: list[Row]


def of_cast(dues: Iterable[Row], random: Random, as_of: date) -> Iterator[Issued]:
    """Over the dues of ``dues`` whose limit has passed."""
    late = [due for due in dues if due["state"] == "open" and _limit(due) < as_of]
    for persona, days in ISSUED_BEFORE_DAYS.items():
        firm = next(f for f in FIRMS if any(who == persona for who, _ in f.people))
        mine = [due for due in late if due["taxpayer"] == firm.taxpayer]
        day = as_of - timedelta(days=days)
        number = make_number(Type.BILL, REGION, day, random.randrange(HIGHEST + 1))
        if mine:
            yield Issued(
                {
                    "bill": number,
                    "taxpayer": firm.taxpayer,
                    "issued_at": datetime.combine(day, time(15, 40), CHINA),
                    "issued_by": OFFICER,
                    "valid_until": day + timedelta(days=MOST_DAYS),
                },
                [{"bill": number, "due": due["due"]} for due in mine],
            )


def _limit(due: Row) -> date:
    limit = due["limit_date"]
    assert isinstance(limit, date)
    return limit
