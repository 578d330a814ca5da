"""Who signed in (``person.profile``), whether they are on file (``identity.enrolment``), their phone (``phone.*``)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bureau.engine import phones
from bureau.engine.enrolling import may_enrol, own_phone
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.refusals import refuse
from bureau.engine.subjects import identify, person_key, strong, today
from bureau.engine.subscribing.waiting import names_of, waiting
from bureau.errors import StoreConflict
from bureau.ports.core import Core
from bureau.ports.mandates import Mandate
from bureau.ports.registration import RoleHeld
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.masking import mask_mobile, mask_name, mask_number
from sync.models import (
    EnrolmentState,
    MandateHeld,
    PersonProfile,
    PhoneAnswer,
    PhoneCode,
    PhoneProven,
    PhoneWish,
    RoleBinding,
)

log = logging.getLogger("kiosk.bureau")


def questions(system: System) -> Mapping[str, Query]:
    """The queries about the person at the terminal."""

    def send(question: Question) -> PhoneCode:
        wish = question.params
        assert isinstance(wish, PhoneWish), "validated by the registry"
        return phones.send(system, wish.mobile, question.terminal)

    def check(question: Question) -> PhoneProven:
        given = question.params
        assert isinstance(given, PhoneAnswer), "validated by the registry"
        return phones.check(system, given.challenge, given.code, question.terminal)

    def enrolment(question: Question) -> EnrolmentState:
        """Also whether the phone that was proven may be theirs: nobody signs for what would be refused.

        A write, for its challenge is held while it is looked at.
        """
        subject = question.request.subject
        with system.write(question.terminal) as work:
            claim, person = may_enrol(work.core, subject, question.service)
            if subject.phone is not None:
                own_phone(work.core, subject, claim)
        return EnrolmentState(
            known=person is not None,
            mobile_masked=mask_mobile(person.mobile) if person is not None and person.mobile else None,
            state_text=say("enrolment.state.known" if person is not None else "enrolment.state.unknown"),
        )

    return {
        "identity.enrolment": Query(NoParams, EnrolmentState, enrolment),
        "person.profile": Query(NoParams, PersonProfile, _Profile(system)),
        "phone.code": Query(PhoneWish, PhoneCode, send),
        "phone.check": Query(PhoneAnswer, PhoneProven, check),
    }


class _Profile:
    def __init__(self, system: System) -> None:
        self._system = system

    def __call__(self, question: Question) -> PersonProfile:
        """Also somebody who is not enrolled gets an answer: that they are not."""
        subject, sign_in = question.request.subject, question.service.sign_in
        with self._system.read(question.terminal) as work:
            claim, core = subject.person, work.core
            if claim is None:
                raise refuse("identityMissing")
            if core.registration.person(person_key(claim)) is None:
                if sign_in in ("3", "R") and not strong(claim):
                    raise refuse("identityWeak")
                return PersonProfile(known=False, roles=[], notices=[])
            person = identify(core, subject, sign_in)
            held = core.registration.roles(person.key, today(core))
            own = core.registration.own(person.key) is not None
            mandates = [_mandate(core, one) for one in core.mandates.of_attorney(person.key, today(core))]
            notices = core.notices.for_person(person.key, {h.taxpayer.taxpayer for h in held})
            names = names_of(person)
            followed = waiting(core, names)
        self._seen(question.terminal, [notice.id for notice in notices], names if followed else [])
        return PersonProfile(
            known=True,
            roles=[_binding(h) for h in held],
            notices=[*notices, *followed],
            own=own,
            mandates=mandates,
        )

    def _seen(self, terminal: str, notices: list[str], follows: list[str]) -> None:
        """Note when the notices were first told; a sign-in does not fail for it."""
        if not (notices or follows):
            return
        try:
            with self._system.write(terminal) as work:
                work.core.notices.seen(notices)
                work.core.subscriptions.seen(follows)
        except StoreConflict:  # told again at the next sign-in
            log.info("%d notices were told and not noted", len(notices))


def _mandate(core: Core, mandate: Mandate) -> MandateHeld:
    principal = core.registration.person(mandate.principal)
    assert principal is not None, "nobody is ever taken out of the register"
    own = core.registration.own(principal.key) is not None
    return MandateHeld(
        mandate=mandate.case,
        name=mask_name(principal.name),
        number=mask_number(principal.key.number),
        scope=mandate.scope,
        own=own,
        ground=mandate.ground,
    )


def _binding(held: RoleHeld) -> RoleBinding:
    return RoleBinding(
        taxpayer=held.taxpayer.taxpayer,
        name=held.taxpayer.name,
        role=held.role,
        small_scale=held.taxpayer.small_scale,
        state=held.taxpayer.state,
        temporary=held.taxpayer.temporary,
    )
