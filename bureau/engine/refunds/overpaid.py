"""What a taxpayer paid too much (多缴税款): found in the books, return by return.

税收征收管理法 art. 51: who finds it within three years of paying may ask for it back, with interest. What was paid
last is what was too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bureau.engine import corrections
from bureau.engine.agency.issuing import AGENCY, days_of
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.ports.core import Core
from bureau.ports.refunds import GivenBack
from bureau.ports.returns import Kept, PaidTax
from kiosk.domain.ids import Fen
from kiosk.domain.tax import deposit_interest

YEARS = 3
LOOK_BACK = timedelta(days=366 * (YEARS + 1))
"""Periods that ended longer ago were paid longer ago than ``YEARS``, or late; those go to a counter."""


@dataclass(frozen=True, slots=True)
class Overpaid:
    """What was paid too much by one return that stands, tax by tax."""

    kept: Kept
    parts: tuple[GivenBack, ...]

    @property
    def tax_fen(self) -> int:
        """The taxes."""
        return sum(part.amount_fen for part in self.parts)

    @property
    def late_fee_fen(self) -> int:
        """The surcharges that were paid on them."""
        return sum(part.late_fee_fen for part in self.parts)


def overpaid(core: Core, taxpayer: str, day: date) -> list[Overpaid]:
    """Everything that may be asked for on ``day``, the return filed last first."""
    found = []
    for kept in core.returns.filings(taxpayer, day - LOOK_BACK):
        if kept.stands and (parts := tuple(_parts(core, kept, day))):
            found.append(Overpaid(kept, parts))
    return found


def of_return(core: Core, taxpayer: str, declaration: str, day: date) -> Overpaid | None:
    """What was paid too much by that return of the taxpayer; None: nothing."""
    found = overpaid(core, taxpayer, day)
    return next((one for one in found if one.kept.filed.declaration == declaration), None)


def interest(parts: Sequence[GivenBack], day: date, rules: Rules) -> int:
    """Interest in fen on what is given back on ``day``; none where another withheld it (实施细则 art. 78)."""
    return sum(
        int(deposit_interest.compute(Fen(part.amount_fen), part.entry_date, day, rules.current))
        for part in parts
        if part.entry_date is not None
    )


def _parts(core: Core, kept: Kept, day: date) -> Iterator[GivenBack]:
    if kept.filed.tax == AGENCY:
        yield from _taken_back(core, kept, day)
    elif corrections.form_of(kept) is not None:
        yield from _beyond(core, kept, day)


def _beyond(core: Core, kept: Kept, day: date) -> Iterator[GivenBack]:
    """Paid beyond what is declared now, from the latest payment backwards; then what another withheld of a year.

    That is asked for within three years of the time in which the year is settled.
    """
    filed = kept.filed
    too_much = corrections.overpaid(corrections.declared_of(kept), corrections.paid_of(core, kept))
    payments = _payments(core, kept)
    yield from _from_latest(too_much, payments, day)
    withheld = too_much.get(corrections.ANNUAL, 0) - sum(one.amount_fen for one in payments)
    if withheld > 0 and day <= _later(kept.limit_date):
        yield GivenBack(filed.tax, withheld)


def _payments(core: Core, kept: Kept) -> list[PaidTax]:
    """What the treasury holds of what the return is about; of VAT also what was paid for invoices (代开) before."""
    filed = kept.filed
    period = (filed.period_first, filed.period_last)
    own = core.returns.in_treasury(filed.taxpayer, filed.tax, *period, subject=kept.subject)
    if filed.tax != VAT_SMALL:
        return list(own)
    before = (
        one
        for day in days_of(core, filed.taxpayer, *period)
        for one in core.returns.in_treasury(filed.taxpayer, AGENCY, day, day)
    )
    return [*before, *own]


def _taken_back(core: Core, kept: Kept, day: date) -> Iterator[GivenBack]:
    """Paid by a natural person for an invoice that was taken back (红字) since, whole or in part.

    A taxpayer who files returns has it off the sales of the period instead.
    """
    filed = kept.filed
    application = core.agency.find(filed.declaration)
    if application is None or not application.own or application.state != "issued":
        return
    net, tax = core.einvoices.taken_back(application.number)
    whole, gone = application.net_fen + application.tax_fen, net + tax
    mine = [
        one
        for one in core.returns.in_treasury(filed.taxpayer, AGENCY, filed.period_first, filed.period_last)
        if (due := core.returns.due(one.due)) is not None and due.declaration == filed.declaration
    ]
    paid = {name: sum(one.amount_fen for one in mine if one.tax == name) for name in kept.figures["taxes"]}
    stays = {name: _stays(int(fen), whole - gone, whole) for name, fen in kept.figures["taxes"].items()}
    stays["vat"] = application.tax_fen - tax
    yield from _from_latest(corrections.overpaid(stays, paid), mine, day)


def _stays(fen: int, left: int, whole: int) -> int:
    """The share of a surcharge that goes with what is left of the invoice, half a fen up."""
    return (2 * fen * left + whole) // (2 * whole)


def _from_latest(too_much: Mapping[str, int], payments: Sequence[PaidTax], day: date) -> Iterator[GivenBack]:
    """The latest payments are those that were too much."""
    for tax, fen in too_much.items():
        for paid in reversed([one for one in payments if one.tax == tax]):
            take = min(fen, paid.amount_fen)
            if take and day <= _later(paid.entry_date):
                yield _part(paid, take)
            fen -= take


def _part(paid: PaidTax, take: int) -> GivenBack:
    """So much of a payment, with its share of the surcharge."""
    share = Decimal(paid.late_fee_fen) * take / paid.amount_fen
    late = int(share.quantize(Decimal(1), ROUND_HALF_UP))
    return GivenBack(paid.tax, take, late, paid.due, paid.entry_date)


def _later(day: date) -> date:
    """The last day of the three years that begin on ``day``."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + YEARS, day=28)
