"""A relief that was granted reaches the returns that were filed before it: each is filed anew, with it taken off.

What was not paid yet is due lower; what was paid too much can be asked back (``refunds.overpaid``). The old return
stays in the books as replaced, the time of filing in law and the limit to pay are those that it had.
"""

from __future__ import annotations

from bureau.engine import corrections
from bureau.engine.handlers.returns import figures_of
from bureau.engine.reliefs import taking
from bureau.engine.rules import Rules
from bureau.errors import ReliefRefused
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.reliefs import Adjusted, Relief
from bureau.ports.returns import Filing, Kept, NewDue
from kiosk.domain.tax.returns import KINDS, Computed


def adjust(core: Core, relief: Relief, case: MatterCase, rules: Rules) -> Adjusted:
    """File anew what it reaches, the earliest period first. Raises ``ReliefRefused`` while one is being paid."""
    done = Adjusted()
    filed = core.returns.filings(relief.taxpayer, relief.first)
    for kept in sorted(filed, key=lambda one: one.filed.period_first):
        computed = _relieved(core, kept, relief, rules)
        if computed is None:
            continue
        _settled(core, kept)
        over = _file(core, kept, computed, case)
        less = kept.filed.total_fen - int(computed.total_fen)
        done = Adjusted(done.returns + 1, done.less_fen + less, done.overpaid_fen + over)
    return done


def _relieved(core: Core, kept: Kept, relief: Relief, rules: Rules) -> Computed | None:
    """The return with the relief; None where it takes nothing of it."""
    kind = KINDS.get(str(kept.figures.get("form")))
    if not kept.stands or kind is None or kind.relievable != relief.tax or taking.takes(kept):
        return None
    if kept.filed.period_first > relief.last or not (told := taking.facts_of(core, relief)):
        return None
    parameters = rules.version(str(kept.figures.get("parameters_hash")))
    if parameters is None:
        raise ReliefRefused(
            f"the tables of return {kept.filed.declaration} are not here: see `bureau returns`"
        )
    computed = kind.compute(taking.with_relief(kept.figures["facts"], told), parameters)
    return computed if computed.relieved_fen else None


def _settled(core: Core, kept: Kept) -> None:
    """Nothing of it may be under way; raises ``ReliefRefused``."""
    number = kept.filed.declaration
    mine = [due for due in core.returns.dues(kept.filed.taxpayer) if due.declaration == number]
    if any(due.held_by is not None for due in mine):
        raise ReliefRefused(f"the tax of return {number} is being paid now: grant it when that is over")
    if any(due.parts for due in mine):
        raise ReliefRefused(f"return {number} is paid in part: grant it when the rest is paid")


def _file(core: Core, kept: Kept, computed: Computed, case: MatterCase) -> int:
    """File it in place of the old one; what of its taxes is paid too much now, in fen."""
    old, facts = kept.filed, taking.with_relief(kept.figures["facts"], taking.taken(computed))
    figures = figures_of(kept.figures["form"], facts, computed, taking.basis(core, facts))
    paid, taxes = corrections.paid_of(core, kept), corrections.taxes(figures)
    filing = Filing(
        key=f"{case.case}/{old.declaration}",
        taxpayer=old.taxpayer,
        tax=old.tax,
        period_first=old.period_first,
        period_last=old.period_last,
        figures={**figures, "replaces": old.declaration},
        total_fen=int(computed.total_fen),
        limit_date=kept.limit_date,
        filed_at=old.filed_at,
        terminal="",
        person=case.person,
        role=case.role,
        dues=tuple(NewDue(tax, fen) for tax, fen in corrections.left(taxes, paid).items()),
        subject=kept.subject,
        replaces=old.declaration,
    )
    core.returns.file(filing)
    return sum(corrections.overpaid(taxes, paid).values())
