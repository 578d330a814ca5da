"""What the enterprises declared and paid, or did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from bureau.city.characters import Firm
from bureau.city.firms import Registered
from bureau.city.sales import Invoice, totals
from bureau.engine.reference.context import REGION, Type
from bureau.engine.rules import BOOKED_AS, VAT_SMALL, Period, Rules
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.own_numbers import make_number
from kiosk.domain.tax import property_taxes, vat_general, vat_small
from kiosk.domain.tax.lines import TaxLine
from kiosk.domain.tax.property_taxes import StampItem
from sync.models import DeclarationSubmit

VAT_GENERAL = "vat-general"
COUNTER = "counter"
NOTHING = Fen(0)
OVERSTATED_FEN, CORRECTED_AFTER = Fen(20_000_000), timedelta(minutes=50)
"""What a return that was corrected soon after had said too much, sales without invoices."""
PAST, OWN_PAST, FLEET_PAST = 5_000_000, 6_000_000, 6_500_000
"""Sequence numbers from here on belong to the city's past, of enterprises and of people in their own name; below are
those that the centre will give."""
Row = dict[str, object]


class OwnNumbers:
    """Numbers of the papers of the past, day by day."""

    def __init__(self, start: int = PAST) -> None:
        self._start, self._last = start, dict[tuple[str, date], int]()

    def next(self, type_: str, day: date) -> str:
        """The next number of that kind on that day."""
        sequence = self._last[type_, day] = self._last.get((type_, day), self._start) + 1
        return make_number(type_, REGION, day, sequence)


def voucher_of(due: str, day: date) -> str:
    """The voucher under which a due was paid."""
    return f"3{REGION}{day:%y%m%d}{due[12:19]}"


@dataclass(frozen=True, slots=True)
class Computed:
    """A return worked out: what it says, and how each tax of it came about."""

    tax: str
    figures: Row
    total_fen: int
    lines: tuple[TaxLine, ...]

    def dues(self) -> Iterator[tuple[str, int]]:
        """Each tax with something to pay, by the name it has in the books."""
        for line in self.lines:
            if line.tax_fen:
                yield BOOKED_AS.get(line.code, line.code), int(line.tax_fen)


@dataclass
class Returns:
    """Collects the declarations and dues of a city, and what of them came to the treasury.

    ``as_of`` is the day on which they are looked at.
    """

    rules: Rules
    as_of: date
    random: Random
    numbers: OwnNumbers = field(default_factory=OwnNumbers)
    declarations: list[Row] = field(default_factory=list)
    dues: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)

    def file(self, registered: Registered, periods: list[Period], made: list[Invoice]) -> None:
        """The returns of ``periods``, newest first, as far as the enterprise filed them."""
        firm = registered.firm
        compute = self._small if firm.small_scale else self._general
        for age, period in enumerate(periods):
            filed = self._filed(firm, period, age)
            if period.last < registered.registered_on or (firm.state != "normal" and age < 2):
                continue
            if age == 0 and firm.stamp_open and period.limit >= self.as_of:
                self._stamp(registered, period, made)
            day = self._filing_day(period)
            if filed and day is not None:
                unpaid = (age == 0 and not firm.paid_last) or (age == 1 and firm.overdue)
                at = datetime.combine(
                    day, time(9 + self.random.randrange(8), self.random.randrange(60)), CHINA
                )
                said = compute(registered, period, made)
                if age == 1 and firm.overpaid:
                    self._correct(registered, period, at, made)
                    self._write(registered, period, at + CORRECTED_AFTER, said)
                    continue
                number = self._write(registered, period, at, said)
                for owed in said.dues():
                    self._due(registered, period, day, owed, number, "open" if unpaid else "paid")

    def _correct(self, registered: Registered, period: Period, at: datetime, made: list[Invoice]) -> None:
        """The return that a later one replaces: it said too much, and all of it was paid."""
        said = self._small(registered, period, made, OVERSTATED_FEN)
        number = self._write(registered, period, at, said, "replaced")
        for owed in said.dues():
            self._due(registered, period, at.date(), owed, number, "paid")

    def _filed(self, firm: Firm, period: Period, age: int) -> bool:
        """Whether it filed; once the limit is over, so have all but those who are late with everything."""
        if age == 0 and not firm.plain and self.as_of > period.limit:
            return firm.filed_before
        return (firm.filed_last, firm.filed_before)[age] if age < 2 else True

    def _filing_day(self, period: Period) -> date | None:
        """Some day of the filing period before today; none when it has only just begun."""
        latest = min(period.limit, self.as_of - timedelta(days=1))
        days = (latest - period.last).days
        return period.last + timedelta(days=self.random.randrange(1, days + 1)) if days > 0 else None

    def _small(
        self, registered: Registered, period: Period, made: list[Invoice], uninvoiced: Fen = NOTHING
    ) -> Computed:
        ordinary, special = (Fen(max(0, amount)) for amount in totals(made, period.first, period.last))
        rate = registered.firm.city_rate
        given = vat_small.VatSmallInput(ordinary, special, uninvoiced, True, Decimal(rate), True, period.last)
        result = vat_small.compute(given, self.rules.current)
        said = DeclarationSubmit(
            tax="vat-small",
            period_first=period.first,
            period_last=period.last,
            ordinary_sales_fen=ordinary,
            special_sales_fen=special,
            uninvoiced_sales_fen=uninvoiced,
            levy_rate=str(result.levy_rate),
            city_rate=rate,
            half_six_taxes=True,
            vat_fen=result.vat_fen,
            city_fen=result.city_fen,
            education_fen=result.education_fen,
            local_education_fen=result.local_education_fen,
            total_fen=result.total_fen,
            parameters_hash=result.parameters_hash,
        )
        return Computed(VAT_SMALL, said.model_dump(mode="json"), result.total_fen, result.lines)

    def _general(self, registered: Registered, period: Period, made: list[Invoice]) -> Computed:
        """Input tax of a general taxpayer is made up: between two thirds and nearly all of the output tax."""
        sales = Fen(max(0, sum(totals(made, period.first, period.last))))
        rate = self.rules.current.at(period.last).rate("vat-general.rate-13")
        output = int((sales * rate).to_integral_value())
        paid = Fen(output * self.random.randrange(66, 98) // 100)
        city = Decimal(registered.firm.city_rate)
        result = vat_general.compute(((sales, rate),), paid, city, period.last, self.rules.current)
        figures: Row = {
            "sales_fen": int(sales),
            "output_fen": int(result.output_fen),
            "input_fen": int(paid),
            "total_fen": int(result.total_fen),
            "parameters_hash": result.parameters_hash,
        }
        return Computed(VAT_GENERAL, figures, result.total_fen, result.lines)

    def _write(
        self, registered: Registered, period: Period, at: datetime, said: Computed, state: str = "filed"
    ) -> str:
        """The return in the books, and its number."""
        number, filer = self.numbers.next(Type.DECLARATION, at.date()), registered.filer
        self.declarations.append(
            {
                "declaration": number,
                "key": f"history-{number}",
                "taxpayer": registered.firm.taxpayer,
                "tax": said.tax,
                "period_first": period.first,
                "period_last": period.last,
                "figures": said.figures,
                "total_fen": said.total_fen,
                "limit_date": period.limit,
                "filed_at": at,
                "terminal": COUNTER,
                "person_kind": filer.citizen.kind.value,
                "person_number": filer.citizen.number,
                "role": filer.role.value,
                "state": state,
            }
        )
        return number

    def _stamp(self, registered: Registered, period: Period, made: list[Invoice]) -> None:
        """Stamp tax on the sales contracts of the period, declared with the tax source and not paid yet."""
        day = self._filing_day(period)
        if day is None:
            return
        base = Fen(max(0, sum(totals(made, period.first, period.last))))
        half = registered.firm.small_scale
        line = property_taxes.stamp(
            StampItem.SALE, base, half=half, day=period.last, parameters=self.rules.current
        )
        self._due(registered, period, day, ("stamp", int(line.tax_fen)), None, "open")

    def _due(
        self,
        registered: Registered,
        period: Period,
        day: date,
        owed: tuple[str, int],
        declaration: str | None,
        state: str,
    ) -> None:
        tax, amount = owed
        due = self.numbers.next(Type.DUE, day)
        if state == "paid":
            self._entered(due, day, amount)
        self.dues.append(
            {
                "due": due,
                "taxpayer": registered.firm.taxpayer,
                "tax": tax,
                "period_first": period.first,
                "period_last": period.last,
                "amount_fen": amount,
                "limit_date": period.limit,
                "declaration": declaration,
                "state": state,
                "held_by": None,
            }
        )

    def _entered(self, due: str, day: date, amount: int) -> None:
        """Paid on the day of filing, each tax under a voucher of its own."""
        self.entries.append(
            {
                "due": due,
                "voucher": voucher_of(due, day),
                "amount_fen": amount,
                "late_fee_fen": 0,
                "entry_date": day,
            }
        )
