"""Matters with a case (事项与办件): what was asked for, how it stands, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.registration import PersonKey
from kiosk.domain.people import Role

State = Literal["open", "approved", "refused"]
"""``approved`` from the start where nobody has to decide."""
FactValue = str | int | bool


def owner_of(person: PersonKey, taxpayer: str | None, apart: str = "") -> str:
    """Whose matter it is: the enterprise's, else the person's.

    ``apart`` tells those from each other that an owner may have open at once.
    """
    owner = taxpayer or f"{person.kind.value}/{person.number}"
    return f"{owner}/{apart}" if apart else owner


@dataclass(frozen=True, slots=True)
class NewCase:
    """A matter that was accepted. ``key`` is the effect's; ``taxpayer`` is None for a person's own matter.

    ``apart``: what it is about, where its owner may have several of its kind open, each about something else.
    """

    matter: str
    key: str
    person: PersonKey
    taxpayer: str | None
    role: Role | None
    terminal: str
    fields: Mapping[str, FactValue]
    accepted_at: datetime
    due_on: date
    apart: str = ""

    @property
    def owner(self) -> str:
        """Whose matter it is (``owner_of``)."""
        return owner_of(self.person, self.taxpayer, self.apart)


@dataclass(frozen=True, slots=True)
class MatterCase:
    """A case as it stands. ``due_on`` is the last day to decide, ``effective_on`` from when the effect counts."""

    case: str
    matter: str
    person: PersonKey
    taxpayer: str | None
    state: State
    fields: Mapping[str, FactValue]
    accepted_at: datetime
    due_on: date
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    effective_on: date | None = None
    wanted: str | None = None
    """What the officer asked for and has not got yet (补正)."""
    role: Role | None = None
    """In which role it was applied for."""
    sealed: bytes = field(default=b"", repr=False)
    """What was signed for it, in the vault's seal under its number; empty where nothing was, or its effect keeps it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom; ``reason`` is said for a refusal, ``effective_on`` for an approval."""

    state: Literal["approved", "refused"]
    by: str
    reason: str | None = None
    effective_on: date | None = None


class Matters(Protocol):
    """Matters with a case."""

    def open(self, new: NewCase) -> MatterCase:
        """Open a case; its number is new."""
        ...

    def case(self, number: str, *, lock: bool = False) -> MatterCase | None:
        """The case; with ``lock`` nobody else decides it until the transaction ends."""
        ...

    def waiting(self, matter: str, owner: str) -> MatterCase | None:
        """The open case of this matter and owner (``TAXPAYER``, or ``KIND/NUMBER`` of a person, and ``/APART``)."""
        ...

    def keep(self, case: MatterCase, sealed: bytes) -> MatterCase:
        """Keep with an open case what was signed for it."""
        ...

    def decide(self, case: MatterCase, decision: Decision) -> MatterCase:
        """Close an open case."""
        ...

    def want(self, case: MatterCase, what: str) -> MatterCase:
        """Ask the owner of an open case for something."""
        ...

    def supplied(self, case: MatterCase, due_on: date) -> MatterCase:
        """What was asked for is there; ``due_on`` is the last day to decide now."""
        ...

    def listed(self, state: Literal["open", "decided"], limit: int) -> Sequence[MatterCase]:
        """Cases of everybody, for officers: open ones, the one due first; or decided ones, the last decided first."""
        ...

    def of(self, person: PersonKey, taxpayers: Iterable[str]) -> Sequence[MatterCase]:
        """The cases of the person and of these enterprises: open ones first, then the newest."""
        ...
