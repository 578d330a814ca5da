from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from bureau.city.city import City
from tests.bureau.city.support import city_of, empty_file


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, City]]:
    """A city to look at and not to change."""
    with city_of(empty_file(tmp_path_factory.mktemp("looked-at"))) as made:
        yield made
