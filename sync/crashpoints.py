"""Places where a test may kill the program, so that every moment between record and effect is tried.

``KIOSK_CRASHPOINT="journal:before:certificate.issue.intent:2"`` sends SIGKILL when the commit of the second
intent of that kind is about to happen; ``after`` is right behind the commit. The area may be left out and is
then ``journal``; a missing count is 1; names compare without regard to case. Without the variable nothing
happens. ``names()`` lists every place that exists.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sync.errors import SyncError

VARIABLE = "KIOSK_CRASHPOINT"

_known: dict[str, None] = {}
_passed: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class Target:
    """Where to die: at the ``count``-th passing of ``where:name``."""

    where: str
    name: str
    count: int

    @classmethod
    def parse(cls, text: str) -> Target:
        """From the variable's text; raises ``SyncError``, since a typo would test nothing."""
        parts = text.lower().split(":")
        count = int(parts.pop()) if parts[-1].isdecimal() else 1
        if len(parts) == 2:
            parts.insert(0, "journal")
        if len(parts) != 3 or parts[1] not in ("before", "after") or count < 1:
            raise SyncError(f"{VARIABLE}={text!r}: write [area:]before|after:name[:count]")
        return cls(f"{parts[0]}.{parts[1]}", parts[2], count)


def register(area: str, points: Iterable[str]) -> None:
    """Make points of ``area`` known to ``names()``."""
    for point in points:
        for moment in ("before", "after"):
            _known.setdefault(f"{area}:{moment}:{point.lower()}")


def names(area: str | None = None) -> tuple[str, ...]:
    """Every known point as the variable spells it, of one area or of all."""
    return tuple(name for name in _known if area is None or name.startswith(f"{area}:"))


def hit(where: str, name: str) -> None:
    """Pass the point ``name`` at ``where`` (``journal.before`` …); never returns when it is the target."""
    text = os.environ.get(VARIABLE)
    if not text:
        return
    target = Target.parse(text)
    if (where, name.lower()) != (target.where, target.name):
        return
    _passed[f"{where}:{name}"] += 1
    if _passed[f"{where}:{name}"] == target.count:
        os.kill(os.getpid(), signal.SIGKILL)
