"""Months of income with the tax withheld, for each person who is employed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from bureau.city.cast import PERSONAS, Persona
from bureau.city.population import Citizen
from bureau.city.words import EMPLOYERS_OFFICE
from bureau.engine.records import back
from bureau.facts import Income

HISTORY = 30
"""Months of history of those who have been employed all along."""
BONUS_MONTH = "02"
BASIC_FEN = 500_000
"""基本减除费用, a month."""


def of_persona(persona: Persona, as_of: date) -> Iterator[Income]:
    """The persona's months: the newest as the mock-ups have them, those before made up to fit."""
    if not persona.months:
        return
    newest = back(f"{as_of:%Y-%m}", 1)
    random = Random(f"income:{persona.id}")
    usual = persona.wages[-1][0] if persona.wages else 820_000 + random.randrange(60) * 10_000
    for steps in reversed(range(persona.months)):
        month = back(newest, steps)
        if persona.item == "royalties":
            if steps % 2 == 0:
                yield _line(month, "royalties", 320_000, 33_600, random)
        elif steps < len(persona.wages):
            income, tax = persona.wages[len(persona.wages) - 1 - steps]
            yield _line(month, "wages", income, tax, random)
        else:
            yield from _employed(month, usual, random)


def of_citizen(citizen: Citizen, as_of: date, random: Random) -> Iterator[Income]:
    """Some years or some months of wages; two of five have none."""
    if random.random() < 0.4:
        return
    months = random.choice((HISTORY, HISTORY, 18, 7))
    usual = 480_000 + random.randrange(170) * 10_000
    newest = back(f"{as_of:%Y-%m}", 1)
    for steps in reversed(range(months)):
        yield from _employed(back(newest, steps), usual, random)


def _employed(month: str, usual: int, random: Random) -> Iterator[Income]:
    income = usual + random.randrange(-12, 25) * 4_700
    yield _line(month, "wages", income, max(0, income - BASIC_FEN) * 3 // 100, random)
    if month.endswith(BONUS_MONTH) and random.random() < 0.7:
        bonus = usual * random.randrange(1, 4)
        yield _line(month, "bonus", bonus, bonus * 3 // 100, random)


def _line(month: str, item: str, income: int, tax: int, random: Random) -> Income:
    entry = date(int(month[:4]), int(month[5:]), random.randrange(12, 16))
    return Income(month, item, income, tax, entry, EMPLOYERS_OFFICE, "")


def of_cast(as_of: date) -> Iterator[tuple[Persona, list[Income]]]:
    """Every enrolled persona with their lines."""
    for persona in PERSONAS:
        if persona.enrolled:
            yield persona, list(of_persona(persona, as_of))
