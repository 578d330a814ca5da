"""Scanned pages (办税资料): held sealed from the moment they arrive, then part of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bureau.ports.registration import PersonKey


class Vault(Protocol):
    """Seals what is personal before it is stored."""

    def seal(self, name: str, plain: bytes) -> bytes:
        """The sealed bytes; they open under this name alone."""
        ...

    def open(self, name: str, sealed: bytes) -> bytes:
        """The plain bytes; raises ``sync.errors.RecordError`` for anything else than what was sealed."""
        ...


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page that arrived. ``key`` is its effect's, ``sealed`` the JPEG in the vault's seal."""

    key: str
    person: PersonKey
    terminal: str
    sha256: str
    size: int
    received_at: datetime
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A page that is held; ``case`` None: nothing has named it yet. ``number`` counts from 1 in its case."""

    key: str
    person: PersonKey
    sha256: str
    size: int
    received_at: datetime
    case: str | None
    number: int | None


class Materials(Protocol):
    """Scanned pages."""

    def keep(self, page: NewPage) -> None:
        """Hold a page; the same key is held once."""
        ...

    def page(self, key: str) -> HeldPage | None:
        """The page that this effect brought."""
        ...

    def attach(self, case: str, keys: Sequence[str]) -> int:
        """Make held pages the next ones of a case; how many it has now."""
        ...

    def of(self, case: str) -> Sequence[HeldPage]:
        """The pages of a case, in their order."""
        ...

    def sealed(self, key: str) -> bytes:
        """The sealed JPEG of a page that is held."""
        ...

    def lapse(self, before: datetime) -> int:
        """Delete pages that arrived before and that nothing named; how many."""
        ...
