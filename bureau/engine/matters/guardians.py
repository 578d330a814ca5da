"""A guardian (监护人) acts for a ward (被监护人), who cannot sign a mandate: by papers that an officer looks at.

民法典: the guardian is the ward's legal representative (art. 23). Of a minor (arts. 17 to 20) these are the parents,
else those of art. 27 or who was named (arts. 29 and 31); an adult who cannot answer for what they do (arts. 21 and 22),
as a court has found (art. 24), has one of art. 28, in its order or as named (art. 31). Nobody under age is a guardian,
nor who has one. A minor's ends the day before they are of age; an adult's is entered for three years, house practice,
and then the papers are looked at again. Before, an officer ends it (arts. 36 and 39), or the guardian hands it back.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bureau.engine import looks, messages
from bureau.engine.enrolling import age_on, birth_of
from bureau.engine.matters.base import Fields, Untouched
from bureau.engine.matters.kinds import Matter
from bureau.engine.matters.mandates import ADULT, has_guardian, last_day, registered
from bureau.engine.matters.posts import person_of
from bureau.engine.matters.words import told_reason
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.errors import GuardianRefused
from bureau.ports.core import Core
from bureau.ports.mandates import Mandate
from bureau.ports.matters import MatterCase
from bureau.ports.registration import Person, PersonKey
from kiosk.domain.masking import mask_name
from kiosk.domain.people import Ground, Scope

OF_MINORS: Final = frozenset({"parent", "minor"})
"""Kinds of guardianship, by the options of the form (``config/services/identity.guardian.yaml``); the other: adult."""
ADULTS_MONTHS: Final = 36


def ward_of(core: Core, guardian: Person, number: str, name: str, kind: str, *, lock: bool = False) -> Person:
    """Who has the card with this number and name, and may become this person's ward; raises ``Refused``.

    With ``lock`` neither of the two gets another guardian or mandate until the transaction ends.
    """
    ward, day = person_of(core, number), today(core)
    if ward is not None and ward.key == guardian.key:
        raise refuse("wardSelf")
    if ward is None or not ward.is_called(name):
        raise refuse("wardUnknown")
    if lock:
        core.mandates.hold(guardian.key, ward.key)
    if _minor(guardian, day):
        raise refuse("guardianMinor")
    if has_guardian(core, guardian.key, day):
        raise refuse("guardianWard")
    if _minor(ward, day) is not (kind in OF_MINORS):
        raise refuse("wardOfAge") if kind in OF_MINORS else refuse("wardUnderAge")
    if any(held.attorney == guardian.key for held in _guardians(core, ward, day)):
        raise refuse("guardianHeld")
    return ward


def last_day_of(ward: PersonKey, kind: str, day: date) -> date:
    """The last day on which a guardian acts whose papers are approved on ``day``."""
    born = birth_of(ward.number)
    if kind not in OF_MINORS or born is None:
        return last_day(day, ADULTS_MONTHS)
    leap = (born.month, born.day) == (2, 29)
    of_age = date(born.year + ADULT, 3, 1) if leap else born.replace(year=born.year + ADULT)
    return of_age - timedelta(days=1)


class RegisterGuardian(Untouched):
    """Once an officer has approved the papers the guardian acts for the ward, in all that a mandate can be for."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The ward is who they are said to be, of the age of this kind, and not this guardian's already."""
        ward_of(core, actor.person, *_named(fields), lock=True)
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Enter it, and tell the ward and who else guards them; raises ``GuardianRefused`` when it cannot be any more.

        A guardian, and an attorney, who needs one themselves is none any longer (arts. 39 and 173).
        """
        guardian = registered(core, case.person)
        number, name, kind = _named(case.fields)
        try:
            ward = ward_of(core, guardian, number, name, kind, lock=True)
        except Refused as no:
            raise GuardianRefused(f"{no.refusal.text['zh-CN']}: refuse the case with that reason") from no
        others = _guardians(core, ward, day)
        mandate = Mandate(
            case=case.case,
            principal=ward.key,
            attorney=guardian.key,
            relation=kind,
            scope=Scope.ALL,
            since=day,
            until=last_day_of(ward.key, kind, day),
            sealed=b"",  # the statement stays with its case
            ground=Ground.GUARDIAN,
        )
        core.mandates.give(mandate)
        looks.by_guardian(core, ward.key, guardian, case.matter)
        told = messages.guardian_entered(
            mask_name(guardian.name), mask_name(ward.name), mandate.until, case.case
        )
        for person in (ward, *(registered(core, other.attorney) for other in others)):
            core.notices.tell(person, told)
        for held in core.mandates.of_attorney(ward.key, day):
            core.mandates.end(held, day, case.case)
            core.notices.tell(
                registered(core, held.principal), messages.acting_ended(held, mask_name(ward.name), case.case)
            )
        return day


def end_guardianship(core: Core, case: str, officer: str, reason: str) -> Mandate:
    """An officer ends what the case of this number entered, and guardian and ward are told why.

    Raises ``GuardianRefused``, ``ReasonMissing``.
    """
    reason, day = told_reason(reason), today(core)
    held = core.mandates.find(case, lock=True)
    if held is None or not held.by_guardian or not held.holds(day):
        raise GuardianRefused(f"no guardianship of case {case} is in force; see: bureau guardian list")
    core.mandates.end(held, day, officer, reason)
    guardian, ward = registered(core, held.attorney), registered(core, held.principal)
    for person, other in ((guardian, ward), (ward, guardian)):
        told = messages.guardian_ended_by_officer(mask_name(other.name), reason, case)
        core.notices.tell(person, told)
        looks.by_officer(core, person.key, "role", officer, "guardian.end")
    return held


def _named(fields: Fields) -> tuple[str, str, str]:
    """Number and name of the ward, and the kind of guardianship, as the form has them."""
    return str(fields["number"]), str(fields["name"]), str(fields["kind"])


def _guardians(core: Core, ward: Person, day: date) -> list[Mandate]:
    return [held for held in core.mandates.of_principal(ward.key, day) if held.by_guardian]


def _minor(person: Person, day: date) -> bool:
    """As far as the number of their document tells; an officer sees the rest."""
    born = birth_of(person.key.number)
    return born is not None and age_on(born, day) < ADULT
