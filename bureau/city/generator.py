"""The city behind a store's address, as the command line makes it: one transaction, all or nothing."""

from __future__ import annotations

from datetime import date

from bureau.city import city
from bureau.city.city import City, Size, personas, visitors
from bureau.city.places import HALLS
from bureau.engine.rules import Rules
from bureau.store.database import Database

__all__ = ["HALLS", "City", "Size", "generate", "personas", "visitors"]


def generate(database: Database, seed: int, as_of: date, rules: Rules, size: Size | None = None) -> City:
    """Fill an empty store by the tables in force; a store that holds this very city is left as it is.

    Raises ``CityExists`` when it holds another one.
    """
    with database.write() as connection:
        return city.generate(connection, seed=seed, day=as_of, size=size or Size(), parameters=rules.current)
