"""Visits that go on on a phone: one link, one phone, half an hour; what was answered is kept sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON


@dataclass(frozen=True, slots=True)
class Continuation:
    """One visit; ``key`` is that of the effect which handed it over, at ``terminal``.

    The secret of its link and of the phone that took it are kept as hashes. ``sealed`` opens for the centre alone.
    """

    __pydantic_config__ = IN_JSON

    key: str
    terminal: str
    secret_sha256: str
    owner_sha256: str
    sealed: bytes
    made_at: datetime
    expires_at: datetime
    state: Literal["waiting", "taken", "ended"] = "waiting"


class Continuations(Protocol):
    """Keeps visits that go on on phones."""

    def add(self, new: Continuation) -> None:
        """Keep a new one."""
        ...

    def find(self, key: str, *, lock: bool = False) -> Continuation | None:
        """The one with this key; with ``lock`` nobody else goes on with it until the transaction ends."""
        ...

    def change(self, one: Continuation) -> None:
        """Keep who took it, how far it went, and how it ended."""
        ...

    def forget(self, now: datetime) -> None:
        """Delete those whose time is over."""
        ...
