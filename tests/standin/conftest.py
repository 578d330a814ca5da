"""The stand-in core, started for a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bureau.adapters.http_core import HttpSystem
from tests.standin.running import StandIn, running, seen


@pytest.fixture
def core() -> Iterator[StandIn]:
    """The program."""
    with running() as started:
        yield started


@pytest.fixture
def system(core: StandIn) -> Iterator[HttpSystem]:
    """The centre's side of it."""
    with seen(core) as found:
        yield found
