"""The comparison of a return with the invoices of its period (票表比对), on which a device's lock depends.

税总发〔2017〕124号 (K): invoices may not say more than the return declares. Of a small-scale taxpayer, sales on special
and on ordinary invoices each within theirs; of a general one, sales and tax within the whole. Sales without invoice are
declared beside them and make up for none. A period's invoices are what its devices reported and the
electronic ones (数电票) that no device issues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bureau.engine.duties import VAT_GENERAL
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Kept
from kiosk.domain.tax_control import last_day

ROUNDING_FEN: Final = 100
"""By how much the tax of a general taxpayer's invoices, each rounded, may be above the rate of their sum (K)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Sales of the period by its invoices and by its return, in fen without tax, and whether the return stands."""

    invoiced_fen: int
    declared_fen: int
    stands: bool


def period_of(taxpayer: Taxpayer, month: date, rules: Rules) -> tuple[str, Period] | None:
    """Tax and period of the return with the sales of the month; None where no rule of the calendar is known.

    Who became a general taxpayer filed by the quarter before (增值税法 art. 30).
    """
    before = taxpayer.general_since is not None and month < taxpayer.general_since
    small, quarterly = taxpayer.small_scale or before, taxpayer.quarterly or before
    first = month.replace(month=3 * ((month.month - 1) // 3) + 1) if quarterly else month
    last = last_day(month.replace(month=first.month + 2)) if quarterly else last_day(month)
    limit = rules.limit(last)
    return None if limit is None else (VAT_SMALL if small else VAT_GENERAL, Period(first, last, limit))


def standing_return(core: Core, taxpayer: Taxpayer, tax: str, period: Period) -> Kept | None:
    """The return of that period that stands, a corrected one in place of the first."""
    filed = core.returns.filed(taxpayer.taxpayer, tax, period.first, period.last)
    return None if filed is None else core.returns.kept(filed.declaration)


def compare(core: Core, taxpayer: Taxpayer, period: Period, kept: Kept) -> Compared:
    """What invoices and return say."""
    number, first = taxpayer.taxpayer, period.first
    reports = core.tax_control.reported(number, first, period.last.replace(day=1))
    others = core.tax_control.elsewhere(number, first, period.last)
    kinds = [kind for report in reports for kind in report.kinds]
    ordinary = max(0, others.ordinary_fen + sum(kind.net_fen for kind in kinds if not kind.special))
    special = max(0, others.special_fen + sum(kind.net_fen for kind in kinds if kind.special))
    tax = max(0, others.tax_fen + sum(kind.tax_fen for kind in kinds))
    if kept.filed.tax == VAT_SMALL:
        said = (_fen(kept.figures, "ordinary_sales_fen"), _fen(kept.figures, "special_sales_fen"))
        stands = ordinary <= said[0] and special <= said[1]
        return Compared(ordinary + special, sum(said), stands)
    declared = _fen(kept.figures, "sales_fen")
    stands = ordinary + special <= declared and tax <= _fen(kept.figures, "output_fen") + ROUNDING_FEN
    return Compared(ordinary + special, declared, stands)


def _fen(figures: Mapping[str, Any], name: str) -> int:
    """A figure of a return; none is nothing declared, which stands against no invoice."""
    value = figures.get(name)
    return value if isinstance(value, int) else 0
