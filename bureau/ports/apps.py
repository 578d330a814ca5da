"""Official software for taxpayers (应用广场): what was proposed, reviewed, published and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import Texts

AppState = Literal["proposed", "reviewed", "rejected", "published", "replaced", "withdrawn"]
"""``rejected``: the review said no. ``replaced``: another version of it was published since."""


@dataclass(frozen=True, slots=True)
class OfficialApp:
    """One version of a piece of software. ``finding`` is what the review found, ``reason`` why it was withdrawn."""

    __pydantic_config__ = IN_JSON

    app: str
    version: str
    name: Texts
    publisher: Texts
    purpose: Texts
    runs_on: Texts
    url: str
    state: AppState
    proposed_by: str
    proposed_at: datetime
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    finding: Texts | None = None
    published_at: datetime | None = None
    ended_at: datetime | None = None
    reason: Texts | None = None


@dataclass(frozen=True, slots=True)
class AppEvent:
    """What an officer did with an entry, and when."""

    __pydantic_config__ = IN_JSON

    number: int
    app: str
    version: str
    at: datetime
    officer: str
    did: AppState
    said: Mapping[str, str]


class Apps(Protocol):
    """The entries and what was done with them; nothing of either is ever deleted."""

    def lock(self) -> None:
        """Nobody else changes an entry until the transaction ends."""
        ...

    def entries(self) -> Sequence[OfficialApp]:
        """All, by name of the software and the moment at which each version was proposed."""
        ...

    def add(self, entry: OfficialApp) -> None:
        """Enter one."""
        ...

    def change(self, entry: OfficialApp) -> None:
        """Keep its state, and who reviewed or ended it, why and when."""
        ...

    def note(self, event: AppEvent) -> None:
        """Enter what was done; the number is given here."""
        ...

    def history(self, app: str) -> Sequence[AppEvent]:
        """What was done with all versions of one, the first first."""
        ...
