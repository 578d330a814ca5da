"""How a fault is planted, which rule of the checker finds it, and what that says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ui.walk.story import Story

Fault = Callable[[Story], None]

FAULTS: dict[str, tuple[Fault, str, str]] = {}
"""Name -> (how it is planted, which rule finds it, what it says)."""


def fault(rule: Callable[..., Any], says: str) -> Callable[[Fault], Fault]:
    def plant(function: Fault) -> Fault:
        FAULTS[function.__name__] = (function, rule.__name__, says)
        return function

    return plant
