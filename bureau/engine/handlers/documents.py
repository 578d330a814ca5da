"""``document.serve`` (签收税务文书): who may receive it signs, and it is served, once."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine import messages
from bureau.engine.effects import Handler, Outcome, Request, accepted
from bureau.engine.enrolling import as_published, evidence_of, own_hand
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.serving import documents
from bureau.engine.sheets.base import Case, content_sha256
from bureau.engine.sheets.kinds import kind_of
from bureau.engine.sheets.served import DIGEST_SHOWN
from bureau.engine.subjects import authorise
from bureau.ports.core import Core
from bureau.ports.documents import Service
from bureau.ports.materials import Vault
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.masking import mask_name
from sync.models import CertificateWish, DocumentServe, DocumentServed, EffectAnswer, EffectKind


class ServeDocument(Handler[DocumentServe, bytes]):
    """Exactly what was read is served by the hand of whoever the law lets receive it, or nothing is."""

    kind: ClassVar[EffectKind] = EffectKind.DOCUMENT_SERVE
    model = DocumentServe

    def __init__(self, vault: Vault, rules: Rules) -> None:
        self._vault, self._rules = vault, rules

    def prepare(self, system: System, request: Request, data: DocumentServe) -> bytes:
        """Text and ink, sealed; whether they are in order is looked at when it is known who it is."""
        return self._vault.seal(request.body.key, evidence_of(data))

    def apply(self, core: Core, request: Request, data: DocumentServe, prepared: bytes) -> Outcome:
        """Who it is, which document, what was read and signed; then it is served. Raises ``Refused``.

        The day of service is the one that was signed, also where the signature comes in after midnight (税收征收管理法
        实施细则 art. 105).
        """
        actor = authorise(core, request.body.subject, request.service, lock=True)
        found = documents.of_actor(core, actor, data.document, lock=True)
        if found.state == "served":
            raise refuse("documentServed")
        wish = CertificateWish(item=data.document)
        read = kind_of(request.service).sheet(Case(core, actor, wish, self._rules))
        if content_sha256(read) != data.content_sha256:
            raise refuse("changedMeanwhile")
        own_hand(data)
        claim = request.body.subject.person
        assert claim is not None, "authorised just now"
        as_published(
            request.service,
            request.body,
            data,
            {
                "sign-in.name": claim.name,
                "document.addressee": documents.addressee(core, found.taxpayer),
                "document.title": found.title[data.lang],
                "document.document": found.document,
            },
        )
        if data.signed_on < documents.issued_on(found):
            raise refuse("signedTextDiffers")
        until = documents.term_end(found, data.signed_on, self._rules)
        documents.serve(
            core,
            found,
            Service(
                way="signed",
                on=data.signed_on,
                until=until,
                by=actor.person.name,
                person=actor.person.key,
                terminal=request.terminal,
                key=request.body.key,
                text_sha256=data.sha256,
                sealed=prepared,
            ),
        )
        result = DocumentServed(
            document=found.document,
            served_on=data.signed_on,
            received_by=mask_name(actor.person.name),
            until=until,
            signed_text=say("enrolment.signed", digest=data.sha256[:DIGEST_SHOWN].upper()),
            basis=say("document.basis"),
        )
        return accepted(result, found.document)

    def message(
        self, core: Core, request: Request, person: Person, data: DocumentServe, answer: EffectAnswer
    ) -> Message:
        """For who went away before the answer came."""
        if answer.refusal is not None:
            return messages.matter_refused(answer.refusal, answer.key, say("matter.document.serve"))
        return messages.document_served(data.document)
