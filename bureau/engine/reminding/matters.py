"""What is open of a taxpayer: returns to file and dues to pay, with who answers for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal

from bureau.engine import messages
from bureau.engine.dues import late_fee_of
from bureau.engine.duties import filed_at, obligations
from bureau.engine.names import period_name, tax_name
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.ports.registration import Person, Taxpayer
from bureau.ports.returns import DueRecord
from bureau.texts import joined, say
from kiosk.domain.people import Role
from sync.models import Texts

WORK: Final = (Role.FINANCE_OFFICER, Role.TAX_HANDLER, Role.AGENT)
"""Who does it."""
ANSWER: Final = (Role.LEGAL_REPRESENTATIVE, *WORK)
"""Who has to know that it is late: the enterprise is held to it, not its clerk."""


@dataclass(frozen=True, slots=True)
class Open:
    """One return to file, or the dues of one return to pay.

    ``amount_fen`` and ``late_fee_fen`` are of the day, 0 for a return; ``at``: where it is done.
    """

    what: Literal["file", "pay"]
    matter: str
    taxes: Texts
    period: Texts
    limit: date
    at: Texts
    amount_fen: int = 0
    late_fee_fen: int = 0


def open_matters(core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> list[Open]:
    """All that is open. Dues that a payment is collecting now are left alone."""
    person = core.registration.owner(taxpayer.taxpayer)
    to_file = [] if person is not None else _to_file(core, taxpayer, rules, day)
    return [*to_file, *_to_pay(core, taxpayer, rules)]


def answering(core: Core, taxpayer: Taxpayer, day: date, *, late: bool) -> Sequence[Person]:
    """Who is told: the people of an enterprise, or the person who is taxpayer in their own name.

    Where nobody does the work for it, its representative hears everything.
    """
    person = core.registration.owner(taxpayer.taxpayer)
    if person is not None:
        return [person]
    work = () if late else core.registration.staff(taxpayer.taxpayer, WORK, day)
    return work or core.registration.staff(taxpayer.taxpayer, ANSWER, day)


def _to_file(core: Core, taxpayer: Taxpayer, rules: Rules, day: date) -> list[Open]:
    return [
        Open(
            "file",
            messages.to_file(one.tax, taxpayer.taxpayer, one.period.first, one.period.last),
            tax_name(one.tax),
            one.period.name,
            one.period.limit,
            filed_at(one.tax),
        )
        for one in obligations(core, taxpayer, rules, day)
        if one.filed is None
    ]


def _to_pay(core: Core, taxpayer: Taxpayer, rules: Rules) -> Iterator[Open]:
    dues = sorted(core.returns.dues(taxpayer.taxpayer), key=_matter)
    for matter, same in groupby(dues, key=_matter):
        due = list(same)
        if all(one.held_by is not None for one in due):
            continue
        yield Open(
            "pay",
            matter,
            joined([tax_name(tax) for tax in dict.fromkeys(one.tax for one in due)]),
            period_name(due[0].period_first, due[0].period_last),
            min(one.limit_date for one in due),
            say("pay-at"),
            sum(one.amount_fen for one in due),
            sum(late_fee_of(core, one, rules) for one in due),
        )


def _matter(due: DueRecord) -> str:
    """That of its return, or its own."""
    return messages.to_pay(due.declaration or due.due)
