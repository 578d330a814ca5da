"""Individual income tax (个人所得税): annual settlement, bonus, business income, labour pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.parameter_tables import Bracket
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.brackets import bracket_for, progressive
from kiosk.domain.tax.parameters import TaxParameters

MONTHS = 12


@dataclass(frozen=True, slots=True)
class AnnualInput:
    """One year of comprehensive income (综合所得), fen, after the deductions of each kind of income.

    ``social_fen`` special deductions (专项扣除), ``extra_fen`` additional ones (专项附加扣除), ``other_fen``
    those fixed by law, ``withheld_fen`` tax already withheld.
    """

    income_fen: Fen
    social_fen: Fen = Fen(0)
    extra_fen: Fen = Fen(0)
    other_fen: Fen = Fen(0)
    withheld_fen: Fen = Fen(0)


@dataclass(frozen=True, slots=True)
class AnnualResult:
    """Taxable income, tax, and what is still due (above zero) or to be refunded (below).

    ``waived``: due, but need not be settled (income or amount small); nothing has to be paid.
    """

    taxable_fen: Fen
    tax_fen: Fen
    balance_fen: Fen
    waived: bool
    rate: Decimal
    quick: Decimal
    parameters_hash: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Tax to be withheld from wages by the end of a month, all months of the year together, and how it came about."""

    basic_fen: Fen
    taxable_fen: Fen
    tax_fen: Fen
    level: Bracket


@dataclass(frozen=True, slots=True)
class BusinessResult:
    """Tax on business income before and after the sole trader's half."""

    full_fen: Fen
    relief_fen: Fen
    tax_fen: Fen
    parameters_hash: str


def annual(given: AnnualInput, year_end: date, parameters: TaxParameters) -> AnnualResult:
    """Annual settlement (汇算清缴) by the rules of ``year_end``; 个人所得税法 art. 6, table 1."""
    rules = parameters.at(year_end)
    deductions = rules.amount("iit.basic-deduction") + given.social_fen + given.extra_fen + given.other_fen
    taxable = Fen(max(0, given.income_fen - deductions))
    levels = rules.brackets("iit.comprehensive")
    tax = round_fen(progressive(yuan(taxable), levels))
    balance = Fen(tax - given.withheld_fen)
    income_limit = rules.amount_or_none("iit.settlement-waiver-income")
    tax_limit = rules.amount_or_none("iit.settlement-waiver-tax")
    small = (income_limit is not None and given.income_fen <= income_limit) or (
        tax_limit is not None and balance <= tax_limit
    )
    level = bracket_for(yuan(taxable), levels)
    waived = balance > 0 and small
    return AnnualResult(taxable, tax, balance, waived, level.rate, level.quick, parameters.hash)


def withheld(
    income_fen: Fen, deducted_fen: Fen, months: int, day: date, parameters: TaxParameters
) -> Withheld:
    """Tax to be withheld from wages up to the ``months``-th month with one employer in a year (累计预扣法).

    税务总局公告2018年第61号 art. 6: ``income_fen`` and ``deducted_fen`` (special and additional deductions) of these
    months together, the basic deduction a month, and the levels of the year's table. What was withheld before is
    still to be taken off.
    """
    rules = parameters.at(day)
    basic = Fen(rules.amount("iit.basic-deduction") // MONTHS * months)
    taxable = Fen(max(0, income_fen - basic - deducted_fen))
    levels = rules.brackets("iit.comprehensive")
    tax = round_fen(progressive(yuan(taxable), levels))
    return Withheld(basic, taxable, tax, bracket_for(yuan(taxable), levels))


def bonus_level(bonus_fen: Fen, day: date, parameters: TaxParameters) -> Bracket:
    """The level of an annual bonus that is taxed on its own: its twelfth picks it (财税〔2018〕164号)."""
    return bracket_for(yuan(bonus_fen) / MONTHS, parameters.at(day).brackets("iit.bonus"))


def bonus(bonus_fen: Fen, day: date, parameters: TaxParameters) -> Fen:
    """Tax on an annual bonus taxed on its own, the whole of it at its level."""
    level = bonus_level(bonus_fen, day, parameters)
    return round_fen(max(Decimal(0), yuan(bonus_fen) * level.rate - level.quick))


def business(
    taxable_fen: Fen, *, sole_trader: bool, year_end: date, parameters: TaxParameters
) -> BusinessResult:
    """Tax on business income (经营所得); a sole trader pays half on the first part while that lasts."""
    rules = parameters.at(year_end)
    levels = rules.brackets("iit.business")
    full = round_fen(progressive(yuan(taxable_fen), levels))
    share = rules.rate_or_none("iit.sole-trader-half") if sole_trader else None
    relief = Fen(0)
    if share is not None:
        part = Fen(min(taxable_fen, rules.amount("iit.sole-trader-half-up-to")))
        relief = round_fen(progressive(yuan(part), levels) * (1 - share))
    return BusinessResult(full, relief, Fen(full - relief), parameters.hash)


def labour(pay_fen: Fen, day: date, parameters: TaxParameters) -> Fen:
    """Tax withheld from one payment for labour (劳务报酬预扣预缴; 税务总局公告2018年第61号)."""
    rules = parameters.at(day)
    if pay_fen <= rules.amount("iit.labour-flat-up-to"):
        income = yuan(Fen(pay_fen - rules.amount("iit.labour-flat-deduction")))
    else:
        income = yuan(pay_fen) * (1 - rules.rate("iit.labour-share-deduction"))
    return round_fen(progressive(income, rules.brackets("iit.labour")))
