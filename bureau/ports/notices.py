"""What people are told: at sign-in, and by message to their phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bureau.ports.registration import Person, PersonKey
from sync.models import Notice, Texts


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person or an enterprise has to be told."""

    kind: str
    title: Texts
    text: Texts
    reference: str | None = None
    deadline: date | None = None
    matter: str | None = None
    """What puts it right, see ``Notices.mended``; None when nothing has to be."""


class Notices(Protocol):
    """What people are told: at sign-in, and by message to their phone."""

    def tell(self, person: Person, message: Message) -> str:
        """Give a notice to a person and send it to the phone on file; the notice's number."""
        ...

    def for_person(self, key: PersonKey, taxpayers: Iterable[str]) -> Sequence[Notice]:
        """Open notices of the person and of these enterprises: the earliest deadline first, then the newest."""
        ...

    def seen(self, notices: Iterable[str]) -> None:
        """A terminal has fetched these for the person; the first time counts."""
        ...

    def mended(self, matter: str) -> None:
        """What these notices asked for is done: nobody needs to hear of it any more."""
        ...

    def end(self, notices: Iterable[str]) -> None:
        """These are not shown any more: a later one says what is to be said."""
        ...

    def finish(self) -> int:
        """End notices that have been told for long enough, or whose deadline is long over; how many."""
        ...
