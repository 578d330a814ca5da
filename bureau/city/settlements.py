"""Who of the cast settled last year's income in time, and gets something back (综合所得年度汇算)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from bureau.city.cast import PERSONAS, Persona
from bureau.city.returns import COUNTER, OwnNumbers, Row
from bureau.city.withholding import SOCIAL
from bureau.engine.handlers.returns import figures_of
from bureau.engine.reference.context import Type
from bureau.engine.reference.registration import OWN
from bureau.engine.rules import Rules
from bureau.ports.returns import Income
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.limits import iit_settlement_period
from kiosk.domain.tax.returns import KINDS
from sync.models import FactValues, ReturnSubmit

KIND: Final = "iit-annual"
SETTLED = next(one for one in PERSONAS if one.id == "he-jiaxin")
"""Paid rent the whole year, which nobody told the employer."""
RENT_FEN = 12 * 150_000
"""Additional deduction for rent in a provincial capital (个人所得税专项附加扣除暂行办法 art. 17)."""


def settled(lines: Sequence[Income], as_of: date, rules: Rules) -> tuple[list[Row], list[Row]]:
    """The taxpayer in their own name, and the return of last year's ``lines``; nothing before it could be filed."""
    person, year = SETTLED, as_of.year - 1
    mine = [line for line in lines if line.month.startswith(f"{year}-") and line.item == "wages"]
    first, _ = iit_settlement_period(year)
    day = date(first.year, first.month, 18)
    if person.pay is None or not mine or as_of <= day:
        return [], []
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
    return [_taxpayer(person, day)], [_return(person, facts, day, rules)]


def _taxpayer(person: Persona, day: date) -> Row:
    """Registered with their first return, as ``Registration.register_own`` does."""
    return {
        "taxpayer": person.number,
        "kind": OWN,
        "name": person.name,
        "state": "normal",
        "small_scale": True,
        "quarterly": False,
        "levy_rate": "",
        "city_rate": "",
        "half_six_taxes": True,
        "risk": "low",
        "industry": "",
        "address": "",
        "registered_on": day,
        "used_verified_to": None,
    }


def _return(person: Persona, facts: FactValues, day: date, rules: Rules) -> Row:
    computed = KINDS[KIND].compute(facts, rules.current)
    said = ReturnSubmit(
        tax=KIND, facts=facts, total_fen=computed.total_fen, parameters_hash=computed.parameters_hash
    )
    number = OwnNumbers().next(Type.DECLARATION, day)
    return {
        "declaration": number,
        "key": f"history-{number}",
        "taxpayer": person.number,
        "tax": KINDS[KIND].tax,
        "period_first": computed.period_first,
        "period_last": computed.period_last,
        "figures": figures_of(said, computed),
        "total_fen": int(computed.total_fen),
        "limit_date": computed.limit,
        "filed_at": datetime.combine(day, time(10, 20), CHINA),
        "terminal": COUNTER,
        "person_kind": person.kind.value,
        "person_number": person.number,
        "role": "",
        "state": "filed",
    }
