"""VAT that was overpaid because more was taken back in a period than sold, carried into later ones (多缴税款结转抵减).

财税〔2016〕36号, annex 1, art. 36: returned sales are taken off those of the period in which they came back. Of what is
left the tax was overpaid, and may be taken off the tax of later periods. Nothing is carried of sales that were not
taxed, and no earlier return is opened again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Returned:
    """Net sales in fen that came back on a day: ``sold_on`` says when they were made, ``kind`` on which invoices."""

    sold_on: date
    kind: str
    net_fen: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Tax overpaid (``tax_fen``): of sales of the period ``of``, taxed at ``rate``, that came back in ``period``."""

    period: Span
    of: Span
    rate: Decimal
    sales_fen: int
    tax_fen: Fen


@dataclass(frozen=True, slots=True)
class Use:
    """What the return of a period took off its tax."""

    declaration: str
    period: Span
    tax_fen: int


def left_over(returned: Iterable[Returned], sold: Mapping[str, int], others_fen: int) -> list[Returned]:
    """What of ``returned`` no sales of the period are left for; the oldest sales are taken off first.

    ``sold``: by kind, the period's own sales less what of them came back within it. ``others_fen``: its further sales,
    without invoice. Raises ``MoneyError`` for sales below zero.
    """
    if others_fen < 0 or any(fen < 0 for fen in sold.values()):
        raise MoneyError("sales of a period must not be negative")
    ordered = sorted(returned, key=_oldest_first)
    kinds = dict.fromkeys([*sold, *(one.kind for one in ordered)])
    left: list[Returned] = []
    spare = others_fen
    for kind in kinds:
        mine = [one for one in ordered if one.kind == kind]
        spare += max(0, sold.get(kind, 0) - sum(one.net_fen for one in mine))
        left += _after(mine, sold.get(kind, 0))
    return _after(sorted(left, key=_oldest_first), spare)


def overpaid(taxable_fen: int, rate: Decimal, before_fen: int, more_fen: int) -> Fen:
    """How much less the tax on ``taxable_fen`` is once ``more_fen`` of it came back, beside ``before_fen`` that did.

    Counted on what came back altogether, so that several parts make the whole to the fen. No more comes back than was
    taxed. Raises ``MoneyError`` for amounts below zero.
    """
    if min(taxable_fen, before_fen, more_fen) < 0:
        raise MoneyError("sales that were taxed or came back must not be negative")

    def tax(returned: int) -> int:
        return round_fen(yuan(Fen(max(0, taxable_fen - returned))) * rate)

    return Fen(tax(before_fen) - tax(before_fen + more_fen))


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that was overpaid so and all that was taken off for it, of one taxpayer."""

    credits: Sequence[Credit] = ()
    uses: Sequence[Use] = ()

    def available(self, period: Span, replaces: str = "") -> Fen:
        """The most that a return of ``period`` may take off, in fen; ``replaces`` is the return whose place it takes.

        What came up before the period, less what was taken off; later returns keep what they took.
        """
        others = [use for use in self.uses if use.declaration != replaces]
        later = [use.period for use in others if use.period[1] > period[1]]
        return Fen(max(0, min(self._balance(one, others) for one in (period, *later))))

    def overdrawn(self) -> list[Use]:
        """Returns that took off more than was overpaid before them, the oldest first: they are to be corrected."""
        found = [use for use in self.uses if use.tax_fen and self._balance(use.period, self.uses) < 0]
        return sorted(found, key=lambda use: use.period)

    def balances(self) -> Mapping[Decimal, Fen]:
        """What is left to take off, by the rate at which it was paid; what was overpaid first is taken off first."""
        left: dict[Decimal, int] = {}
        used = sum(use.tax_fen for use in self.uses)
        for credit in sorted(self.credits, key=lambda one: (one.period, one.of)):
            taken = min(credit.tax_fen, used)
            used -= taken
            left[credit.rate] = left.get(credit.rate, 0) + credit.tax_fen - taken
        return {rate: Fen(fen) for rate, fen in left.items()}

    def _balance(self, period: Span, uses: Iterable[Use]) -> int:
        """What was overpaid before the period, less what returns up to its end took off."""
        came = sum(credit.tax_fen for credit in self.credits if credit.period[1] < period[0])
        return came - sum(use.tax_fen for use in uses if use.period[1] <= period[1])


def _oldest_first(one: Returned) -> tuple[date, str, int]:
    return one.sold_on, one.kind, one.net_fen


def _after(returned: Iterable[Returned], taken: int) -> list[Returned]:
    """``returned`` without the first ``taken`` fen of it."""
    left = []
    for one in returned:
        off = min(one.net_fen, taken)
        taken -= off
        if one.net_fen > off:
            left.append(Returned(one.sold_on, one.kind, one.net_fen - off))
    return left
