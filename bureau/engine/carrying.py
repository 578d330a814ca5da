"""What a small-scale taxpayer may take off its VAT because more was taken back than sold before (多缴税款结转抵减).

Nothing of it is kept apart: the red letters stand in the register of invoices, what was declared and taken off in the
returns. So a return that is corrected, taken back or filed late changes what is left for the others by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from bureau.engine import messages, preferences
from bureau.engine.corrections import FORM, NIL
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.vat_small import vat_return
from bureau.ports.core import Core
from bureau.ports.registration import Person
from bureau.ports.returns import Kept, Sales, TakenBack
from kiosk.domain.errors import DomainError
from kiosk.domain.tax.carried import Credit, Ledger, Returned, Span, Use, left_over, overpaid

KINDS = ("ordinary", "special")


def returned_of(sales: Sales) -> int:
    """What red letters took back beyond the sales of their own kind, in fen."""
    return max(-sales.ordinary_fen, 0) + max(-sales.special_fen, 0)


def ledger(core: Core, rules: Rules, taxpayer: str) -> Ledger:
    """All that the taxpayer overpaid so by the returns that stand, and what returns took off."""
    back = core.returns.taken_back(taxpayer)
    if not back:
        return Ledger()
    since = min(one.sold_on for one in back)
    filed = [one for one in core.returns.filings(taxpayer, since) if one.stands]
    mine = {_span(one): one for one in filed if one.filed.tax == VAT_SMALL}
    uses = [
        Use(one.filed.declaration, period, int(one.figures.get("carried_fen", 0)))
        for period, one in mine.items()
        if one.figures.get("carried_fen")
    ]
    return Ledger(_credits(core, rules, mine, back), uses)


def tell_overdrawn(core: Core, rules: Rules, taxpayer: str, person: Person, before: Ledger) -> None:
    """Tell whoever changed a return which later ones take off too much since then, and did not ``before``."""
    known = {use.declaration for use in before.overdrawn()}
    for use in ledger(core, rules, taxpayer).overdrawn():
        if use.declaration not in known:
            core.notices.tell(person, messages.carried_overdrawn(use))


def _credits(
    core: Core, rules: Rules, filed: Mapping[Span, Kept], back: Sequence[TakenBack]
) -> Sequence[Credit]:
    """Period by period, the oldest first; what came back of exempt sales overpaid nothing."""
    found: list[Credit] = []
    came_back: defaultdict[Span, int] = defaultdict(int)
    untaxed = {span: _Freed(core, one) for span, one in filed.items()}
    for period, one in sorted(filed.items()):
        declared = _declared(one)
        if declared is None:
            continue
        for left in _left(core, one, declared, back):
            of = next((span for span in filed if span[0] <= left.sold_on <= span[1]), None)
            taxed = _taxed(filed[of], left.kind, rules) if of is not None else None
            if of is None or taxed is None:
                continue
            taxable, rate = taxed
            net = left.net_fen - untaxed[of].taken(left)
            tax = overpaid(taxable, rate, came_back[of], net)
            came_back[of] += net
            if tax:
                found.append(Credit(period, of, rate, net, tax))
    return found


class _Freed:
    """Sales of an exempt project (免税项目) that a return told, and how much of them came back so far.

    Whether a red letter is of the project is not known of it. In the months of the project ordinary ones are taken to
    be, as far as the return told such sales: so no tax is given back that was never paid.
    """

    def __init__(self, core: Core, one: Kept) -> None:
        self._left = int(one.figures.get("freed_sales_fen") or 0)
        held = preferences.of_period(core, one.filed.taxpayer, *_span(one)).freed if self._left else ()
        self._months = {(month.year, month.month) for month in held}

    def taken(self, back: Returned) -> int:
        """How much of what came back is of those sales."""
        if back.kind != "ordinary" or (back.sold_on.year, back.sold_on.month) not in self._months:
            return 0
        off = min(back.net_fen, self._left)
        self._left -= off
        return off


def _left(core: Core, one: Kept, declared: int, back: Sequence[TakenBack]) -> list[Returned]:
    """Sales of earlier periods that came back in the period of this return, beyond what was sold in it."""
    first, last = _span(one)
    earlier = [
        Returned(red.sold_on, red.kind, red.net_fen)
        for red in back
        if first <= red.issued_on <= last and red.sold_on < first
    ]
    if not earlier:
        return []
    sales = core.returns.sales(one.filed.taxpayer, first, last)
    net = {"ordinary": sales.ordinary_fen, "special": sales.special_fen}
    sold = {kind: net[kind] + sum(red.net_fen for red in earlier if red.kind == kind) for kind in KINDS}
    # What the return declares beyond its invoices is left to take returned sales off, too.
    invoiced = sum(max(fen, 0) for fen in net.values())
    return left_over(earlier, {kind: max(fen, 0) for kind, fen in sold.items()}, max(declared - invoiced, 0))


def _declared(one: Kept) -> int | None:
    """Sales that the return declares, in fen; None for one of another form (a fixed quota)."""
    form = one.figures.get(FORM)
    if form == NIL:
        return 0
    if form is not None:
        return None
    return sum(int(one.figures[f"{kind}_sales_fen"]) for kind in (*KINDS, "uninvoiced"))


def _taxed(one: Kept, kind: str, rules: Rules) -> tuple[int, Decimal] | None:
    """How much of the return's sales were taxed and at which rate; None where sales of that kind were not.

    As its own tables have it: below the threshold those with special invoices alone were. What came back in it of
    sales before it, and was taken off, is another matter.
    """
    parameters = rules.version(str(one.figures.get("parameters_hash")))
    if one.figures.get(FORM) is not None or parameters is None:
        return None
    try:
        data, result = vat_return(one.figures, parameters)
    except (DomainError, ValidationError, ArithmeticError):
        return None
    if result.exempt:
        return (data.special_sales_fen, result.levy_rate) if kind == "special" else None
    sold = data.special_sales_fen + data.ordinary_sales_fen + data.uninvoiced_sales_fen - data.freed_sales_fen
    return sold, result.levy_rate


def _span(one: Kept) -> tuple[date, date]:
    return one.filed.period_first, one.filed.period_last
