"""Returns about one thing (按次申报): a document, a home, a vehicle that was bought, a vehicle for a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from kiosk.domain.tax import property_taxes, vehicles
from kiosk.domain.tax.limits import WorkingCalendar
from kiosk.domain.tax.lines import ONE, Note, TaxLine
from kiosk.domain.tax.parameters import TaxParameters
from kiosk.domain.tax.property_taxes import StampItem
from kiosk.domain.tax.returns import facts
from kiosk.domain.tax.returns.facts import Reader, Told
from kiosk.domain.tax.returns.kind import Kind

ELSEWHERE = frozenset({StampItem.SECURITIES, StampItem.BUSINESS_BOOK})
"""Stamp tax that nobody declares by the document: withheld at the exchange, and yearly of enterprises."""
MILLILITRES = Decimal(1000)
LONGEST_MAKE, LONGEST_ENGINE = 30, 30
"""Characters, as of the invoice of a vehicle (机动车销售统一发票)."""


class Stamp(Kind):
    """Stamp tax on one document (印花税按次申报; 印花税法 art. 15, 16)."""

    name: ClassVar[str] = "stamp"
    tax: ClassVar[str] = "stamp"
    fields: ClassVar[Mapping[str, Reader]] = {
        "item": facts.one_of({item.value for item in StampItem if item not in ELSEWHERE}),
        "contract": facts.number,
        "amount_fen": facts.amount,
        "signed_on": facts.day,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The day the document was signed."""
        return told["signed_on"], told["signed_on"]

    def subject(self, told: Told) -> str:
        """The document, and as what it is taxed."""
        return f"{told['item']} {told['contract']}"

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """Fifteen days after it was signed (印花税法 art. 16)."""
        return _days_after(told["signed_on"], "stamp.period-days", parameters)

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """A natural person counts as small-scale, so 六税两费 is halved (财政部 税务总局公告2023年第12号)."""
        found = property_taxes.stamp(
            StampItem(told["item"]),
            told["amount_fen"],
            half=True,
            day=told["signed_on"],
            parameters=parameters,
        )
        return (TaxLine("stamp", found.base_fen, found.rate, found.factor, found.tax_fen, found.note),)


class Deed(Kind):
    """Deed tax on a home that is bought (契税; 契税法 art. 9, 10)."""

    name: ClassVar[str] = "deed"
    tax: ClassVar[str] = "deed"
    fields: ClassVar[Mapping[str, Reader]] = {
        "contract": facts.number,
        "price_fen": facts.amount,
        "area": facts.count(1, 10_000),
        "homes": facts.count(1, 99),
        "signed_on": facts.day,
        "registers_on": facts.day,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The day the contract was signed (契税法 art. 9)."""
        return told["signed_on"], told["signed_on"]

    def subject(self, told: Told) -> str:
        """The contract."""
        return str(told["contract"])

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """The day on which ownership is registered: before that it has to be paid (契税法 art. 10)."""
        registers, signed = told["registers_on"], told["signed_on"]
        assert isinstance(registers, date) and isinstance(signed, date), "read as days"
        return max(registers, signed)

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """By area, begun square metres as whole ones, and by the homes the family then has."""
        found = property_taxes.deed_home(
            told["price_fen"],
            Decimal(told["area"]),
            homes_owned=told["homes"],
            day=told["signed_on"],
            parameters=parameters,
        )
        return (found,)


class VehiclePurchase(Kind):
    """Vehicle purchase tax (车辆购置税; 车辆购置税法 art. 12).

    Make (厂牌型号) and engine number (发动机号) change nothing about the tax; the certificate names them. A return that
    a terminal took before they were asked for lacks them.
    """

    name: ClassVar[str] = "vehicle-purchase"
    tax: ClassVar[str] = "vehicle-purchase"
    fields: ClassVar[Mapping[str, Reader]] = {
        "vin": facts.vin,
        "make": facts.words_or_none(LONGEST_MAKE),
        "engine": facts.words_or_none(LONGEST_ENGINE),
        "gross_fen": facts.amount,
        "new_energy": facts.yes,
        "bought_on": facts.day,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The day of the invoice."""
        return told["bought_on"], told["bought_on"]

    def subject(self, told: Told) -> str:
        """The vehicle."""
        return str(told["vin"])

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """Sixty days after the purchase (车辆购置税法 art. 12)."""
        return _days_after(told["bought_on"], "vehicle.purchase-days", parameters)

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """On the price without VAT; what is forgiven of a new-energy vehicle is taken off."""
        day: date = told["bought_on"]
        found = vehicles.purchase_of_invoice(
            told["gross_fen"], new_energy=told["new_energy"], day=day, parameters=parameters
        )
        rate = parameters.at(day).rate("vehicle.purchase-rate")
        note = Note.RELIEF if found.relief_fen else Note.NONE
        return (TaxLine("vehicle-purchase", found.price_fen, rate, ONE, found.tax_fen, note),)


class VehicleVessel(Kind):
    """The yearly tax on a passenger car of up to 9 seats (车船税; 车船税法 art. 2, 9)."""

    name: ClassVar[str] = "vehicle-vessel"
    tax: ClassVar[str] = "vehicle-vessel"
    relievable: ClassVar[str] = "vehicle-vessel"
    fields: ClassVar[Mapping[str, Reader]] = {
        "plate": facts.plate,
        "year": facts.count(2012, 9999),
        "electric": facts.yes,
        "engine": facts.count(0, 20_000),
        "bought_on": facts.day,
    }

    def period(self, told: Told) -> tuple[date, date]:
        """The calendar year (车船税法 art. 9)."""
        return date(told["year"], 1, 1), date(told["year"], 12, 31)

    def subject(self, told: Told) -> str:
        """The vehicle."""
        return str(told["plate"])

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """The end of the year, or the working day after it (车船税法 art. 9)."""
        return WorkingCalendar(parameters).on_or_after(self.period(told)[1])

    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """At the province's amount, in the year of the purchase from its month on (车船税法实施条例 art. 19).

        A car that runs on electricity alone has no displacement and is not taxed (财税〔2018〕74号 art. 1).
        Raises ``FactError`` for a car bought after the year, or with an engine of no size.
        """
        day, bought = self.period(told)[1], told["bought_on"]
        if bought.year > told["year"]:
            raise facts.FactError("bought_on")
        if told["electric"]:
            return (vehicles.untaxed(),)
        if not told["engine"]:
            raise facts.FactError("engine")
        litres = Decimal(told["engine"]) / MILLILITRES
        tax = vehicles.yearly(
            vehicles.province_amount(litres, day, parameters),
            litres,
            day,
            parameters,
            bought_in_month=bought.month if bought.year == told["year"] else None,
        )
        return (vehicles.yearly_line(tax),)


def _days_after(day: date, name: str, parameters: TaxParameters) -> date:
    """The last of so many days after ``day``; one that is a day off moves on (征管法实施细则 art. 109)."""
    last = day + timedelta(days=parameters.at(day).number(name))
    return WorkingCalendar(parameters).on_or_after(last)
