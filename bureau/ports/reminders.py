"""Which reminder of what has to be filed or paid was given when (提醒、催报、催缴)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one matter (``file/…``, ``pay/…``: what ends its notices).

    ``rung`` is ``ahead-N``, ``overdue``, ``demand`` or ``final``; ``until`` is the day that a demand gives, ``notices``
    say who was told, ``case`` what an officer has to follow. ``ended_on``: it was filed, paid or cancelled by then.
    """

    matter: str
    rung: str
    taxpayer: str
    on: date
    until: date | None
    notices: tuple[str, ...]
    case: str | None = None
    ended_on: date | None = None


class Reminders(Protocol):
    """Reminders that were given."""

    def standing(self, taxpayer: str) -> Sequence[Reminder]:
        """The last one of each matter of the taxpayer that has not ended."""
        ...

    def enter(self, reminder: Reminder) -> None:
        """Keep it, behind the earlier ones of its matter."""
        ...

    def extend(self, matter: str, rung: str, until: date) -> None:
        """The day that a reminder of this rung gives is later than it said; an earlier one changes nothing."""
        ...

    def end(self, matter: str, day: date) -> None:
        """Nothing of the matter is open any more."""
        ...

    def listed(self, taxpayer: str | None, limit: int) -> Sequence[Reminder]:
        """Of one taxpayer or of all, the latest first."""
        ...
