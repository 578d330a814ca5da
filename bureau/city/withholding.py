"""Income tax as employers withhold it month by month (预扣预缴), by the tables in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax import iit
from kiosk.domain.tax.parameters import TaxParameters

SOCIAL = Decimal("0.175")
"""The employee's social insurance (8 + 2 + 0.5 %) and housing fund (7 %) of a month's usual pay."""
AUTHORS_SHARE = Decimal("0.7")
AUTHORS_RATE = Decimal("0.2")
"""稿酬: 70 % of the income counts, at 20 % (税务总局公告2018年第61号 art. 8)."""


@dataclass(slots=True)
class Withholding:
    """One employer's withholding for one person: cumulative within a year (税务总局公告2018年第61号 art. 6).

    ``usual_fen`` is what social insurance is reckoned from, ``extra_fen`` the additional deductions a month.
    """

    parameters: TaxParameters
    usual_fen: int
    extra_fen: int = 0
    _year: int = 0
    _months: int = 0
    _income: int = 0
    _withheld: int = 0

    def month(self, day: date, income_fen: int) -> Fen:
        """Tax withheld from the pay of ``day``'s month; never negative, a surplus waits for the settlement."""
        if day.year != self._year:
            self._year, self._months, self._income, self._withheld = day.year, 0, 0, 0
        self._months += 1
        self._income += income_fen
        deducted = (self.extra_fen + round_fen(yuan(Fen(self.usual_fen)) * SOCIAL)) * self._months
        owed = iit.withheld(Fen(self._income), Fen(deducted), self._months, day, self.parameters).tax_fen
        now = max(0, owed - self._withheld)
        self._withheld += now
        return Fen(now)


def royalties(pay_fen: int, day: date, parameters: TaxParameters) -> Fen:
    """Tax withheld from one author's remuneration (稿酬)."""
    rules = parameters.at(day)
    pay = yuan(Fen(pay_fen))
    if pay_fen <= rules.amount("iit.labour-flat-up-to"):
        income = pay - yuan(rules.amount("iit.labour-flat-deduction"))
    else:
        income = pay * (1 - rules.rate("iit.labour-share-deduction"))
    return round_fen(max(Decimal(0), income) * AUTHORS_SHARE * AUTHORS_RATE)


def separately(day: date, parameters: TaxParameters) -> bool:
    """Whether an annual bonus may still be taxed on its own on ``day``."""
    return parameters.at(day).row("iit.bonus") is not None
