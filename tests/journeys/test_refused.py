"""Walks on a stack of their own, and visitors who are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.walked import (
    ALONE,
    REFUSED,
    Walked,
    a_wrong_figure_turns_the_verdict,
    all_parties_agree,
    planted,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.mark.parametrize("name", [*ALONE, *REFUSED])
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Walked, name: str) -> None:
    all_parties_agree(walked(name))


def test_a_wrong_figure_on_a_slip_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked("declare-offline"), tmp_path)
    a_wrong_figure_turns_the_verdict(copy, r"¥4,095\.84", "¥409,584.00")
