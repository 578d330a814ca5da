"""The people of the city: the cast, and everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bureau.city import words
from bureau.city.cast import PERSONAS
from bureau.city.numbers import mobile, resident_number
from kiosk.domain.people import DocumentKind

ADULT = timedelta(days=18 * 366)
SEQUENCES = 500
"""The cast uses sequence numbers below this; nobody else does, so that no two share a number."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody the bureau knows."""

    kind: DocumentKind
    number: str
    name: str
    latin_name: str
    mobile: str


def cast() -> list[Citizen]:
    """The cast, as far as it is enrolled."""
    return [Citizen(p.kind, p.number, p.name, p.latin_name, p.mobile) for p in PERSONAS if p.enrolled]


def citizens(random: Random, count: int, as_of: date) -> list[Citizen]:
    """``count`` more people of working age, each with a number of their own."""
    found: dict[str, Citizen] = {}
    while len(found) < count:
        female = random.random() < 0.5
        born = as_of - ADULT - timedelta(days=random.randrange(45 * 365))
        sequence = random.randrange(SEQUENCES, 999) // 2 * 2 + (0 if female else 1)
        number = resident_number(born, sequence)
        given = random.choice(words.GIVEN_FEMALE if female else words.GIVEN_MALE)
        name = random.choice(words.SURNAMES) + given
        found.setdefault(number, Citizen(DocumentKind.RESIDENT_ID, number, name, "", mobile(random)))
    return list(found.values())
