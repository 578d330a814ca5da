"""VAT of a general taxpayer (一般纳税人), and of an invoice issued for somebody by the bureau (代开)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line, net_of_gross, total
from kiosk.domain.tax.parameters import TaxParameters
from kiosk.domain.tax.surcharges import surcharges
from kiosk.domain.tax.vat_small import levy_rate

RATES = ("vat-general.rate-13", "vat-general.rate-9", "vat-general.rate-6", "vat-general.rate-0")


@dataclass(frozen=True, slots=True)
class VatGeneralResult:
    """Output tax less input tax: ``vat_fen`` payable, or ``carried_fen`` left over for the next period."""

    output_fen: Fen
    vat_fen: Fen
    carried_fen: Fen
    lines: tuple[TaxLine, ...]
    total_fen: Fen
    parameters_hash: str


@dataclass(frozen=True, slots=True)
class AgencyInvoiceResult:
    """Net amount of an invoice the bureau issues for a natural person, and the taxes paid with it."""

    net_fen: Fen
    vat_fen: Fen
    lines: tuple[TaxLine, ...]
    total_fen: Fen
    parameters_hash: str


def compute(
    sales: tuple[tuple[Fen, Decimal], ...],
    input_fen: Fen,
    city_rate: Decimal,
    day: date,
    parameters: TaxParameters,
) -> VatGeneralResult:
    """Output tax on ``sales`` (net fen, rate) less ``input_fen``, and the surcharges on what is payable.

    Raises ``MoneyError`` for a rate that is not in force on ``day`` or a negative amount.
    """
    rules = parameters.at(day)
    allowed = {rules.rate(name) for name in RATES}
    if any(rate not in allowed for _, rate in sales):
        raise MoneyError("a VAT rate must be one of 13, 9, 6 or 0 per cent")
    if input_fen < 0 or any(net < 0 for net, _ in sales):
        raise MoneyError("sales and input tax must not be negative")
    output = round_fen(sum((yuan(net) * rate for net, rate in sales), Decimal(0)))
    vat = Fen(max(0, output - input_fen))
    extra = surcharges(vat, city_rate, half=False, education_free=False, rules=rules)
    lines = (TaxLine("vat", vat, ONE, ONE, vat), *extra)
    carried = Fen(max(0, input_fen - output))
    return VatGeneralResult(output, vat, carried, lines, total(lines), parameters.hash)


def agency_invoice(
    gross_fen: Fen, city_rate: Decimal, *, half: bool, day: date, parameters: TaxParameters
) -> AgencyInvoiceResult:
    """Taxes on one invoice for a natural person, at the small-scale levy rate.

    Sales below the per-transaction threshold (起征点) are free; those that reach it are taxed in full.
    Within the monthly education threshold no education surcharge is due.
    """
    rules = parameters.at(day)
    rate, note = levy_rate(rules)
    net = net_of_gross(gross_fen, rate)
    threshold = rules.amount_or_none("vat-small.transaction-threshold")
    free = threshold is not None and net < threshold
    vat = line("vat", net, rate, Decimal(0) if free else ONE, Note.THRESHOLD if free else note)
    education_free = net <= rules.amount("surcharges.education-monthly-threshold")
    extra = surcharges(vat.tax_fen, city_rate, half=half, education_free=education_free, rules=rules)
    lines = (vat, *extra)
    return AgencyInvoiceResult(net, vat.tax_fen, lines, total(lines), parameters.hash)
