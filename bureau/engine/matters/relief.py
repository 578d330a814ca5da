"""A tax relief that is granted on application (核准类减免税): examined by one officer, granted by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import Matter
from bureau.engine.names import tax_name
from bureau.engine.refusals import refuse
from bureau.engine.reliefs.adjusting import adjust
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.errors import ReliefRefused
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.reliefs import Adjusted, Relief

MOST_MONTHS = 36
"""For how long one is granted at most; then it is applied for anew."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an officer would grant: so many fen in all, or a share of the tax; neither: the amount applied for."""

    amount_fen: int | None = None
    percent: int | None = None


class GrantRelief(Untouched):
    """Two officers decide; from then on returns of those months take it (``reliefs``)."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The months hang together, and no relief of the same tax is in force in one of them."""
        tax = matter.reliefs[str(fields["relief"])].tax
        first, last = months_of(fields)
        if not first <= last or _count(first, last) > MOST_MONTHS:
            raise refuse("reliefSpan", most=str(MOST_MONTHS))
        for known in core.reliefs.granted(actor.enterprise.taxpayer):
            if known.tax == tax and known.first <= last and known.last >= first:
                raise refuse("reliefHeld", tax=tax_name(tax), case=known.case)
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Granted, from the first day of its first month on."""
        relief = core.reliefs.relief(case.case, lock=True)
        assert relief is not None, "examined before it is granted"
        return core.reliefs.grant(relief, case.decided_by or "", day).first

    def drop(self, core: Core, case: MatterCase, matter: Matter) -> None:
        """What was examined is refused."""
        core.reliefs.drop(case.case)


def examined(core: Core, case: MatterCase, matter: Matter, officer: str, terms: Terms) -> bool:
    """Whether another officer has examined it before; else this one does now, and it waits for a second.

    Raises ``ReliefRefused`` where the same officer would do both, or changes what was examined.
    """
    known = core.reliefs.relief(case.case, lock=True)
    if known is None:
        core.reliefs.examine(_examined(case, matter, officer, terms))
        return False
    if officer == known.examined_by:
        raise ReliefRefused(f"{officer} has examined case {case.case}: another officer grants it")
    if terms != Terms() and (terms.amount_fen, terms.percent) != (known.amount_fen, known.percent):
        raise ReliefRefused(f"case {case.case} was examined with other terms: grant those, or refuse it")
    return True


def reach(core: Core, case: MatterCase, rules: Rules) -> Adjusted:
    """Let a relief that was just granted reach the returns that were filed before. Raises ``ReliefRefused``."""
    relief = core.reliefs.relief(case.case)
    assert relief is not None, "granted in this transaction"
    return adjust(core, relief, case, rules)


def months_of(fields: Fields) -> tuple[date, date]:
    """The first day of the first month and the last of the last.

    A case of before the last month was asked for ends with its year.
    """
    first = date.fromisoformat(f"{fields['relief_since']}-01")
    until = str(fields.get("relief_until", f"{first.year}-12"))
    after = date.fromisoformat(f"{until}-01") + timedelta(days=31)
    return first, after.replace(day=1) - timedelta(days=1)


def _examined(case: MatterCase, matter: Matter, officer: str, terms: Terms) -> Relief:
    asked, name = int(case.fields["relief_amount"]), str(case.fields["relief"])
    if terms.amount_fen is not None and not 0 < terms.amount_fen <= asked:
        raise ReliefRefused(f"grant more than nothing and at most the {asked / 100:.2f} yuan applied for")
    first, last = months_of(case.fields)
    amount = None if terms.percent is not None else terms.amount_fen or asked
    tax = matter.reliefs[name].tax
    return Relief(case.case, enterprise(case), name, tax, first, last, amount, terms.percent, officer)


def _count(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1
