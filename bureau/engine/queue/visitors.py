"""Who takes a number: whoever proved a phone (sign-in 1) or laid a document on the reader, registered or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bureau.engine.phones import phone_of
from bureau.engine.refusals import refuse
from bureau.engine.subjects import person_key, today
from bureau.ports.core import Core
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_resident_id
from sync.models import PersonClaim, Subject

PHONE: Final = "phone:"


@dataclass(frozen=True, slots=True)
class Visitor:
    """``name`` is how a number is kept, ``names`` all that may have been kept of the same person.

    ``elder``: the document says that they are as old as ``config/queue.yaml`` asks.
    """

    name: str
    names: frozenset[str]
    born: date | None

    @property
    def mobiles(self) -> frozenset[str]:
        """The phones among the names, as plain numbers."""
        return frozenset(name.removeprefix(PHONE) for name in self.names if name.startswith(PHONE))

    def aged(self, years: int, day: date) -> bool:
        """Whether the document says that they are so old on ``day``; a phone says nothing."""
        if self.born is None:
            return False
        had = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had) >= years


def visitor_of(core: Core, subject: Subject, at: datetime | None = None) -> Visitor:
    """Who stands there, or stood there ``at`` that moment when a terminal took what waited; raises ``Refused``.

    A document is taken as the reader read it, whether or not the registry knows its holder; where it does, the name
    has to be theirs, and their registered phone counts as theirs.
    """
    claim = subject.person
    if claim is None:
        phone = _phone(phone_of(core, subject, at))
        return Visitor(phone, frozenset({phone}), None)
    known = core.registration.person(person_key(claim))
    if known is not None and not known.is_called(claim.name):
        raise refuse("nameDiffers")
    name = f"{claim.kind.value}:{claim.number}"
    phones = {_phone(known.mobile)} if known is not None and known.mobile else set()
    if subject.phone is not None:
        phones.add(_phone(phone_of(core, subject, at)))
    return Visitor(name, frozenset({name, *phones}), _born(claim, today(core)))


def _phone(mobile: str) -> str:
    return f"{PHONE}{mobile}"


def _born(claim: PersonClaim, day: date) -> date | None:
    """The birthday in a number that has one: of residents, and of foreigners with the card of 2023."""
    try:
        return check_resident_id(claim.number, day).birth
    except FieldError:
        return None
