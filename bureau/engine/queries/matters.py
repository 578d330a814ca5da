"""``registration.*``, ``identity.candidate``, ``invoice.phones``, ``mandate*``, ``guardian.*``, ``progress.list``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, TypeVar

from bureau.engine import preferences
from bureau.engine.matters.guardians import OF_MINORS, last_day_of, ward_of
from bureau.engine.matters.issuing import MOST_PHONES, phone_id
from bureau.engine.matters.mandates import attorney_of, mandate_id, may_end, of_person
from bureau.engine.matters.posts import person_of, post_id
from bureau.engine.matters.temporary import longest, may_register
from bureau.engine.matters.verifying import verified
from bureau.engine.matters.words import how_it_stands
from bureau.engine.names import (
    day_in_words,
    head_name,
    matter_name,
    role_name,
    scope_name,
    side_name,
    state_name,
)
from bureau.engine.queries.registry import NoParams, Query, Question, of_actor
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.limits import Limiter, Rate
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase, owner_of
from bureau.ports.registration import PersonKey, Post, Taxpayer
from bureau.ports.system import System
from bureau.texts import joined, named, say
from config.clock import CHINA
from kiosk.domain.masking import mask_mobile, mask_name, mask_number
from kiosk.domain.people import Role
from sync.models import (
    Attorney,
    Candidate,
    CandidateParams,
    CaseRow,
    EnterpriseParams,
    IssuingPhoneRow,
    IssuingPhones,
    MandateRow,
    MandatesHeld,
    OfficerRow,
    Progress,
    RegistrationDetails,
    TemporaryPrefill,
    Texts,
    Verified,
    Ward,
    WardParams,
)

T = TypeVar("T")
P = TypeVar("P", bound=CandidateParams)
WHOSE_NUMBER: Final = Rate(20, 3600)
"""How often one person may ask whose number somebody has: enough for typing errors, too little to look people up."""


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of registration and cases."""
    limiter = Limiter(WHOSE_NUMBER)

    def sparingly(find: Callable[[Core, Actor, P], T]) -> Callable[[Core, Actor, P], T]:
        def found(core: Core, actor: Actor, wanted: P) -> T:
            if wait := limiter.take(actor.person.key.number):
                raise refuse("askedTooOften", seconds=str(int(wait) + 1))
            return find(core, actor, wanted)

        return found

    def temporary(core: Core, actor: Actor, _: NoParams) -> TemporaryPrefill:
        return _temporary(core, actor, rules)

    return {
        "registration.details": of_actor(system, NoParams, RegistrationDetails, _details),
        "registration.temporary": of_actor(system, NoParams, TemporaryPrefill, temporary),
        "identity.candidate": of_actor(system, CandidateParams, Candidate, sparingly(_candidate)),
        "registration.verify": Query(EnterpriseParams, Verified, _Verify(system)),
        "invoice.phones": of_actor(system, NoParams, IssuingPhones, _phones),
        "mandate.attorney": of_actor(system, CandidateParams, Attorney, sparingly(_attorney)),
        "guardian.ward": of_actor(system, WardParams, Ward, sparingly(_ward)),
        "mandates.list": of_actor(system, NoParams, MandatesHeld, _mandates),
        "progress.list": of_actor(system, NoParams, Progress, _progress),
    }


def _details(core: Core, actor: Actor, _: NoParams) -> RegistrationDetails:
    taxpayer, day = actor.enterprise, today(core)
    facts = core.registration.facts(taxpayer.taxpayer, day)

    def text(fact: str) -> str | None:
        return str(facts[fact]) if fact in facts else None

    def word(area: str, fact: str) -> Texts | None:
        return named(area, str(facts[fact])) if fact in facts else None

    def day_of(fact: str) -> date | None:
        told = text(fact)
        return date.fromisoformat(told) if told else None

    posts = core.registration.posts(taxpayer.taxpayer, day)
    held = [preferences.shown(one) for one in preferences.in_force(core, taxpayer.taxpayer, day)]
    return RegistrationDetails(
        taxpayer=taxpayer.taxpayer,
        name=taxpayer.name,
        state=state_name(taxpayer, day),
        taxation=say("taxation.small" if taxpayer.small_scale else "taxation.general"),
        industry=text("industry") or "",
        registered_on=taxpayer.registered_on,
        valid_until=taxpayer.ends_on,
        address=text("address"),
        phone=text("phone"),
        bank=text("bank"),
        bank_name=word("bank", "bank"),
        account=text("account"),
        accounting=text("accounting"),
        accounting_name=word("accounting", "accounting"),
        confirmed_on=day_of("confirmed_on"),
        facts={fact: value for fact, value in facts.items() if "." not in fact},
        preferences=joined(held, "semicolon") if held else say("preference.none"),
        officers=[_officer(taxpayer, post) for post in posts],
        as_of=core.now,
    )


def _temporary(core: Core, actor: Actor, rules: Rules) -> TemporaryPrefill:
    """Raises ``Refused`` for who has one, has applied for one or may have none."""
    person, day = actor.person, today(core)
    may_register(core, person, day)
    owner = owner_of(person.key, actor.taxpayer.taxpayer if actor.taxpayer is not None else None)
    if (waiting := core.matters.waiting("registration.temporary", owner)) is not None:
        raise refuse("caseOpen", case=waiting.case)
    earlier, most = core.registration.temporary(person.key), timedelta(longest(rules, day))
    known = core.registration.facts(earlier.taxpayer, day) if earlier is not None else {}
    told = {fact: str(known[fact]) for fact in ("phone", "address", "bank", "account") if fact in known}
    name = earlier.name if earlier is not None else None
    return TemporaryPrefill(
        **{"phone": person.mobile, **told}, name=name, earliest=day - most, latest=day + most
    )


def _officer(taxpayer: Taxpayer, post: Post) -> OfficerRow:
    of_register = post.role is Role.LEGAL_REPRESENTATIVE
    return OfficerRow(
        id=post_id(taxpayer.taxpayer, post),
        role=head_name(taxpayer) if of_register else role_name(post.role),
        name=post.person.name,
        since=post.since,
        releasable=not of_register,
        why_not=say("refusal.postOfRegister") if of_register else None,
    )


def _candidate(core: Core, actor: Actor, wanted: CandidateParams) -> Candidate:
    """Only who may bind for an enterprise learns whose number it is."""
    person = person_of(core, wanted.number)
    if person is None:
        raise refuse("candidateUnknown")
    return Candidate(name=person.name)


def _phones(core: Core, actor: Actor, _: NoParams) -> IssuingPhones:
    rows = [
        IssuingPhoneRow(
            id=phone_id(phone),
            mobile_masked=mask_mobile(phone.mobile),
            name=_name(core, phone.person),
            since=phone.since,
        )
        for phone in core.issuing.of(actor.enterprise.taxpayer)
    ]
    return IssuingPhones(rows=rows, most=MOST_PHONES, as_of=core.now)


def _name(core: Core, holder: PersonKey) -> str:
    person = core.registration.person(holder)
    assert person is not None, "nobody is ever taken out of the register"
    return person.name


def _attorney(core: Core, actor: Actor, wanted: CandidateParams) -> Attorney:
    """A part of the name alone: anybody may ask here whose number it is."""
    return Attorney(attorney=mask_name(attorney_of(core, actor.person, wanted.number).name))


def _ward(core: Core, actor: Actor, wanted: WardParams) -> Ward:
    """Nothing of the ward but that they are one: whoever asks knows number and name, or learns nothing."""
    ward = ward_of(core, actor.person, wanted.number, wanted.name, wanted.kind)
    if wanted.kind not in OF_MINORS:
        return Ward(lasts=say("guardian.lasts.adult"))
    last = last_day_of(ward.key, wanted.kind, today(core))
    return Ward(lasts=say("guardian.lasts.minor", day=day_in_words(last)))


def _mandates(core: Core, actor: Actor, _: NoParams) -> MandatesHeld:
    own = actor.person.key
    rows = [
        MandateRow(
            id=mandate_id(one),
            side=side_name(one.ground, held=one.attorney == own),
            name=mask_name(_name(core, other)),
            number=mask_number(other.number),
            scope=scope_name(one.scope),
            since=one.since,
            until=one.until,
            endable=may_end(one, own),
            why_not=None if may_end(one, own) else say("refusal.wardCannotEnd"),
        )
        for one, other in (
            (one, one.attorney if one.principal == own else one.principal)
            for one in of_person(core, own, today(core))
        )
    ]
    return MandatesHeld(rows=rows, as_of=core.now)


class _Verify:
    """Anybody checks a registration by its number; nobody is asked who they are."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __call__(self, question: Question) -> Verified:
        wanted = question.params
        assert isinstance(wanted, EnterpriseParams), "validated by the registry"
        with self._system.read(question.terminal) as work:
            found = verified(work.core, wanted.taxpayer)
        if found is None:
            raise refuse("taxpayerUnknown")
        return found


def _progress(core: Core, actor: Actor, _: NoParams) -> Progress:
    """Every case of the person, and of the enterprises in which they hold a role today."""
    held = core.registration.roles(actor.person.key, today(core))
    names = {h.taxpayer.taxpayer: h.taxpayer.name for h in held}
    cases = core.matters.of(actor.person.key, names)
    return Progress(rows=[_row(core, actor, case, names) for case in cases], as_of=core.now)


def _row(core: Core, actor: Actor, case: MatterCase, names: Mapping[str, str]) -> CaseRow:
    return CaseRow(
        case=case.case,
        title=matter_name(case.matter),
        owner=_owner(core, actor, case, names),
        state=case.state,
        accepted_on=case.accepted_at.astimezone(CHINA).date(),
        due_on=case.due_on if case.state == "open" else None,
        next_step=how_it_stands(core, case),
    )


def _owner(core: Core, actor: Actor, case: MatterCase, names: Mapping[str, str]) -> str:
    if case.taxpayer is None:
        return actor.person.name
    if case.taxpayer in names:
        return names[case.taxpayer]
    taxpayer = core.registration.taxpayer(case.taxpayer)
    return taxpayer.name if taxpayer is not None else case.taxpayer
