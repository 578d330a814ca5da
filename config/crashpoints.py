"""Places where a test may kill a program, so that every moment between record and effect is tried.

``KIOSK_CRASHPOINT="journal:before:certificate.issue.intent:2"`` sends SIGKILL when the commit of the second
intent of that kind is about to happen; ``after`` is right behind it. The first word is the area, so that one
variable may be given to all programs; a missing count is 1; names compare without regard to case. Without the
variable a passing costs one look into the environment. ``KIOSK_CRASHPOINT_TRACE=FILE`` appends every passing
to a file: what a visit really passes is asked, not listed by hand.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

VARIABLE = "KIOSK_CRASHPOINT"
TRACE = "KIOSK_CRASHPOINT_TRACE"
MOMENTS = ("before", "after")

_known: dict[tuple[str, str], str] = {}


def register(area: str, name: str, why: str = "") -> str:
    """Make a point of ``area`` known with what is at stake there, and give its name back."""
    _known.setdefault((area, name), why)
    return name


def registered(area: str) -> dict[str, str]:
    """Every point of an area and what is at stake there; the modules that register them come first."""
    return {name: why for (at, name), why in sorted(_known.items()) if at == area}


def names(area: str | None = None) -> tuple[str, ...]:
    """Every known point as the variable spells it, of one area or of all."""
    return tuple(
        f"{at}:{moment}:{name.lower()}" for at, name in _known for moment in MOMENTS if area in (None, at)
    )


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Trap:
    """Where to stop, at which passing, and what to do there."""

    area: str
    moment: str
    name: str
    left: int = 1
    act: Callable[[], None] = _kill

    @classmethod
    def parse(cls, text: str, act: Callable[[], None] = _kill) -> Trap:
        """From the variable's text; raises ``ValueError``, since a trap that never snaps would test nothing."""
        parts = text.lower().split(":")
        left = int(parts.pop()) if parts[-1].isdecimal() else 1
        if len(parts) != 3 or parts[1] not in MOMENTS or not all(parts) or left < 1:
            raise ValueError(f"{VARIABLE}={text!r}: write AREA:before|after:NAME or …:NAME:COUNT")
        return cls(parts[0], parts[1], parts[2], left, act)

    def passed(self, area: str, moment: str, name: str) -> None:
        """Count a passing; act on the last."""
        if (area, moment, name.lower()) != (self.area, self.moment, self.name):
            return
        self.left -= 1
        if self.left == 0:
            self.act()


_armed: Trap | None = None
_of_environment = lru_cache(maxsize=1)(Trap.parse)


def arm(trap: Trap | None) -> None:
    """Set the trap of this process (None: only the environment's)."""
    global _armed
    _armed = trap


def hit(area: str, moment: str, name: str) -> None:
    """Tell that ``name`` is about to happen (``before``) or has happened (``after``)."""
    if trace := os.environ.get(TRACE):
        with open(trace, "a", encoding="utf-8") as file:
            file.write(f"{area}:{moment}:{name.lower()}\n")
    if _armed is not None:
        _armed.passed(area, moment, name)
    elif text := os.environ.get(VARIABLE):
        _of_environment(text).passed(area, moment, name)


@contextmanager
def around(area: str, name: str) -> Iterator[None]:
    """Both passings of one motion or commit; an exception inside skips the second."""
    hit(area, "before", name)
    yield
    hit(area, "after", name)
