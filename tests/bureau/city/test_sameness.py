from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bureau.city.city import City, Size, generate
from bureau.errors import CityExists
from bureau.store import tables
from bureau.store.database import Database
from kiosk.domain.errors import ParameterMissingError
from tests.bureau.city.support import DAY, SMALL, city_of, digest, empty_file

PEOPLE, ENTERPRISES = 300, 60


@pytest.fixture(scope="module")
def known(city: tuple[Connection, City]) -> str:
    return digest(city[0])


@pytest.fixture
def store(tmp_path: Path) -> str:
    return empty_file(tmp_path)


def test_seed_and_day_make_the_same_city_in_every_store(known: str, empty_url: str) -> None:
    with city_of(empty_url) as (connection, _):
        assert digest(connection) == known


def test_the_city_does_not_depend_on_the_process_that_makes_it(known: str, store: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bureau.city.support", store],
        env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == known


@pytest.mark.parametrize(("seed", "day"), [(8, DAY), (7, date(2026, 10, 13))])
def test_another_seed_or_day_makes_another_city(known: str, store: str, seed: int, day: date) -> None:
    with city_of(store, seed=seed, day=day) as (connection, _):
        assert digest(connection) != known


def test_making_it_again_changes_nothing_and_another_is_refused(store: str) -> None:
    with city_of(store) as (connection, city):
        before = digest(connection)
    assert city.made
    with city_of(store) as (connection, again):
        assert digest(connection) == before
    assert (again.made, again.people, again.enterprises) == (False, city.people, city.enterprises)
    with pytest.raises(CityExists), city_of(store, seed=8):
        pass


def test_an_ordinary_city_has_three_hundred_people(store: str) -> None:
    database = Database(store)
    with database.write() as connection:
        city = generate(connection, seed=7, day=DAY)
        for table, said, wanted in (
            (tables.person, city.people, PEOPLE),
            (tables.taxpayer, city.enterprises, ENTERPRISES),
        ):
            counted = select(func.count()).select_from(table)
            if table is tables.taxpayer:
                counted = counted.where(table.c.kind == "enterprise")
            count = connection.execute(counted).scalar_one()
            assert count == said
            assert abs(count - wanted) < 5
    database.close()


def test_what_was_begun_and_failed_leaves_nothing(store: str) -> None:
    database = Database(store)
    with pytest.raises(ParameterMissingError), database.write() as connection:
        generate(connection, seed=7, day=date(2019, 5, 1), size=SMALL)
    with database.read() as connection:
        for table in (tables.person, tables.hall, tables.stock_movement):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert list(connection.execute(select(tables.meta.c.name)).scalars()) == ["works-from"], (
            "of its layout alone"
        )
    database.close()


def test_a_city_of_the_cast_and_hardly_anybody_else_can_be_made(store: str) -> None:
    with city_of(store, size=Size(people=4, enterprises=0)) as (connection, city):
        t = tables.taxpayer
        counted = select(func.count()).select_from(t).where(t.c.kind == "enterprise")
        assert connection.execute(counted).scalar_one() == city.enterprises
