"""What stands at a path within the data of a visit (``months.first``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def look(data: Mapping[str, Any], path: str) -> Any:
    """The value at ``path``, or None where nothing stands."""
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
