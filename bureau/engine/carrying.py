"""What a small-scale taxpayer may take off its VAT because more was taken back than sold before (多缴税款结转抵减).

Nothing of it is kept apart: the red letters stand in the register of invoices, what was declared and taken off in the
returns. So a return that is corrected, taken back or filed late changes what is left for the others by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Taxed:
    """Of how much of a period's sales, in fen by kind, the tax was paid, and at which rate."""

    rate: Decimal
    by_kind: Mapping[str, int]


def _credits(
    core: Core, rules: Rules, filed: Mapping[Span, Kept], back: Sequence[TakenBack]
) -> Sequence[Credit]:
    """Period by period, the oldest first; what came back of exempt sales overpaid nothing."""
    found: list[Credit] = []
    came_back: defaultdict[Span, int] = defaultdict(int)
    untaxed = {span: _Freed(core, one) for span, one in filed.items()}
    taxed: dict[Span, _Taxed] = {}

    def origin(red: Returned) -> tuple[Span, _Taxed] | None:
        of = next((span for span in taxed if span[0] <= red.sold_on <= span[1]), None)
        return (of, taxed[of]) if of is not None and red.kind in taxed[of].by_kind else None

    for period, one in sorted(filed.items()):
        declared = _declared(one)
        if declared is None:
            continue
        came = _came_back(core, one, declared, back)
        paid_before: list[tuple[int, Decimal]] = []
        for red in came.taken:
            if (known := origin(red)) is not None and not untaxed[known[0]].may_be(red):
                of, was = known
                left = max(0, was.by_kind[red.kind] - came_back[of])
                paid_before.append((min(red.net_fen, left), was.rate))
                came_back[of] += red.net_fen
        for red in came.left:
            if (known := origin(red)) is None:
                continue
            of, was = known
            net = red.net_fen - untaxed[of].taken(red)
            tax = overpaid(was.by_kind[red.kind], was.rate, came_back[of], net)
            came_back[of] += net
            if tax:
                found.append(Credit(period, of, was.rate, net, tax))
        if (mine := _taxed(one, rules, came.gross, paid_before)) is not None:
            taxed[period] = mine
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

    def may_be(self, back: Returned) -> bool:
        """Whether what came back may be of those sales."""
        return back.kind == "ordinary" and (back.sold_on.year, back.sold_on.month) in self._months

    def taken(self, back: Returned) -> int:
        """How much of what came back is of those sales."""
        if not self.may_be(back):
            return 0
        off = min(back.net_fen, self._left)
        self._left -= off
        return off


@dataclass(frozen=True, slots=True)
class _Came:
    """Sales of earlier periods that came back in one: what its own sales left room for (``taken``), and the rest.

    ``gross``: those own sales in fen by kind, as they were before anything was taken off.
    """

    taken: Sequence[Returned]
    left: Sequence[Returned]
    gross: Mapping[str, int]


def _came_back(core: Core, one: Kept, declared: int, back: Sequence[TakenBack]) -> _Came:
    """What of earlier sales came back in the period of this return."""
    first, last = _span(one)
    earlier = [
        Returned(red.sold_on, red.kind, red.net_fen)
        for red in back
        if first <= red.issued_on <= last and red.sold_on < first
    ]
    told = {kind: int(one.figures.get(f"{kind}_sales_fen") or 0) for kind in KINDS}
    if not earlier:
        return _Came((), (), told)
    sales = core.returns.sales(one.filed.taxpayer, first, last)
    net = {"ordinary": sales.ordinary_fen, "special": sales.special_fen}
    sold = {kind: net[kind] + sum(red.net_fen for red in earlier if red.kind == kind) for kind in KINDS}
    sold = {kind: max(fen, 0) for kind, fen in sold.items()}
    # What the return declares beyond its invoices is left to take returned sales off, too.
    invoiced = sum(max(fen, 0) for fen in net.values())
    left = left_over(earlier, sold, max(declared - invoiced, 0))
    gross = {kind: sold[kind] + max(0, told[kind] - max(net[kind], 0)) for kind in KINDS}
    return _Came(_without(earlier, left), left, gross)


def _without(some: Sequence[Returned], others: Sequence[Returned]) -> list[Returned]:
    """``some`` less ``others``, day by day and kind by kind, the oldest first."""
    amounts: defaultdict[tuple[date, str], int] = defaultdict(int)
    for one in some:
        amounts[one.sold_on, one.kind] += one.net_fen
    for one in others:
        amounts[one.sold_on, one.kind] -= one.net_fen
    return [Returned(day, kind, fen) for (day, kind), fen in sorted(amounts.items()) if fen > 0]


def _declared(one: Kept) -> int | None:
    """Sales that the return declares, in fen; None for one of another form (a fixed quota)."""
    form = one.figures.get(FORM)
    if form == NIL:
        return 0
    if form is not None:
        return None
    return sum(int(one.figures[f"{kind}_sales_fen"]) for kind in (*KINDS, "uninvoiced"))


def _taxed(
    one: Kept, rules: Rules, gross: Mapping[str, int], paid_before: Sequence[tuple[int, Decimal]]
) -> _Taxed | None:
    """Of how much of the return's sales the tax was paid, as its own tables have it; None: of none.

    Below the threshold those with special invoices alone were taxed. Of what was taken off them because other sales
    came back the tax was paid as well, with those others (``paid_before``: fen and rate), as far as they were taxed.
    """
    parameters = rules.version(str(one.figures.get("parameters_hash")))
    if one.figures.get(FORM) is not None or parameters is None:
        return None
    try:
        data, result = vat_return(one.figures, parameters)
    except (DomainError, ValidationError, ArithmeticError):
        return None
    rate = result.levy_rate
    if not rate:
        return None
    paid = result.taxable_fen + sum(int(fen * min(was, rate) / rate) for fen, was in paid_before)
    if result.exempt:
        return _Taxed(rate, {"special": min(paid, gross["special"])})
    sold = gross["special"] + gross["ordinary"] + data.uninvoiced_sales_fen - data.freed_sales_fen
    return _Taxed(rate, dict.fromkeys(KINDS, min(paid, sold)))


def _span(one: Kept) -> tuple[date, date]:
    return one.filed.period_first, one.filed.period_last
