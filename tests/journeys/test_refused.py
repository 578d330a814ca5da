"""Visitors who are refused, and one before another core system."""

from __future__ import annotations

import pytest

from tests.journeys.walked import ALONE, REFUSED, Walked, all_parties_agree

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1900)]


@pytest.mark.parametrize("name", [*ALONE, *REFUSED])
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Walked, name: str) -> None:
    all_parties_agree(walked(name))
