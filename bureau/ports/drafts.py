"""What people begin on a phone and take up at a terminal: kept sealed, under a code that is good once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft. ``name`` is the hash of its code, which is kept nowhere.

    ``sealed`` opens for the centre alone; nothing is left of it once the draft is used or its time is over.
    """

    __pydantic_config__ = IN_JSON

    name: str
    service: str
    sealed: bytes
    made_at: datetime
    expires_at: datetime
    state: Literal["open", "used"] = "open"


class Drafts(Protocol):
    """Keeps drafts; each is used once at most."""

    def keep(self, draft: Draft) -> None:
        """Keep a new one."""
        ...

    def find(self, name: str, *, lock: bool = False) -> Draft | None:
        """The draft, used or not; with ``lock`` nobody else uses it until the transaction ends."""
        ...

    def use(self, name: str) -> None:
        """It is used up, and what it said is deleted."""
        ...

    def forget(self, now: datetime, gone: datetime) -> None:
        """Delete what those say whose time is over ``now``, and those whose time was over by ``gone`` as a whole."""
        ...
