"""Who of the cast settled last year's income in time, and gets something back (综合所得年度汇算)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bureau.city.cast import PERSONAS
from bureau.city.own_taxes import paid_return
from bureau.city.returns import OwnNumbers, Row
from bureau.city.withholding import SOCIAL
from bureau.engine.rules import Rules
from bureau.ports.returns import Income
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.limits import iit_settlement_period
from sync.models import FactValues

KIND: Final = "iit-annual"
SETTLED = next(one for one in PERSONAS if one.id == "he-jiaxin")
"""Paid rent the whole year, which nobody told the employer."""
RENT_FEN = 12 * 150_000
"""Additional deduction for rent in a provincial capital (个人所得税专项附加扣除暂行办法 art. 17)."""


def settled(lines: Sequence[Income], day: date, rules: Rules, numbers: OwnNumbers) -> Row | None:
    """The return of last year's ``lines``, filed on ``day``; None where nothing was earned."""
    person, year = SETTLED, day.year - 1
    mine = [line for line in lines if line.month.startswith(f"{year}-") and line.item == "wages"]
    if person.pay is None or not mine:
        return None
    facts: FactValues = {
        "year": year,
        "wages_fen": sum(line.income_fen for line in mine),
        "labour_fen": 0,
        "royalties_fen": 0,
        "social_fen": len(mine) * int(round_fen(yuan(Fen(person.pay.monthly_fen)) * SOCIAL)),
        "extra_fen": RENT_FEN,
        "other_fen": 0,
        "withheld_fen": sum(line.tax_fen for line in mine),
    }
    return paid_return(person, KIND, facts, day, rules, numbers).declaration


def settling_day(year: int) -> date:
    """When it was filed: some days after the time for it began."""
    first, _ = iit_settlement_period(year - 1)
    return date(first.year, first.month, 18)
