"""What people of the cast declared in their own name, and what of it they paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bureau.city.cast import PERSONAS, Persona
from bureau.city.returns import COUNTER, OwnNumbers, Row, voucher_of
from bureau.engine.handlers.returns import dues_of_lines, figures_of
from bureau.engine.reference.context import Type
from bureau.engine.reference.registration import OWN
from bureau.engine.rules import Rules
from config.clock import CHINA
from kiosk.domain.tax.returns import KINDS
from sync.models import FactValues, ReturnSubmit

CAR_OWNER = next(one for one in PERSONAS if one.id == "he-jiaxin")
CAR: Final[FactValues] = {"plate": "云A52N08", "electric": False, "engine": 1498, "bought_on": "2022-06-18"}


@dataclass(frozen=True, slots=True)
class Paid:
    """A return whose dues were paid on the day it was filed."""

    declaration: Row
    dues: tuple[Row, ...]
    entries: tuple[Row, ...]


def own_taxpayer(person: Persona, day: date) -> Row:
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


def car_tax(day: date, rules: Rules, numbers: OwnNumbers) -> Paid:
    """The vehicle and vessel tax (车船税) of the year of ``day``, at which the owner filed and paid it."""
    return paid_return(CAR_OWNER, "vehicle-vessel", {**CAR, "year": day.year}, day, rules, numbers)


def paid_return(
    person: Persona, kind: str, facts: FactValues, day: date, rules: Rules, numbers: OwnNumbers
) -> Paid:
    """A return of facts in the person's own name, worked out by the rules; nothing is due where it comes to nothing."""
    computed = KINDS[kind].compute(facts, rules.current)
    said = ReturnSubmit(
        tax=kind, facts=facts, total_fen=computed.total_fen, parameters_hash=computed.parameters_hash
    )
    number = numbers.next(Type.DECLARATION, day)
    period: Row = {
        "taxpayer": person.number,
        "tax": KINDS[kind].tax,
        "period_first": computed.period_first,
        "period_last": computed.period_last,
        "limit_date": computed.limit,
    }
    declaration: Row = {
        **period,
        "declaration": number,
        "key": f"history-{number}",
        "figures": figures_of(said.tax, said.facts, computed),
        "total_fen": int(computed.total_fen),
        "filed_at": datetime.combine(day, time(10, 20), CHINA),
        "terminal": COUNTER,
        "person_kind": person.kind.value,
        "person_number": person.number,
        "role": "",
        "state": "filed",
        "subject": computed.subject,
    }
    dues, entries = list[Row](), list[Row]()
    for owed in dues_of_lines(computed.lines):
        due = numbers.next(Type.DUE, day)
        amount: Row = {"due": due, "amount_fen": owed.amount_fen}
        dues.append(
            {**period, **amount, "tax": owed.tax, "declaration": number, "state": "paid", "held_by": None}
        )
        entries.append({**amount, "voucher": voucher_of(due, day), "late_fee_fen": 0, "entry_date": day})
    return Paid(declaration, tuple(dues), tuple(entries))
