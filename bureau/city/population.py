"""The people of the city: the cast, and everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bureau.city import words
from bureau.city.cast import PERSONAS, WARDS, Persona
from bureau.city.numbers import (
    HONG_KONG,
    MACAU,
    SEQUENCES,
    TAIWAN,
    mobile,
    permanent_number,
    resident_number,
)
from bureau.city.places import any_district
from kiosk.domain.people import DocumentKind

ADULT = timedelta(days=19 * 366)
AGES = 62 * 365
RETIRED = timedelta(days=60 * 365)
CAST_SEQUENCES = 500
"""The cast's sequence numbers are below this and nobody else's are, so that no two people share a number."""
MOBILES_FROM = 100_000
"""Running numbers below belong to the cast (``mobile``)."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody the bureau knows."""

    kind: DocumentKind
    number: str
    name: str
    latin_name: str
    mobile: str
    birth: date

    def retired(self, day: date) -> bool:
        """Whether they are past working age."""
        return day - self.birth > RETIRED


def cast() -> list[Citizen]:
    """The cast, as far as it is enrolled."""
    return [_played(p) for p in PERSONAS if p.enrolled]


def wards() -> list[Citizen]:
    """Whom guardians of the cast act for."""
    return [_played(p) for p in WARDS]


def citizens(random: Random, count: int, as_of: date) -> list[Citizen]:
    """``count`` more adults, each with a number of their own; a few from Hong Kong to Taiwan and abroad."""
    found: dict[str, Citizen] = {}
    while len(found) < count:
        citizen = _citizen(random, as_of, mobile(MOBILES_FROM + len(found)))
        found.setdefault(citizen.number, citizen)
    return list(found.values())


def _played(p: Persona) -> Citizen:
    return Citizen(p.kind, p.number, p.name, p.latin_name, p.mobile, p.birth)


def _citizen(random: Random, as_of: date, phone: str) -> Citizen:
    born = as_of - ADULT - timedelta(days=min(random.randrange(AGES), random.randrange(AGES)))
    female = random.random() < 0.5
    sequence = random.randrange(CAST_SEQUENCES, SEQUENCES, 2) + (0 if female else 1)
    origin = random.random()
    if origin < 0.02:
        return _foreigner(random, born, sequence, phone)
    given = random.choice(words.GIVEN_FEMALE if female else words.GIVEN_MALE)
    name = random.choice(words.SURNAMES) + given
    if origin < 0.05:
        area = random.choice((HONG_KONG, HONG_KONG, MACAU, TAIWAN))
        kind = DocumentKind.HMT_RESIDENCE
    else:
        area, kind = any_district(random).area, DocumentKind.RESIDENT_ID
    return Citizen(kind, resident_number(area, born, sequence), name, "", phone, born)


def _foreigner(random: Random, born: date, sequence: int, phone: str) -> Citizen:
    latin, name, country, sex = random.choice(words.FOREIGNERS)
    number = permanent_number(country, born, sequence // 2 * 2 + int(sex) % 2)
    return Citizen(DocumentKind.FOREIGN_PERMANENT, number, name, latin, phone, born)
