"""A person gives another one a mandate to act for them (授权委托), and either of the two ends it.

民法典 art. 165: a mandate is given in writing, names attorney, matters, powers and term, and is signed. Art. 173: it
ends when its principal takes it back or its attorney lays it down. How many there may be is house practice: who acts
for more people does it as a trade, under an agreement of its own.
"""

from __future__ import annotations

import base64
import hashlib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Final

from bureau.engine import looks, messages
from bureau.engine.enrolling import age_on, birth_of
from bureau.engine.matters.base import Fields, Untouched
from bureau.engine.matters.kinds import SEALED, Matter
from bureau.engine.matters.posts import person_of
from bureau.engine.names import scope_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.mandates import Mandate
from bureau.ports.matters import MatterCase
from bureau.ports.registration import Person, PersonKey
from kiosk.domain.masking import mask_name
from kiosk.domain.people import Scope

ADULT: Final = 18
"""Who is younger acts through a guardian, or with their consent (民法典 arts. 17 and 19)."""
MOST_ATTORNEYS: Final = 3
MOST_PRINCIPALS: Final = 5
TERMS: Final[Mapping[str, int]] = {"months-3": 3, "year-1": 12, "years-3": 36}
"""Months, by the option of the form (``config/services/identity.delegate.yaml``)."""


def mandate_id(mandate: Mandate) -> str:
    """What tells it from others at the terminal, and tells nothing of whose it is."""
    return hashlib.sha256(f"mandate/{mandate.case}".encode()).hexdigest()[:16]


def attorney_of(core: Core, principal: Person, number: str, *, lock: bool = False) -> Person:
    """Who has the card with this number, and may be made an attorney of this person; raises ``Refused``.

    With ``lock`` neither gives or gets another mandate until the transaction ends.
    """
    attorney, day = person_of(core, number), today(core)
    if attorney is None:
        raise refuse("attorneyUnknown")
    if attorney.key == principal.key:
        raise refuse("attorneySelf")
    if lock:
        core.mandates.hold(principal.key, attorney.key)
    births = (birth_of(person.key.number) for person in (principal, attorney))
    if any(born is not None and age_on(born, day) < ADULT for born in births):
        raise refuse("mandateMinor")
    if any(has_guardian(core, person.key, day) for person in (principal, attorney)):
        raise refuse("mandateWard")
    given = core.mandates.of_principal(principal.key, day)
    if any(mandate.attorney == attorney.key for mandate in given):
        raise refuse("mandateHeld")
    if len(given) >= MOST_ATTORNEYS:
        raise refuse("mandatesEnough", most=str(MOST_ATTORNEYS))
    signed = [held for held in core.mandates.of_attorney(attorney.key, day) if not held.by_guardian]
    if len(signed) >= MOST_PRINCIPALS:
        raise refuse("attorneyBusy", most=str(MOST_PRINCIPALS))
    return attorney


def has_guardian(core: Core, person: PersonKey, day: date) -> bool:
    """Whether a guardian is entered for them: they neither give nor take a mandate (民法典 arts. 144, 145, 173)."""
    return any(held.by_guardian for held in core.mandates.of_principal(person, day))


class GiveMandate(Untouched):
    """From today on the attorney may do what was signed, to the last day of a term that was signed with it."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The attorney is enrolled, somebody else, and neither side has too many."""
        attorney = attorney_of(core, actor.person, str(fields["number"]), lock=True)
        return {**fields, "attorney": mask_name(attorney.name)}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Enter it with what was signed, and tell the attorney, who may not be there."""
        principal, attorney = registered(core, case.person), person_of(core, str(case.fields["number"]))
        assert attorney is not None, "checked when the case was opened"
        mandate = Mandate(
            case=case.case,
            principal=principal.key,
            attorney=attorney.key,
            relation=str(case.fields["relation"]),
            scope=Scope(str(case.fields["scope"])),
            since=day,
            until=last_day(
                date.fromisoformat(str(case.fields["signed_on"])), TERMS[str(case.fields["term"])]
            ),
            sealed=base64.b64decode(str(case.fields[SEALED])),
        )
        core.mandates.give(mandate)
        looks.by_principal(core, attorney.key, principal, case.matter)
        told = messages.mandate_given(
            mask_name(principal.name), scope_name(mandate.scope), mandate.until, case.case
        )
        core.notices.tell(attorney, told)
        return day


class EndMandate(Untouched):
    """Taken back by the principal, or laid down by the attorney: nobody acts by it from this moment on.

    A guardian hands back what they are entered for; a ward cannot take it from them (民法典 arts. 36 and 39).
    """

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """It is one of theirs to end, and still holds."""
        mandate = _of(core, actor.person.key, str(fields["mandate"]), today(core))
        if mandate is None:
            raise refuse("mandateOver")
        if not may_end(mandate, actor.person.key):
            raise refuse("wardCannotEnd")
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """End it, and tell the other one."""
        seen = _of(core, case.person, str(case.fields["mandate"]), day)
        mandate = core.mandates.find(seen.case, lock=True) if seen is not None else None
        if mandate is None:
            raise refuse("mandateOver")
        core.mandates.end(mandate, day, case.case)
        ended_by = registered(core, case.person)
        other = mandate.attorney if case.person == mandate.principal else mandate.principal
        told = messages.acting_ended(mandate, mask_name(ended_by.name), case.case)
        core.notices.tell(registered(core, other), told)
        return day


def may_end(mandate: Mandate, person: PersonKey) -> bool:
    """Whether this one of its two people may end it at a terminal."""
    return not mandate.by_guardian or person == mandate.attorney


def last_day(given: date, months: int) -> date:
    """The last day of a term of months: that of the same number, or the month's last where it has none.

    The day itself does not count (民法典 arts. 201 and 202).
    """
    years, month = divmod(given.month - 1 + months, 12)
    year = given.year + years
    return date(year, month + 1, min(given.day, monthrange(year, month + 1)[1]))


def of_person(core: Core, person: PersonKey, day: date) -> list[Mandate]:
    """Those that they gave, then those that they hold."""
    return [*core.mandates.of_principal(person, day), *core.mandates.of_attorney(person, day)]


def _of(core: Core, person: PersonKey, wanted: str, day: date) -> Mandate | None:
    return next((m for m in of_person(core, person, day) if mandate_id(m) == wanted), None)


def registered(core: Core, key: PersonKey) -> Person:
    """Somebody who is a party to a mandate, or has a case."""
    person = core.registration.person(key)
    assert person is not None, "nobody is ever taken out of the register"
    return person
