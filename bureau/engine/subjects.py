"""Who is at the terminal and for whom: checked against the registry, never believed from the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bureau.engine.names import role_list, role_name, scope_name
from bureau.engine.refusals import refuse
from bureau.ports.core import Core
from bureau.ports.mandates import Mandate
from bureau.ports.registration import Person, PersonKey, Taxpayer
from config.catalogue.models import Service
from config.clock import CHINA
from kiosk.domain.people import Role
from sync.models import PersonClaim, Subject

FACE_FLOOR = 0.5
"""Lowest face score taken as evidence. The terminal's own threshold is stricter (domain note, section 8)."""
OWN = "own"
"""Among the roles of a service of enterprises: it is also for who is a taxpayer in their own name."""
SELF = "self"
"""The same, and also for who declared nothing in their own name so far: they are registered with what they do here."""
RANK = (
    Role.LEGAL_REPRESENTATIVE,
    Role.FINANCE_OFFICER,
    Role.TAX_HANDLER,
    Role.INVOICE_COLLECTOR,
    Role.AGENT,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who was checked and, for an enterprise, the role that was found to be theirs.

    Without a role ``taxpayer`` is the person in their own name, once they declared something. Who acts by a mandate
    is the person who gave it.
    """

    person: Person
    taxpayer: Taxpayer | None = None
    role: Role | None = None

    @property
    def enterprise(self) -> Taxpayer:
        """The taxpayer acted for; raises ``Refused`` when there is none."""
        if self.taxpayer is None:
            raise refuse("taxpayerMissing")
        return self.taxpayer

    @property
    def capacity(self) -> Role:
        """The role acted in; raises ``Refused`` when there is none."""
        if self.role is None:
            raise refuse("taxpayerMissing")
        return self.role


def today(core: Core) -> date:
    """The business day, in China."""
    return core.now.astimezone(CHINA).date()


def person_key(claim: PersonClaim) -> PersonKey:
    """The person by document."""
    return PersonKey(claim.kind, claim.number)


def identify(core: Core, subject: Subject, sign_in: str) -> Person:
    """The enrolled person behind the claim, with evidence as strong as ``sign_in`` asks.

    Raises ``Refused``.
    """
    _, person = claimed(core, subject, sign_in)
    if person is None:
        raise refuse("personUnknown")
    return person


def claimed(core: Core, subject: Subject, sign_in: str) -> tuple[PersonClaim, Person | None]:
    """Who stands there by the evidence that ``sign_in`` asks for, and the person on file: None, they are not enrolled.

    Raises ``Refused``.
    """
    claim = subject.person
    if claim is None:
        raise refuse("identityMissing")
    if sign_in in ("3", "R") and not strong(claim):
        raise refuse("identityWeak")
    person = core.registration.person(person_key(claim))
    if person is not None and not person.is_called(claim.name):
        raise refuse("nameDiffers")
    return claim, person


def strong(claim: PersonClaim) -> bool:
    """Whether somebody made sure that the document's holder is who stands there."""
    if claim.evidence == "document+staff":
        return True
    face = claim.face
    return claim.evidence == "document+face" and face is not None and face.live and face.score >= FACE_FLOOR


def authorise(core: Core, subject: Subject, service: Service, *, lock: bool = False) -> Actor:
    """The person and, for a service of enterprises, the role that allows it; raises ``Refused``.

    A role on the wire is a wish; offline it is not even that. What the registry holds today decides.
    ``lock`` lets nothing else be decided about the enterprise until the transaction ends.
    """
    person = identify(core, subject, service.sign_in)
    only_where_it_may(subject, service)
    if subject.mandate is not None:
        return _for_another(core, person, subject, service, lock=lock)
    if service.audience != "enterprise":
        return Actor(person, core.registration.own(person.key))
    if subject.taxpayer is None:
        own = core.registration.own(person.key) if {OWN, SELF} & set(service.roles) else None
        if own is None and SELF not in service.roles:
            raise refuse("taxpayerMissing")
        return Actor(person, own)
    taxpayer = core.registration.taxpayer(subject.taxpayer, lock=lock)
    if taxpayer is None:
        raise refuse("taxpayerUnknown")
    held = {
        h.role
        for h in core.registration.roles(person.key, today(core))
        if h.taxpayer.taxpayer == taxpayer.taxpayer
    }
    return Actor(person, taxpayer, _role(held, subject.role, service))


def only_where_it_may(subject: Subject, service: Service) -> None:
    """Raises ``Refused`` for a mandate in a service that everybody uses for themselves alone."""
    if subject.mandate is not None and not service.behalf:
        raise refuse("mandateNotHere")


def mandate_of(core: Core, subject: Subject) -> Mandate | None:
    """By which mandate of theirs the person did it, over meanwhile or not; None: it is their own."""
    mandate = core.mandates.given(subject.mandate) if subject.mandate is not None else None
    claim = subject.person
    return mandate if mandate is not None and claim and mandate.attorney == person_key(claim) else None


def principal_of(core: Core, subject: Subject) -> PersonKey | None:
    """Whose the thing is that the person did by their mandate (``mandate_of``); None: it is their own."""
    mandate = mandate_of(core, subject)
    return mandate.principal if mandate is not None else None


def _for_another(core: Core, person: Person, subject: Subject, service: Service, *, lock: bool) -> Actor:
    """The principal in their own name, when their mandate holds today and covers this; raises ``Refused``."""
    mandate = core.mandates.find(subject.mandate or "", lock=lock)
    if mandate is None or mandate.attorney != person.key or not mandate.holds(today(core)):
        raise refuse("mandateGone")
    if subject.taxpayer is not None or not mandate.scope.covers(service.behalf):
        raise refuse("mandateNarrow", scope=scope_name(mandate.scope))
    principal = core.registration.person(mandate.principal)
    assert principal is not None, "nobody is ever taken out of the register"
    own = core.registration.own(principal.key)
    if own is None and service.audience == "enterprise" and SELF not in service.roles:
        raise refuse("taxpayerMissing")
    return Actor(principal, own)


def _role(held: set[Role], wished: Role | None, service: Service) -> Role:
    allowed = [role for role in RANK if role.value in service.roles]
    if not held or (wished is not None and wished not in held):
        raise refuse("roleMissing")
    usable = [wished] if wished is not None else [role for role in RANK if role in held]
    for role in usable:
        if role in allowed:
            return role
    raise refuse("roleNotAllowed", role=role_name(usable[0]), allowed=role_list(allowed))
