"""The core with everything around it, without a screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kiosk.program import Program, World, world


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def program(w: World) -> Iterator[Program]:
    with Program(w) as made:
        yield made
