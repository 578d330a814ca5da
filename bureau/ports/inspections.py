"""Inspections on site (实地核查, 税务检查): ordered, recorded and confirmed by two officers, their papers issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON

InspectionState = Literal["ordered", "confirmed", "issued", "cancelled"]
"""``ordered``: also while its form is filled in; ``confirmed``: by both officers, its paper not issued yet."""
Measure = Literal["", "asked", "abnormal", "return-asked", "returned"]
"""What followed for the registration (非正常户): asked for, entered, its end asked for, ended, by two officers each."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One visit. ``first`` and ``second`` are the two officers' logins, with their names as they were then.

    ``revision`` counts what was saved of its form. ``content_sha256`` is what was confirmed, empty while nobody has;
    ``confirmed_first`` and ``confirmed_second`` say when each did. ``outcome`` is the form's once it was confirmed by
    both. ``document``: the official document by which the taxpayer is given a copy, empty where nobody was met.
    ``asked_by`` and ``decided_by`` are of the measure, ``ground`` of its end.
    """

    __pydantic_config__ = IN_JSON

    number: str
    taxpayer: str
    kind: str
    basis: str
    reason: str
    day: date
    first: str
    first_name: str
    second: str
    second_name: str
    ordered_at: datetime
    state: InspectionState = "ordered"
    revision: int = 0
    content_sha256: str = ""
    confirmed_first: datetime | None = None
    confirmed_second: datetime | None = None
    outcome: str = ""
    issued_at: datetime | None = None
    document: str = ""
    measure: Measure = ""
    asked_by: str = ""
    decided_by: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a visit; ``key`` is the phone's own, so that what is sent twice is held once."""

    __pydantic_config__ = IN_JSON

    key: str
    inspection: str
    sha256: str
    size: int
    received_at: datetime
    officer: str
    sealed: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class InspectionEvent:
    """What an officer did with a visit, and when."""

    __pydantic_config__ = IN_JSON

    number: int
    inspection: str
    at: datetime
    officer: str
    did: Literal[
        "ordered",
        "cancelled",
        "signed",
        "confirmed",
        "issued",
        "demanded",
        "asked",
        "abnormal",
        "declined",
        "return-asked",
        "returned",
        "kept",
    ]
    said: Mapping[str, str]


class Inspections(Protocol):
    """Visits, their forms and pictures, and what was done with each."""

    def number_for(self, key: str) -> str:
        """The number of the visit that this key orders, twenty digits: the same however often it is asked."""
        ...

    def entries(self, limit: int) -> Sequence[Inspection]:
        """Those that are still to be carried out by day, then the others, the latest ordered first."""
        ...

    def find(self, number: str, *, lock: bool = False) -> Inspection | None:
        """One by its number; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def marked(self, taxpayer: str) -> Sequence[Inspection]:
        """Those of a taxpayer with a measure that is asked for or stands."""
        ...

    def add(self, inspection: Inspection) -> None:
        """Enter one."""
        ...

    def change(self, inspection: Inspection) -> None:
        """Keep how it stands; who, whom, why and when was ordered stays as it was."""
        ...

    def form(self, number: str) -> bytes | None:
        """What was filled in, in the vault's seal; None: nothing yet, or no longer."""
        ...

    def keep_form(self, number: str, sealed: bytes | None) -> None:
        """Keep it in place of what was there; None leaves nothing."""
        ...

    def pictures(self, number: str) -> Sequence[Picture]:
        """Its pictures without what they show, in the order in which they came."""
        ...

    def picture(self, key: str) -> Picture | None:
        """One, with what it shows in the vault's seal."""
        ...

    def add_picture(self, picture: Picture) -> None:
        """Hold one."""
        ...

    def drop_picture(self, key: str) -> None:
        """Delete one, for good."""
        ...

    def note(self, event: InspectionEvent) -> None:
        """Enter what was done; the number is given here."""
        ...

    def history(self, number: str) -> Sequence[InspectionEvent]:
        """What officers did with one, the first first."""
        ...
