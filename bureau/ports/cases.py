"""Matters that a person of the bureau has to look into."""

from __future__ import annotations

from typing import Protocol


class Cases(Protocol):
    """Matters that a person of the bureau has to look into."""

    def open(self, kind: str, reference: str, details: dict[str, object]) -> str:
        """The number of the case; the same kind and reference again is the same case."""
        ...
