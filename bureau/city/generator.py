"""Makes the city, the same for the same seed and business day, and writes it in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from sqlalchemy import Connection, insert, select
from sqlalchemy.sql.schema import Table

from bureau.city import business, firms, incomes, population, stock
from bureau.city.cast import FIRMS, PERSONAS, card
from bureau.city.firms import Registered
from bureau.city.numbers import face_seed
from bureau.city.population import Citizen
from bureau.engine.names import INVOICE_KINDS
from bureau.engine.reference.context import Context
from bureau.engine.rules import Rules
from bureau.errors import CityExists
from bureau.facts import Income
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA

HALLS = {
    "H-01": {"zh-CN": "中心大厅", "en-US": "Central hall"},
    "H-02": {"zh-CN": "书院区办税服务厅", "en-US": "Shuyuan tax service hall"},
    "H-03": {"zh-CN": "云岭区办税服务厅", "en-US": "Yunling tax service hall"},
}
FACE_LIMIT_FEN = {"04": 10_000_000, "01": 100_000_000}
_KEY = "city"


@dataclass(frozen=True, slots=True)
class Size:
    """How many people and enterprises there are besides the cast."""

    people: int = 320
    enterprises: int = 60


@dataclass(frozen=True, slots=True)
class City:
    """What was made."""

    seed: int
    as_of: date
    people: int
    enterprises: int
    made: bool


def generate(database: Database, seed: int, as_of: date, rules: Rules, size: Size | None = None) -> City:
    """Fill an empty store; a store that holds this very city already is left as it is.

    Raises ``CityExists`` when it holds another one.
    """
    size = size or Size()
    name = json.dumps(
        {"seed": seed, "as_of": as_of.isoformat(), "people": size.people, "firms": size.enterprises}
    )
    with database.write() as connection:
        known = connection.execute(select(tables.meta.c.value).where(tables.meta.c.name == _KEY)).scalar()
        if known is not None and known != name:
            raise CityExists(known)
        if known is None:
            _Builder(connection, seed, as_of, rules, size).build()
            connection.execute(insert(tables.meta).values(name=_KEY, value=name))
    people = size.people + sum(p.enrolled for p in PERSONAS)
    return City(seed, as_of, people, size.enterprises + len(FIRMS), known is None)


class _Builder:
    """Writes one city. Each topic has its own random source, so that one does not shift another."""

    def __init__(self, connection: Connection, seed: int, as_of: date, rules: Rules, size: Size) -> None:
        self._connection = connection
        self._seed = seed
        self._as_of = as_of
        self._rules = rules
        self._size = size
        self._at = datetime.combine(as_of, time(8, 0), CHINA)

    def _random(self, topic: str) -> Random:
        return Random(f"{self._seed}:{topic}:{self._as_of.isoformat()}")

    def build(self) -> None:
        """People, incomes, enterprises, what they did, and the blanks."""
        self._add(tables.hall, [{"hall": hall, "name": name} for hall, name in HALLS.items()])
        known = population.cast()
        people = population.citizens(self._random("people"), self._size.people, self._as_of)
        self._people([*known, *people])
        random = self._random("firms")
        registered = firms.of_cast(random, known)
        registered += firms.others(random, self._size.enterprises, people, self._as_of)
        self._firms(registered)
        self._history(registered)
        stock.load_city(Context(self._connection, self._at, ""), registered, self._as_of)

    def _people(self, people: list[Citizen]) -> None:
        self._add(
            tables.person,
            [
                {
                    "kind": p.kind.value,
                    "number": p.number,
                    "name": p.name,
                    "latin_name": p.latin_name,
                    "mobile": p.mobile,
                    "enrolled_at": datetime.combine(date(self._as_of.year - 3, 3, 1), time(9), CHINA),
                }
                for p in people
            ],
        )
        cast = {(p.kind, p.number) for p in PERSONAS}
        for persona, lines in incomes.of_cast(self._as_of):
            self._incomes(persona.kind.value, persona.number, lines)
        random = self._random("income")
        for citizen in people:
            if (citizen.kind, citizen.number) not in cast:
                lines = list(incomes.of_citizen(citizen, self._as_of, random))
                self._incomes(citizen.kind.value, citizen.number, lines)

    def _incomes(self, kind: str, number: str, lines: list[Income]) -> None:
        self._add(
            tables.income,
            [
                {
                    "person_kind": kind,
                    "person_number": number,
                    "month": line.month,
                    "item": line.item,
                    "line": 1,
                    "income_fen": line.income_fen,
                    "tax_fen": line.tax_fen,
                    "entry_date": line.entry_date,
                    "authority": line.authority,
                    "remark": line.remark,
                }
                for line in lines
            ],
        )

    def _firms(self, registered: list[Registered]) -> None:
        self._add(tables.taxpayer, [self._firm_row(r) for r in registered])
        self._add(
            tables.role,
            [
                {
                    "person_kind": citizen.kind.value,
                    "person_number": citizen.number,
                    "taxpayer": r.firm.taxpayer,
                    "role": role.value,
                    "valid_from": r.registered_on,
                    "valid_to": None,
                }
                for r in registered
                for citizen, role in r.roles
            ],
        )
        self._add(tables.invoice_approval, [row for r in registered for row in self._approvals(r)])

    def _firm_row(self, registered: Registered) -> dict[str, object]:
        taxpayer = business.taxpayer_of(registered, self._as_of)
        return {
            "taxpayer": taxpayer.taxpayer,
            "name": taxpayer.name,
            "state": taxpayer.state,
            "small_scale": taxpayer.small_scale,
            "quarterly": taxpayer.quarterly,
            "levy_rate": taxpayer.levy_rate,
            "city_rate": taxpayer.city_rate,
            "half_six_taxes": taxpayer.half_six_taxes,
            "risk": taxpayer.risk,
            "industry": registered.firm.industry,
            "address": registered.address,
            "registered_on": taxpayer.registered_on,
            "used_verified_to": taxpayer.used_verified_to,
        }

    def _approvals(self, registered: Registered) -> list[dict[str, object]]:
        firm = registered.firm
        if not firm.approved:
            return []
        return [
            {
                "taxpayer": firm.taxpayer,
                "kind": kind,
                "kind_name": INVOICE_KINDS[kind],
                "face_limit_fen": FACE_LIMIT_FEN[kind],
                "monthly_max": firm.monthly,
                "per_time_max": firm.per_time,
                "hold_max": firm.hold,
                "method": "verify-old",
                "valid_from": registered.registered_on,
                "valid_to": None,
                "state": "active",
            }
            for kind in firm.kinds
        ]

    def _history(self, registered: list[Registered]) -> None:
        random, numbers = self._random("business"), business.Numbers()
        for r in registered:
            rows = business.history(random, r, self._rules, self._as_of, numbers)
            self._add(tables.sale, rows["sale"])
            self._add(tables.declaration, rows["declaration"])
            self._add(tables.due, rows["due"])

    def _add(self, table: Table, rows: Iterable[dict[str, object]]) -> None:
        listed = list(rows)
        if listed:
            self._connection.execute(table.insert(), listed)


def personas() -> list[dict[str, object]]:
    """The cast as a demonstration needs it: cards for the simulated reader, faces, phones, roles."""
    return [
        {
            "id": p.id,
            "name": p.name,
            "card": {**card(p), "faceSeed": face_seed(p.number)},
            "faceSeed": face_seed(p.number),
            "mobile": p.mobile,
            "roles": [
                {"taxpayer": firm.taxpayer, "name": firm.name, "role": firm.people[p.id].value}
                for firm in FIRMS
                if p.id in firm.people
            ],
            "note": p.note,
        }
        for p in PERSONAS
    ]
