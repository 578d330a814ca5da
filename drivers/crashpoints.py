"""The device program's crash points: each by name, so that tests can cut the power at every one of them.

``KIOSK_CRASHPOINT="devices:<before|after>:<name>[:n]"`` is read by ``config.crashpoints``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final

from config import crashpoints

AREA: Final = "devices"


def register(name: str, why: str) -> str:
    """Make ``name`` known with what is at stake there, and give it back; a name is registered once."""
    if name in registered():
        raise ValueError(f"crash point {name!r} is registered twice; give it a name of its own")
    return crashpoints.register(AREA, name, why)


def registered() -> Mapping[str, str]:
    """Every crash point and what is at stake there. Import the services first: each registers its own."""
    return crashpoints.registered(AREA)


def hit(moment: str, name: str) -> None:
    """Tell that ``name`` is about to happen (``before``) or has happened (``after``)."""
    crashpoints.hit(AREA, moment, name)


def around(name: str) -> AbstractContextManager[None]:
    """Both passings of one motion or commit; an exception inside skips the second."""
    return crashpoints.around(AREA, name)
