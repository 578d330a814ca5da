"""What people subscribe to (个性化信息), and what they were told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import Texts


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic of one person. ``visitor`` is who subscribed (a phone or a document), ``mobile`` where it is told.

    ``since`` is when it was begun the last time: what is older is not told. ``active`` is false once it was ended.
    ``key`` is that of the effect that changed it last.
    """

    __pydantic_config__ = IN_JSON

    visitor: str
    topic: str
    mobile: str
    since: datetime
    active: bool
    changed_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """One thing of a topic that somebody was told. ``until`` is the last day on which it matters; None: it is news."""

    __pydantic_config__ = IN_JSON

    visitor: str
    topic: str
    item: str
    text: Texts
    at: datetime
    until: date | None = None
    seen_at: datetime | None = None


class Subscriptions(Protocol):
    """Subscriptions, and what was told of them."""

    def lock(self, visitor: str) -> None:
        """Nobody else changes this person's subscriptions, or tells them anything, until the transaction ends."""
        ...

    def of_person(self, visitors: Iterable[str]) -> Sequence[Subscription]:
        """All that were made under one of these names, ended ones too."""
        ...

    def keep(self, subscription: Subscription) -> None:
        """Enter it, in place of the earlier one of the same person and topic."""
        ...

    def subscribers(self, after: str, limit: int) -> Sequence[str]:
        """Names of those who have a subscription that is active, in their order, behind ``after``."""
        ...

    def told(self, visitor: str) -> Sequence[Told]:
        """All that somebody was told, the latest first."""
        ...

    def tell(self, told: Told) -> None:
        """Note that they were told; a second time of the same thing is none."""
        ...

    def unseen(self, visitors: Iterable[str], since: datetime, day: date) -> Sequence[Told]:
        """What these names were told since then, no terminal has shown, and still matters on ``day``; latest first."""
        ...

    def seen(self, visitors: Iterable[str]) -> None:
        """A terminal has shown it all; the first time counts."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete what was told before then; how many."""
        ...
