"""Queue numbers of a hall (排队号): who waits, who was called to which window, and how long they were served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import Texts

QueueState = Literal["waiting", "called", "served", "missed"]
"""``called``: to ``window``, and there now. ``missed``: was called and did not come."""


@dataclass(frozen=True, slots=True)
class QueueTicket:
    """One number. ``visitor`` is who took it (``bureau.engine.queue.visitors``), ``elder`` whether they go first.

    ``due``: the time that they had booked, from when on it is called first. ``number`` counts from 1 in its line of its
    hall and day.
    """

    __pydantic_config__ = IN_JSON

    key: str
    hall: str
    day: date
    line: str
    number: int
    visitor: str
    elder: bool
    terminal: str
    taken_at: datetime
    state: QueueState = "waiting"
    window: int | None = None
    called_at: datetime | None = None
    ended_at: datetime | None = None
    due: datetime | None = None


class Queue(Protocol):
    """The numbers of all halls."""

    def halls(self) -> Sequence[str]:
        """The halls that there are."""
        ...

    def name(self, hall: str) -> Texts:
        """What the hall is called; nothing where there is none."""
        ...

    def lock(self, hall: str) -> bool:
        """Nobody else gives or calls a number of this hall until the transaction ends; False: no such hall."""
        ...

    def next_number(self, hall: str, day: date, line: str) -> int:
        """One more than the last number of that line and day; ask under ``lock``."""
        ...

    def add(self, ticket: QueueTicket) -> None:
        """Enter a number."""
        ...

    def ticket(self, key: str) -> QueueTicket | None:
        """The number that the effect with this key was given."""
        ...

    def of_day(self, hall: str, day: date) -> Sequence[QueueTicket]:
        """All numbers of a hall and day, in the order in which they were taken."""
        ...

    def change(self, ticket: QueueTicket) -> None:
        """Keep state, window and moments."""
        ...

    def served_seconds(self, hall: str, line: str, most: int) -> Sequence[int]:
        """How long the last ``most`` that were served took, from call to end."""
        ...
