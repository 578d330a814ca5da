"""Which software this is, as records and requests say it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def software_version() -> str:
    """Name and version, such as ``tax-kiosk/1.2.0``."""
    try:
        return f"tax-kiosk/{version('tax-kiosk')}"
    except PackageNotFoundError:
        return "tax-kiosk/unknown"
