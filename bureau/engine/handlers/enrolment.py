"""``identity.enrol`` (实名信息采集): a person is on file from now on, or with another phone, by their own signature."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine import messages
from bureau.engine.effects import Handler, Outcome, Request, accepted
from bureau.engine.enrolling import as_published, evidence_of, may_enrol, own_hand, own_phone, proven
from bureau.engine.subjects import person_key
from bureau.ports.core import Core
from bureau.ports.enrolments import Enrolment
from bureau.ports.materials import Vault
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.ports.system import System
from bureau.texts import say
from sync.models import EffectAnswer, EffectKind, IdentityEnrol, IdentityEnrolled

DIGEST_SHOWN = 8
"""Of the statement's SHA-256, on the slip: enough to tell it from another."""


class EnrolPerson(Handler[IdentityEnrol, bytes]):
    """Document, face, phone and hand are all there, or nothing is entered."""

    kind: ClassVar[EffectKind] = EffectKind.IDENTITY_ENROL
    model = IdentityEnrol

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def prepare(self, system: System, request: Request, data: IdentityEnrol) -> bytes:
        """Text and ink, sealed; whether they are in order is looked at when it is known who it is."""
        return self._vault.seal(request.body.key, evidence_of(data))

    def apply(self, core: Core, request: Request, data: IdentityEnrol, prepared: bytes) -> Outcome:
        """Who it is, whose phone, what was signed; then enter it. Raises ``Refused``."""
        subject = request.body.subject
        claim, _ = may_enrol(core, subject, request.service)
        mobile = own_phone(core, subject, claim)
        person = core.registration.person(
            person_key(claim)
        )  # by the same proof they may have been entered meanwhile
        own_hand(data)
        as_published(request.service, request.body, data, proven(subject))
        number = core.enrolments.number_for(request.body.key)
        face = claim.face
        core.enrolments.enter(
            Enrolment(
                enrolment=number,
                key=request.body.key,
                person=person_key(claim),
                name=claim.name,
                mobile=mobile,
                evidence=claim.evidence,
                matcher=face.matcher if face else "",
                score=round(face.score * 1000) if face else None,
                terminal=request.terminal,
                lang=data.lang,
                text_sha256=data.sha256,
                enrolled_at=core.now,
                sealed=prepared,
            )
        )
        if person is not None and person.mobile and person.mobile != mobile:
            core.notices.tell(person, messages.phone_changed(number, mobile))
        result = IdentityEnrolled(
            enrolment=number,
            first=person is None,
            accepted_at=core.now,
            evidence_text=say(f"enrolment.evidence.{claim.evidence}"),
            signed_text=say("enrolment.signed", digest=data.sha256[:DIGEST_SHOWN].upper()),
            state_text=say("enrolment.done.first" if person is None else "enrolment.done.again"),
            basis=say("enrolment.basis"),
        )
        return accepted(result, number)

    def message(
        self, core: Core, request: Request, person: Person, data: IdentityEnrol, answer: EffectAnswer
    ) -> Message:
        """For who went away before the answer came."""
        if answer.refusal is not None:
            return messages.matter_refused(answer.refusal, answer.key, say("matter.identity.enrol"))
        return messages.enrolled(str(answer.result["enrolment"]))
