"""Taxes worked out for who only asks (税费计算器): the sums of the returns by line, with the rules that were read.

Each sum is told facts, as a return is, and calls the function that the return or the centre calls; there is no second
formula. Which rows of the tables it goes by is seen by reading them (``Worked.rules``) and stands nowhere else.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from config.parameter_tables import Row
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax import iit, late_fee, property_taxes, vat_small, vehicles
from kiosk.domain.tax.lines import ONE, Note, TaxLine, net_of_gross
from kiosk.domain.tax.parameters import TaxParameters
from kiosk.domain.tax.property_taxes import StampItem
from kiosk.domain.tax.returns import facts
from kiosk.domain.tax.returns.facts import FactError, Facts, Reader, Told
from kiosk.domain.tax.returns.personal import LEVELS, MEDICAL, PENSION, IitAnnual, SocialInsurance, income

MONTHS = 12


class Sum(enum.StrEnum):
    """What can be worked out."""

    VAT_SMALL = "vat-small"
    WAGES = "iit-wages"
    ANNUAL = "iit-annual"
    BONUS = "iit-bonus"
    VEHICLE = "vehicle-purchase"
    DEED = "deed"
    STAMP = "stamp"
    LATE = "late-fee"
    SOCIAL = "social-insurance"


PLACES: Final = ("city", "county", "other")
"""Where the taxpayer is, which fixes the rate of city construction tax."""
CYCLES: Final = ("quarter", "month")
HOMES: Final = {"first": 1, "second": 2, "more": 3}
"""How many homes the family then has."""
INSURED: Final = {"both": (PENSION, MEDICAL), "pension": (PENSION,), "medical": (MEDICAL,)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a worked sheet.

    ``fen`` is ``base × rate × factor``, less ``quick`` (yuan, 速算扣除数), each ``days``, where these are told.
    """

    code: str
    fen: Fen
    base_fen: Fen | None = None
    rate: Decimal | None = None
    factor: Decimal = ONE
    quick: Decimal = Decimal(0)
    days: int | None = None
    note: Note = Note.NONE


@dataclass(frozen=True, slots=True)
class Worked:
    """A sum worked out: its lines, what it comes to as ``total`` names it, and the rules of ``day`` that were read."""

    lines: tuple[Line, ...]
    total: str
    total_fen: Fen
    day: date
    rules: tuple[Row, ...] = ()


Sheet = Callable[[Told, TaxParameters], Worked]


class _Read(Mapping[str, tuple[Row, ...]]):
    """The rows of the tables, and the names under which somebody looked."""

    def __init__(self, rows: Mapping[str, tuple[Row, ...]]) -> None:
        self._rows = rows
        self.names: dict[str, None] = {}

    def __getitem__(self, name: str) -> tuple[Row, ...]:
        found = self._rows[name]
        self.names[name] = None
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def work(wanted: Sum, given: Facts, parameters: TaxParameters) -> Worked:
    """Work it out; raises ``FactError`` for facts that cannot be, ``ParameterMissingError`` beyond the tables."""
    fields, sheet = SUMS[wanted]
    read = _Read(parameters.tables.rows)
    worked = sheet(facts.read(fields, given), TaxParameters(replace(parameters.tables, rows=read)))
    rows = [parameters.at(worked.day).row(name) for name in read.names]
    return replace(worked, rules=tuple(row for row in rows if row is not None))


def _vat(told: Told, parameters: TaxParameters) -> Worked:
    """As ``declare.vat-small`` of that month or quarter; the half of 六税两费 is every small-scale taxpayer's."""
    quarterly = told["cycle"] == "quarter"
    last = _last(told["until"], told["until"].month + (-told["until"].month % 3 if quarterly else 0))
    rules = parameters.at(last)
    rate, _ = vat_small.levy_rate(rules)
    ordinary, special = (
        net_of_gross(told[name], rate) if told["with_tax"] else told[name]
        for name in ("sales_fen", "special_fen")
    )
    found = vat_small.compute(
        vat_small.VatSmallInput(
            ordinary_fen=ordinary,
            special_fen=special,
            uninvoiced_fen=Fen(0),
            quarterly=quarterly,
            city_rate=rules.rate(f"surcharges.city-rate-{told['place']}"),
            half_six_taxes=True,
            day=last,
        ),
        parameters,
    )
    sales = Line("sales", found.sales_fen)
    return Worked((sales, *map(_of, found.lines)), "to-pay", found.total_fen, last)


def _wages(told: Told, parameters: TaxParameters) -> Worked:
    """The tax of one month, every month of the year so far being like it (累计预扣法)."""
    month: date = told["month"]
    months: int = told["months"]
    if months > month.month:
        raise FactError("months")
    day, pay, social = _last(month, month.month), told["pay_fen"], told["social_fen"]
    extra = told["extra_fen"]
    now, before = (
        iit.withheld(Fen(pay * count), Fen((social + extra) * count), count, day, parameters)
        for count in (months, months - 1)
    )
    tax = Fen(now.tax_fen - before.tax_fen)
    lines = (
        Line("income-so-far", Fen(pay * months)),
        Line("basic", Fen(-now.basic_fen)),
        *_less(social=social * months, extra=extra * months),
        Line("taxable", now.taxable_fen),
        Line("tax-so-far", now.tax_fen, now.taxable_fen, now.level.rate, quick=now.level.quick),
        *_less(withheld=before.tax_fen),
        Line("take-home", Fen(pay - social - tax)),
    )
    return Worked(lines, "withheld-now", tax, day)


def _annual(told: Told, parameters: TaxParameters) -> Worked:
    """As ``declare.iit-annual``; a small amount is not to be paid, and may be left."""
    kind = IitAnnual()
    first, day = kind.period(told)
    found = kind.settled(told, parameters)
    basic = parameters.at(day).amount("iit.basic-deduction")
    others = {name: told[f"{name}_fen"] for name in ("social", "extra", "other")}
    lines = (
        Line("income", income(told, parameters.at(day))),
        Line("basic", Fen(-basic)),
        *_less(**others),
        Line("taxable", found.taxable_fen),
        Line("tax-of-year", found.tax_fen, found.taxable_fen, found.rate, quick=found.quick),
        *_less(withheld=told["withheld_fen"]),
        *([Line("waived", Fen(-found.balance_fen))] if found.waived else []),
    )
    if found.balance_fen < 0:
        return Worked(lines, "refund", Fen(-found.balance_fen), day)
    return Worked(lines, "to-pay", Fen(0) if found.waived else found.balance_fen, day)


def _bonus(told: Told, parameters: TaxParameters) -> Worked:
    """A year's bonus taxed on its own; who adds it to the year's income works that out with it."""
    pay, day = told["bonus_fen"], told["paid_on"]
    level = iit.bonus_level(pay, day, parameters)
    tax = iit.bonus(pay, day, parameters)
    lines = (
        Line("twelfth", round_fen(yuan(pay) / MONTHS)),
        Line("tax-of-bonus", tax, pay, level.rate, quick=level.quick),
        Line("take-home", Fen(pay - tax)),
    )
    return Worked(lines, "to-pay", tax, day)


def _vehicle(told: Told, parameters: TaxParameters) -> Worked:
    """As ``declare.vehicle-purchase``."""
    day = told["bought_on"]
    found = vehicles.purchase_of_invoice(
        told["gross_fen"], new_energy=told["new_energy"], day=day, parameters=parameters
    )
    lines = (
        Line("price", found.price_fen),
        Line(
            "vehicle-purchase",
            found.full_fen,
            found.price_fen,
            parameters.at(day).rate("vehicle.purchase-rate"),
        ),
        *_less(relief=found.relief_fen),
    )
    return Worked(lines, "to-pay", found.tax_fen, day)


def _deed(told: Told, parameters: TaxParameters) -> Worked:
    """As ``declare.deed``."""
    day = told["signed_on"]
    found = property_taxes.deed_home(
        told["price_fen"],
        Decimal(told["area"]),
        homes_owned=HOMES[told["homes"]],
        day=day,
        parameters=parameters,
    )
    return Worked((_of(found),), "to-pay", found.tax_fen, day)


def _stamp(told: Told, parameters: TaxParameters) -> Worked:
    """As ``declare.stamp``, and of the items that nobody declares by the document."""
    day, item = told["signed_on"], StampItem(told["item"])
    found = property_taxes.stamp(item, told["amount_fen"], half=told["half"], day=day, parameters=parameters)
    return Worked((replace(_of(found), code="stamp"),), "to-pay", found.tax_fen, day)


def _late(told: Told, parameters: TaxParameters) -> Worked:
    """As the centre charges it on what is due."""
    tax, limit, paid = told["tax_fen"], told["limit"], told["paid"]
    found = late_fee.compute(tax, limit, paid, parameters)
    rate = parameters.at(paid).rate(late_fee.DAILY)
    lines = (
        Line("tax-owed", tax),
        Line("late-fee", found.fee_fen, tax, rate, days=found.days),
        Line("tax-and-fee", Fen(tax + found.fee_fen)),
    )
    return Worked(lines, "late-fee", found.fee_fen, paid)


def _social(told: Told, parameters: TaxParameters) -> Worked:
    """As ``declare.social-insurance``."""
    kind = SocialInsurance()
    chosen = {name: name in INSURED[told["insured"]] for name in (PENSION, MEDICAL)}
    whole: dict[str, Any] = {**told, **chosen}
    first, _ = kind.period(whole)
    lines = tuple(map(_of, kind.lines(whole, parameters)))
    return Worked(lines, "to-pay", Fen(sum(line.fen for line in lines)), first)


def _of(line: TaxLine) -> Line:
    return Line(line.code, line.tax_fen, line.base_fen, line.rate, line.factor, note=line.note)


def _less(**amounts: int) -> Iterator[Line]:
    """What is taken off, where there is any."""
    return (Line(code, Fen(-amount)) for code, amount in amounts.items() if amount)


def _last(day: date, month: int) -> date:
    """The last day of ``month`` in the year of ``day``."""
    return date(day.year + month // MONTHS, month % MONTHS + 1, 1) - timedelta(days=1)


SUMS: Final[Mapping[Sum, tuple[Mapping[str, Reader], Sheet]]] = {
    Sum.VAT_SMALL: (
        {
            "cycle": facts.one_of(CYCLES),
            "until": facts.month,
            "with_tax": facts.yes,
            "sales_fen": facts.amount_or_none,
            "special_fen": facts.amount_or_none,
            "place": facts.one_of(PLACES),
        },
        _vat,
    ),
    Sum.WAGES: (
        {
            "pay_fen": facts.amount,
            "social_fen": facts.amount_or_none,
            "extra_fen": facts.amount_or_none,
            "month": facts.month,
            "months": facts.count(1, MONTHS),
        },
        _wages,
    ),
    Sum.ANNUAL: (IitAnnual.fields, _annual),
    Sum.BONUS: ({"bonus_fen": facts.amount, "paid_on": facts.day}, _bonus),
    Sum.VEHICLE: ({"gross_fen": facts.amount, "new_energy": facts.yes, "bought_on": facts.day}, _vehicle),
    Sum.DEED: (
        {
            "price_fen": facts.amount,
            "area": facts.count(1, 10_000),
            "homes": facts.one_of(HOMES),
            "signed_on": facts.day,
        },
        _deed,
    ),
    Sum.STAMP: (
        {
            "item": facts.one_of({item.value for item in StampItem}),
            "amount_fen": facts.amount,
            "half": facts.yes,
            "signed_on": facts.day,
        },
        _stamp,
    ),
    Sum.LATE: ({"tax_fen": facts.amount, "limit": facts.day, "paid": facts.day}, _late),
    Sum.SOCIAL: (
        {
            "level": facts.one_of(LEVELS),
            "insured": facts.one_of(INSURED),
            "first": facts.month,
            "months": facts.count(1, MONTHS),
        },
        _social,
    ),
}
"""The facts of each sum, and how it is worked out."""
