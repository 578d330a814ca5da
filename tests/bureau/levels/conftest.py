"""A city's centre, a province's and the national one, each with its own store, and the upper two served over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bureau.api.app import create_app
from bureau.levels.superior import Superior
from config.settings import CentreSettings
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.serving import served

CITY, PROVINCE = "15301000000", "15300000000"
NAMES = {
    CITY: {"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Service"},
    PROVINCE: {"zh-CN": "云岭省税务局", "en-US": "Yunling Tax Service"},
}


@dataclass
class Level:
    """A centre with the way to the one above it."""

    centre: Centre
    above: Superior

    def code_for(self, code: str) -> str:
        """A one-time code with which the centre of that code joins here."""
        return self.centre.container.centres.make_code(code, NAMES[code], "段丽", 30)[0]


@dataclass
class Levels:
    city: Level
    province: Level
    top: Level

    def joined(self) -> None:
        self.province.above.join(self.top.code_for(PROVINCE))
        self.city.above.join(self.province.code_for(CITY))


@pytest.fixture
def levels(
    city_url: str, make_centre: Callable[..., Centre], tmp_path: Path, sqlite_template: Path
) -> Iterator[Levels]:
    """The province, which hears and tells, is on the store of the test; each has the small city in its store."""

    def store(name: str) -> str:
        return stores.sqlite_city(sqlite_template, tmp_path / f"{name}.db")

    with ExitStack() as stack:

        def level(name: str, url: str, above: str) -> Level:
            centre = make_centre(url, state=name)
            parts = centre.container
            settings = CentreSettings(url=above, connect_timeout_s=2, read_timeout_s=5)
            superior = Superior(settings, centre.database, centre.system, parts.keys, centre.clock)
            return Level(centre, superior)

        top = level("top", store("top"), "http://127.0.0.1:9")
        at_top = stack.enter_context(served(create_app(top.centre.container)))
        province = level("province", city_url, at_top)
        at_province = stack.enter_context(served(create_app(province.centre.container)))
        city = level("city", store("city"), at_province)
        yield Levels(city, province, top)
