"""A store of the city, and business time that a test moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bureau.store.database import Database
from tests.bureau.doubles import HandClock


@pytest.fixture
def database(city_url: str) -> Iterator[Database]:
    opened = Database(city_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
