"""Properties are judged by what they find, not by how busy the machine is; what takes longest begins first."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


LONG_S = 1000
"""A file that gives itself so many seconds is what everybody would wait for in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Such a file begins first: a worker takes a file whole, and the others go on beside it."""
    limits = {item.path: item.get_closest_marker("timeout") for item in items}
    long = {path for path, limit in limits.items() if limit is not None and limit.args[0] >= LONG_S}
    items.sort(key=lambda item: item.path not in long)
