"""Individual income tax (个人所得税): annual settlement, bonus, business income, labour pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
    parameters_hash: str


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
    rate = bracket_for(yuan(taxable), levels).rate
    return AnnualResult(taxable, tax, balance, balance > 0 and small, rate, parameters.hash)


def bonus(bonus_fen: Fen, day: date, parameters: TaxParameters) -> Fen:
    """Tax on an annual bonus taxed on its own: its twelfth picks the rate (财税〔2018〕164号)."""
    level = bracket_for(yuan(bonus_fen) / MONTHS, parameters.at(day).brackets("iit.bonus"))
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
