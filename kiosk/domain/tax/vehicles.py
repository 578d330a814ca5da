"""Vehicle purchase tax (车辆购置税) and the yearly vehicle and vessel tax (车船税)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.lines import ONE, Note, TaxLine, net_of_gross
from kiosk.domain.tax.parameters import TaxParameters

MONTHS = 12
LITRES = (
    (Decimal("1.0"), "1-0"),
    (Decimal("1.6"), "1-6"),
    (Decimal("2.0"), "2-0"),
    (Decimal("2.5"), "2-5"),
    (Decimal("3.0"), "3-0"),
    (Decimal("4.0"), "4-0"),
)


@dataclass(frozen=True, slots=True)
class PurchaseResult:
    """Tax on a vehicle bought, before relief, what is forgiven, and what is due."""

    price_fen: Fen
    full_fen: Fen
    relief_fen: Fen
    tax_fen: Fen
    parameters_hash: str


def purchase_of_invoice(
    gross_fen: Fen, *, new_energy: bool, day: date, parameters: TaxParameters
) -> PurchaseResult:
    """Vehicle purchase tax from the invoice total with VAT."""
    net = net_of_gross(gross_fen, parameters.at(day).rate("vehicle.purchase-vat-rate"))
    return purchase(net, new_energy=new_energy, day=day, parameters=parameters)


def purchase(price_fen: Fen, *, new_energy: bool, day: date, parameters: TaxParameters) -> PurchaseResult:
    """Vehicle purchase tax on a price without VAT; new-energy cars are forgiven a share up to a limit."""
    rules = parameters.at(day)
    full = round_fen(yuan(price_fen) * rules.rate("vehicle.purchase-rate"))
    share = rules.rate_or_none("vehicle.new-energy-relief") if new_energy else None
    relief = Fen(0)
    if share is not None:
        relief = Fen(min(round_fen(yuan(full) * share), rules.amount("vehicle.new-energy-relief-up-to")))
    return PurchaseResult(price_fen, full, relief, Fen(full - relief), parameters.hash)


def yearly_band(litres: Decimal, day: date, parameters: TaxParameters) -> tuple[Fen, Fen]:
    """The national band of the yearly tax on a passenger car of up to 9 seats with this engine."""
    band = parameters.at(day).band(f"vehicle.car-{_size(litres)}")
    return round_fen(band.low), round_fen(band.high)


def province_amount(litres: Decimal, day: date, parameters: TaxParameters) -> Fen:
    """What the province charges a year for a passenger car with this engine (车船税法 art. 2)."""
    return parameters.at(day).amount(f"vehicle.province-{_size(litres)}")


def yearly(
    annual_fen: Fen,
    litres: Decimal,
    day: date,
    parameters: TaxParameters,
    *,
    bought_in_month: int | None = None,
) -> Fen:
    """The year's tax at the province's amount; a new car pays from the month it was bought.

    Raises ``MoneyError`` when the province's amount lies outside the national band or the month is none.
    """
    low, high = yearly_band(litres, day, parameters)
    if not low <= annual_fen <= high:
        raise MoneyError("the province's amount lies outside the national band; correct the province's table")
    if bought_in_month is None:
        return annual_fen
    if not 1 <= bought_in_month <= MONTHS:
        raise MoneyError("a month runs from 1 to 12")
    return round_fen(yuan(annual_fen) / MONTHS * (MONTHS + 1 - bought_in_month))


def yearly_line(tax: Fen) -> TaxLine:
    """A year's tax as the line of a return; it is an amount and no share of a base."""
    return TaxLine("vehicle-vessel", tax, ONE, ONE, tax)


def untaxed() -> TaxLine:
    """The line of a car that bears none of it."""
    return TaxLine("vehicle-vessel", Fen(0), ONE, ONE, Fen(0), Note.RELIEF)


def _size(litres: Decimal) -> str:
    """The class of engine that the law's table has."""
    return next((name for limit, name in LITRES if litres <= limit), "over-4-0")
