"""What a soak counts and how it sums up."""

from __future__ import annotations

import pytest

from drivers.soak import Tally


@pytest.mark.parametrize(("runs", "p95"), [(1, 1.0), (20, 19.0), (100, 95.0), (101, 96.0)])
def test_nineteen_of_twenty_took_no_longer_than_the_95th_percentile(runs: int, p95: float) -> None:
    facts = Tally("card", [float(n) for n in range(1, runs + 1)]).facts()
    assert facts["p95_s"] == p95 and facts["longest_s"] == float(runs)
