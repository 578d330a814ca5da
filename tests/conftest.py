"""Properties are judged by what they find, not by how busy the machine is; the order in which files are taken."""

from __future__ import annotations

from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


LONG_S = 1000
"""A file that gives itself so many seconds is what everybody would wait for in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker takes a file whole, and the others go on beside it.

    The longest begin first. The others come shuffled, alike in every run: a folder whose tests wait for
    devices would else leave the processors idle, and one whose tests compute would crowd them.
    """
    limits = {item.path: item.get_closest_marker("timeout") for item in items}
    long = {path for path, limit in limits.items() if limit is not None and limit.args[0] >= LONG_S}
    items.sort(key=lambda item: (item.path not in long, crc32(item.path.name.encode()), item.path))
