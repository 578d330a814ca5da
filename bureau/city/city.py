"""Makes the city in a store that has none, and tells who can be played in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection, insert, select

from bureau.city import travellers
from bureau.city.build import Builder, history_since
from bureau.city.cards import card
from bureau.city.cast import FIRMS, PERSONAS, WARDS
from bureau.city.characters import Persona
from bureau.city.numbers import face_seed
from bureau.engine.reference.returns import COMPLETE_SINCE
from bureau.engine.rules import Rules
from bureau.errors import CityExists
from bureau.store import tables
from kiosk.domain.people import Role
from kiosk.domain.tax.limits import vat_limit_date
from kiosk.domain.tax.parameters import TaxParameters, built_in

_KEY = "city"
HANDLER, COLLECTOR = "handler", "collector"
FILES = {Role.LEGAL_REPRESENTATIVE, Role.FINANCE_OFFICER, Role.TAX_HANDLER, Role.AGENT}
"""Who takes a firm's tax UKey along."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many people and enterprises there are besides the cast and theirs."""

    people: int = 280
    enterprises: int = 48


DEFAULT = Size()


@dataclass(frozen=True, slots=True)
class City:
    """What is there. ``made`` is false when it was there before.

    ``filing_open``: the last quarter's returns are still in time on ``as_of``.
    """

    seed: int
    as_of: date
    people: int
    enterprises: int
    made: bool
    filing_open: bool


def generate(
    connection: Connection,
    *,
    seed: int,
    day: date,
    size: Size = DEFAULT,
    parameters: TaxParameters | None = None,
) -> City:
    """Make the city of ``seed`` as it is on the business day ``day``, in the caller's transaction.

    The same for the same seed, day, size and tables. A store that holds this very city already is left as it is;
    raises ``CityExists`` when it holds another, ``ParameterMissingError`` when the tables do not reach back
    far enough (a year before ``day``). Without ``parameters`` the built-in tables are used.
    """
    rules = Rules(parameters or built_in())
    name = json.dumps(
        {"seed": seed, "as_of": day.isoformat(), "people": size.people, "firms": size.enterprises}
    )
    known = connection.execute(select(tables.meta.c.value).where(tables.meta.c.name == _KEY)).scalar()
    if known is not None and known != name:
        raise CityExists(known)
    if known is None:
        Builder(connection, seed, day, rules).build(size.people, size.enterprises)
        connection.execute(insert(tables.meta).values(name=_KEY, value=name))
    _tell_history(connection, day)
    return City(
        seed=seed,
        as_of=day,
        people=size.people + sum(p.enrolled for p in (*PERSONAS, *WARDS)),
        enterprises=size.enterprises + len(FIRMS) + len(travellers.STORES),
        made=known is None,
        filing_open=day <= _limit(day, rules),
    )


def _tell_history(connection: Connection, day: date) -> None:
    """Since when the city's returns are in the books; also of one that was made before books said so."""
    told = select(tables.meta.c.name).where(tables.meta.c.name == COMPLETE_SINCE)
    if connection.execute(told).scalar() is None:
        since = history_since(day).isoformat()
        connection.execute(insert(tables.meta).values(name=COMPLETE_SINCE, value=since))


def personas(
    city: City, ukeys: Mapping[str, dict[str, object]] = MappingProxyType({})
) -> list[dict[str, object]]:
    """The cast as a demonstration needs it: cards for the simulated reader, faces, phones, roles, parts, tax UKeys.

    ``ukeys``: the devices by taxpayer (``tax_devices.of_cast``); whoever files for one has it at hand.

    JSON-able. The first of the list with a part in ``plays`` is the best for it.
    """
    return [
        {
            "id": persona.id,
            "name": persona.name,
            "card": card(persona, city.as_of),
            "faceSeed": face_seed(persona.number),
            "mobile": persona.mobile,
            "roles": [
                {"taxpayer": firm.taxpayer, "name": firm.name, "role": role.value}
                for firm in FIRMS
                for role in firm.roles_of(persona.id)
            ],
            "ukeys": [
                ukeys[firm.taxpayer]
                for firm in FIRMS
                if firm.taxpayer in ukeys and FILES & set(firm.roles_of(persona.id))
            ],
            "plays": _plays(persona, city),
            "note": persona.note,
        }
        for persona in PERSONAS
    ]


def visitors(city: City) -> list[dict[str, object]]:
    """Travellers from abroad, as ``personas`` tells of people, with a passport in place of a card."""
    return [travellers.persona(traveller, city.as_of) for traveller in travellers.TRAVELLERS]


def _plays(persona: Persona, city: City) -> list[str]:
    """Who has not filed in time may not collect, so the handler plays the collector only before the limit."""
    late = not city.filing_open and HANDLER in persona.plays
    return [part for part in persona.plays if not (late and part == COLLECTOR)]


def _limit(day: date, rules: Rules) -> date:
    """The last day on which the last quarter's returns are in time."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return vat_limit_date(date.fromordinal(first.toordinal() - 1), rules.current)
