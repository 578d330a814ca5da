"""One mistake of a service file, as every check tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong at ``key``, and what to write instead."""

    key: str
    problem: str
    fix: str
