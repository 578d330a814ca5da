"""Who people and enterprises are, and who may act for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from kiosk.domain.people import DocumentKind, Role


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person by document."""

    kind: DocumentKind
    number: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person enrolled under the real-name rules; ``latin_name`` is empty for most."""

    key: PersonKey
    name: str
    latin_name: str
    mobile: str

    def is_called(self, name: str) -> bool:
        """Whether a document with ``name`` may be this person's: spaces and case do not matter."""
        folded = "".join(name.split()).casefold()
        return folded in {
            "".join(known.split()).casefold() for known in (self.name, self.latin_name) if known
        }


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """An enterprise. ``used_verified_to`` is the day up to which its issued invoices are uploaded (验旧)."""

    taxpayer: str
    name: str
    state: Literal["normal", "abnormal", "cancelled"]
    small_scale: bool
    quarterly: bool
    levy_rate: str
    city_rate: str
    half_six_taxes: bool
    risk: Literal["low", "medium", "high"]
    registered_on: date
    used_verified_to: date | None
    general_since: date | None = None
    """From when it is a general taxpayer, when it was a small-scale one before."""
    starts_on: date | None = None
    """Of a temporary registration (临时税务登记): when the business began, from which on it has to declare."""
    ends_on: date | None = None
    """Of a temporary registration: its last day. What was to be declared by then is declared after it as well."""

    @property
    def temporary(self) -> bool:
        """Whether it is a person registered as a business for a time."""
        return self.ends_on is not None

    @property
    def liable_since(self) -> date:
        """From when on it has to declare."""
        return self.starts_on or self.registered_on

    def ended(self, day: date) -> bool:
        """Whether its temporary registration is over on ``day``."""
        return self.ends_on is not None and self.ends_on < day


@dataclass(frozen=True, slots=True)
class NewTemporary:
    """A temporary registration to be made: small-scale, by the quarter (增值税法 art. 30).

    ``name`` is that of the business, ``industry`` in words; the rates are decimal fractions.
    """

    person: PersonKey
    name: str
    industry: str
    address: str
    starts_on: date
    ends_on: date
    levy_rate: str
    city_rate: str


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One role of a person in an enterprise."""

    taxpayer: Taxpayer
    role: Role


@dataclass(frozen=True, slots=True)
class Post:
    """A person in a role of an enterprise, and since when."""

    person: Person
    role: Role
    since: date


class Registration(Protocol):
    """Who people and enterprises are, and who may act for whom."""

    def person(self, key: PersonKey) -> Person | None:
        """The person, when enrolled."""
        ...

    def roles(self, key: PersonKey, day: date) -> Sequence[RoleHeld]:
        """The roles the person holds on ``day``, by enterprise."""
        ...

    def taxpayer(self, taxpayer: str, *, lock: bool = False) -> Taxpayer | None:
        """The enterprise; with ``lock`` nothing else is decided about it until the transaction ends."""
        ...

    def own(self, key: PersonKey) -> Taxpayer | None:
        """The person as a taxpayer in their own name (自然人), once they declared something."""
        ...

    def register_own(self, person: Person) -> Taxpayer:
        """The same, registered now when it was not; two at once register one."""
        ...

    def owner(self, taxpayer: str) -> Person | None:
        """The person who is this taxpayer in their own name; None for an enterprise."""
        ...

    def temporary(self, key: PersonKey, *, lock: bool = False) -> Taxpayer | None:
        """The person's latest temporary registration, even one that is over; ``lock`` keeps another from being made."""
        ...

    def register_temporary(self, new: NewTemporary) -> Taxpayer:
        """Register the person for a time, as its head, under a new number that tells nothing of who they are."""
        ...

    def registered_by(self, case: str) -> Taxpayer | None:
        """The temporary registration that this case made, when it made one."""
        ...

    def declaring(self, after: str, limit: int) -> Sequence[Taxpayer]:
        """Taxpayers that are not cancelled, people in their own name too, by number: at most so many behind ``after``.

        A core system that reminds people itself answers with none.
        """
        ...

    def staff(self, taxpayer: str, roles: Iterable[Role], day: date) -> Sequence[Person]:
        """The people who hold one of ``roles`` in the enterprise, for messages to it."""
        ...

    def posts(self, taxpayer: str, day: date) -> Sequence[Post]:
        """Who holds which role in the enterprise on ``day``, by rank, then by name."""
        ...

    def facts(self, taxpayer: str, day: date) -> Mapping[str, str | int | bool]:
        """What is registered of the enterprise and in force on ``day``, by fact (``address``, ``phone`` …)."""
        ...

    def enter(self, taxpayer: str, fact: str, value: str | int | bool, day: date, case: str | None) -> None:
        """Register a fact from ``day`` on; what stood there before stays as history."""
        ...

    def become_general(self, taxpayer: str, first: date) -> None:
        """A small-scale taxpayer is a general one from ``first`` on: monthly, and without the halves of small ones."""
        ...

    def stands(self, taxpayer: str, state: Literal["normal", "abnormal"]) -> None:
        """The enterprise is an abnormal one (非正常户) from now on, or a normal one again."""
        ...

    def liable(
        self, taxpayer: str, tax: str, cycle: Literal["month", "quarter", "year"], since: date
    ) -> None:
        """The enterprise declares this tax, so often, from ``since`` on (税费种认定); one that is there already stays.

        Where the duty is there from a later day, it begins earlier.
        """
        ...

    def bind(self, taxpayer: str, person: PersonKey, role: Role, day: date) -> None:
        """Give the person the role from ``day`` on."""
        ...

    def release(self, taxpayer: str, person: PersonKey, role: Role, day: date) -> None:
        """End the role: ``day`` is the first on which it is not held."""
        ...
