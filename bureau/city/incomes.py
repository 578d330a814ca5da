"""Months of income with the tax withheld, for everybody who is paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from bureau.city.cast import PERSONAS, WARDS
from bureau.city.characters import Pay
from bureau.city.places import DISTRICTS, any_district
from bureau.city.population import Citizen
from bureau.city.withholding import Withholding, royalties, separately
from bureau.engine.records import MONTHS_BACK, back
from bureau.ports.returns import Income
from kiosk.domain.ids import Fen
from kiosk.domain.tax import iit
from kiosk.domain.tax.limits import WorkingCalendar
from kiosk.domain.tax.parameters import TaxParameters

BONUS_MONTH = 2
ENTRY_DAY = 15
"""Tax is entered to the treasury by then; on the working day before when that is none."""


class Payroll:
    """Writes the income records of a city on one business day."""

    def __init__(self, as_of: date, parameters: TaxParameters) -> None:
        self._as_of = as_of
        self._parameters = parameters
        self._calendar = WorkingCalendar(parameters)
        this = f"{as_of:%Y-%m}"
        self._newest = this if self._entered(this) < as_of else back(this, 1)

    def of_cast(self) -> Iterator[tuple[str, list[Income]]]:
        """Document number and lines of each of the cast and their wards who is paid."""
        for persona in (*PERSONAS, *WARDS):
            if persona.enrolled and persona.pay is not None:
                home = next((d for d in DISTRICTS if d.name in persona.address), DISTRICTS[0])
                random = Random(f"income:{persona.id}")
                yield persona.number, self._lines(persona.pay, home.tax_office, random)

    def of_citizens(
        self, random: Random, people: Iterable[Citizen]
    ) -> Iterator[tuple[Citizen, list[Income]]]:
        """Years or months of wages, now and then labour; most of the retired and a few others have none."""
        for citizen in people:
            draw = random.random()
            if draw < (0.8 if citizen.retired(self._as_of) else 0.1):
                continue
            yield citizen, self._lines(_some_pay(random), any_district(random).tax_office, random)

    def _lines(self, pay: Pay, authority: str, random: Random) -> list[Income]:
        """The lines of ``pay`` up to the newest month whose tax has been entered."""
        employer = Withholding(self._parameters, pay.monthly_fen, pay.extra_fen)
        found: list[Income] = []
        for steps in reversed(range(0, pay.months, pay.every)):
            month = back(self._newest, steps)
            entry = self._entered(month)
            for item, income, tax in self._month(pay, steps, entry, employer, random):
                found.append(Income(month, item, income, tax, entry, authority, ""))
        return found

    def _month(
        self, pay: Pay, steps: int, day: date, employer: Withholding, random: Random
    ) -> Iterator[tuple[str, int, int]]:
        """Item, income and tax of one month's lines."""
        if pay.item != "wages":
            amount = pay.monthly_fen + random.randrange(-4, 5) * (pay.monthly_fen // 4_000 * 100)
            of = iit.labour if pay.item == "labour" else royalties
            yield pay.item, amount, of(Fen(amount), day, self._parameters)
            return
        if steps < len(pay.newest):
            income, tax = pay.newest[-1 - steps]
            yield "wages", income, tax
            return
        wages = pay.monthly_fen + random.randrange(-8, 17) * (pay.monthly_fen // 40_000 * 100)
        bonus = pay.bonus_fen if day.month == BONUS_MONTH else 0
        if bonus and not separately(day, self._parameters):
            wages, bonus = wages + bonus, 0
        yield "wages", wages, employer.month(day, wages)
        if bonus:
            yield "bonus", bonus, iit.bonus(Fen(bonus), day, self._parameters)

    def _entered(self, month: str) -> date:
        """The day on which the month's tax reached the treasury."""
        day = date(int(month[:4]), int(month[5:]), ENTRY_DAY)
        while not self._calendar.working(day):
            day -= timedelta(days=1)
        return day


def _some_pay(random: Random) -> Pay:
    """Anybody's pay: mostly some thousand yuan a month for years, sometimes a good deal more, or labour."""
    months = random.choice((MONTHS_BACK, MONTHS_BACK, MONTHS_BACK, 18, 7))
    if random.random() < 0.08:
        monthly = 200_000 + random.randrange(60) * 10_000
        return Pay(monthly, months, "labour", every=random.choice((1, 2, 3)))
    usual = 420_000 + random.randrange(140) * 10_000
    if random.random() < 0.12:
        usual *= 3
    return Pay(
        usual,
        months,
        extra_fen=random.choice((0, 0, 100_000, 200_000, 300_000)),
        bonus_fen=usual * random.randrange(1, 4) if random.random() < 0.5 else 0,
    )
