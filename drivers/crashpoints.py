"""Places where a power cut hurts most, each by name, so that tests can cut the power at every one of them.

``KIOSK_CRASHPOINT="devices:<before|after>:<name>[:n]"`` kills this process with SIGKILL at the n-th passing
(the first when ``n`` is left out). Without the variable a passing costs one look at a module variable.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

VARIABLE: Final = "KIOSK_CRASHPOINT"
PROGRAM: Final = "devices"

_registry: dict[str, str] = {}


def register(name: str, why: str) -> str:
    """Make ``name`` known with what is at stake there, and give it back; a name is registered once."""
    if name in _registry:
        raise ValueError(f"crash point {name!r} is registered twice; give it a name of its own")
    _registry[name] = why
    return name


def registered() -> Mapping[str, str]:
    """Every crash point and what is at stake there. Import the services first: each registers its own."""
    return dict(sorted(_registry.items()))


@dataclass(slots=True)
class Trap:
    """Where to stop, how many passings are let through first, and what to do there."""

    when: str
    name: str
    left: int
    act: Callable[[], None]

    def passed(self, when: str, name: str) -> None:
        """Count a passing; act on the last."""
        if (when, name) != (self.when, self.name):
            return
        self.left -= 1
        if self.left == 0:
            self.act()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def parse(text: str, act: Callable[[], None] = _kill) -> Trap | None:
    """The trap that ``text`` describes, None when it is meant for another program; ``ValueError`` if wrong."""
    program, _, rest = text.partition(":")
    if program != PROGRAM:
        return None
    when, _, rest = rest.partition(":")
    name, _, count = rest.partition(":")
    if when not in ("before", "after") or not name or (count and not (count.isdecimal() and int(count))):
        raise ValueError(f"{VARIABLE}={text!r}: write {PROGRAM}:before|after:NAME or …:NAME:N")
    return Trap(when, name, int(count or 1), act)


_trap: Trap | None = parse(os.environ.get(VARIABLE, ""))


def arm(trap: Trap | None) -> None:
    """Set the trap of this process (None: none), in place of the one from the environment."""
    global _trap
    _trap = trap


def hit(when: str, name: str) -> None:
    """Tell that ``name`` is about to happen (``before``) or has happened (``after``)."""
    if _trap is not None:
        _trap.passed(when, name)


@contextmanager
def around(name: str) -> Iterator[None]:
    """Both passings of one motion or commit; an exception inside skips the second."""
    hit("before", name)
    yield
    hit("after", name)
