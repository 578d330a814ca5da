"""Notices of non-tax revenue of the city: in time, late, for a large sum, expired and withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from bureau.city.cast import FIRMS
from bureau.city.returns import Row
from bureau.engine.nontax import ITEMS
from bureau.engine.reference.nontax import AREA
from config.clock import CHINA
from kiosk.domain.notice_codes import HIGHEST_BATCH, HIGHEST_SERIAL, make_code

OFFICER: Final = "征管 于岚"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice to a persona's firm: days before ``as_of`` when it was issued, days after it of its limit and end."""

    persona: str
    item: str
    amount_fen: int
    issued: int
    limit: int
    until: int
    withdrawn: bool = False


WANTED: Final = (
    Wanted("lin-tao", "water-soil", 1_264_000, issued=45, limit=-20, until=40),
    Wanted("he-mulan", "disability-fund", 486_250, issued=6, limit=15, until=60),
    Wanted("chen-jing", "land-transfer", 386_000_000, issued=3, limit=27, until=87),
    Wanted("zhao-min", "civil-defence", 7_920_000, issued=120, limit=-90, until=-30),
    Wanted("yang-shun", "household-waste", 36_000, issued=12, limit=18, until=48, withdrawn=True),
)


def of_cast(random: Random, as_of: date) -> Iterator[Row]:
    """Their rows, one after the other."""
    for one in WANTED:
        firm = next(f for f in FIRMS if any(who == one.persona for who, _ in f.people))
        day = as_of - timedelta(days=one.issued)
        batch, serial = random.randrange(HIGHEST_BATCH + 1), random.randrange(HIGHEST_SERIAL + 1)
        gone = datetime.combine(as_of - timedelta(days=1), time(9, 20), CHINA) if one.withdrawn else None
        yield {
            "code": make_code(AREA, day.year, batch, serial),
            "payer": firm.taxpayer,
            "authority": ITEMS[one.item].authority,
            "item": one.item,
            "amount_fen": one.amount_fen,
            "issued_at": datetime.combine(day, time(10, 15), CHINA),
            "issued_by": OFFICER,
            "limit_date": as_of + timedelta(days=one.limit),
            "valid_until": as_of + timedelta(days=one.until),
            "withdrawn_at": gone,
            "withdrawn_by": OFFICER if one.withdrawn else None,
        }
