"""A terminal as the centre meets it: it enrols, signs and seals records, chains them, and asks questions."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from bureau.api.container import Container
from bureau.city.cast import PERSONAS
from config.clock import Clock
from kiosk.domain.ids import uuid7
from sync.crypto import VisitKey, b64, unb64
from sync.effects import open_effect
from sync.identity import TerminalIdentity, TerminalKeys
from sync.models import EffectAnswer, Enrolment, QueryAnswer, QueryRequest, Subject
from sync.records import Entry, Moment, Phase, Place, SignedRecord, genesis, make_record
from tests.shipped import CATALOGUE

CAST = {persona.id: persona for persona in PERSONAS}
SERVICE_OF = {
    "certificate.issue": "certificate.iit-record",
    "certificate.printed": "certificate.iit-record",
    "certificate.reissue": "certificate.reissue",
    "certificate.deliver": "certificate.iit-record",
    "invoice.reserve": "invoice.collect",
    "invoice.commit": "invoice.collect",
    "invoice.check": "invoice.verify",
    "lottery.draw": "lottery.draw",
    "identity.enrol": "identity.enrol",
    "document.serve": "document.sign-for",
    "device.report": "invoice.device",
    "device.unlock": "invoice.device",
    "appointment.book": "appointment.book",
    "appointment.cancel": "appointment.cancel",
    "queue.take": "queue.ticket",
    "subscription.change": "subscribe.manage",
    "school.enrol": "school.enrol",
    "school.cancel": "school.cancel",
    "school.evaluate": "school.evaluate",
    "help.ask": "help.ask",
    "help.answer": "help.answer",
    "help.thank": "help.browse",
    "ideas.submit": "ideas.submit",
    "ideas.vote": "ideas.vote",
    "einvoice.copy": "einvoice.print",
    "invoice.red": "invoice.red",
    "invoice.apply": "invoice.issue",
    "invoice.issue": "invoice.issue",
    "visit.continue": "invoice.issue",
    "einvoice.deliver": "einvoice.deliver",
    "declaration.submit": "declare.vat-small",
    "payment.create": "pay.due",
    "payment.close": "pay.due",
    "payment.card": "pay.due",
    "matter.submit": "registration.change",
    "material.page": "materials.supply",
    "materials.supply": "materials.supply",
    "survey.take": "survey.take",
    "consult.call-back": "consult.person",
    "departure.apply": "tools.departure-refund",
    "feedback.rate": "pay.due",
    "feedback.complain": "feedback.complain",
    "feedback.report": "feedback.report",
    "feedback.reply": "feedback.track",
    "stock.out": "staff",
    "stock.in": "staff",
}


def subject(
    persona: str, taxpayer: str | None = None, role: str | None = None, **claim: Any
) -> dict[str, Any]:
    """The persona at the reader, recognised by face; ``claim`` changes a field of the claim."""
    person = CAST[persona]
    return {
        "person": {
            "kind": person.kind.value,
            "number": person.number,
            "name": person.name,
            "evidence": "document+face",
            "face": {"matcher": "reference", "score": 0.93, "live": True},
            **claim,
        },
        "taxpayer": taxpayer,
        "role": role,
    }


@dataclass
class Terminal:
    """An enrolled terminal with its chain of records."""

    container: Container
    keys: TerminalKeys
    identity: TerminalIdentity
    clock: Clock
    chain: list[SignedRecord] = field(default_factory=list)

    @classmethod
    def enrol(
        cls,
        container: Container,
        clock: Clock,
        asset: str = "A-07",
        hall: str = "H-01",
        signature: str = "ed25519",
    ) -> Terminal:
        code, _ = container.terminals.make_code(asset, hall, "test", 30)
        keys = TerminalKeys.generate(signature)
        enrolled = container.terminals.enrol(
            Enrolment(
                code=code,
                public_key=b64(keys.signing.public_key),
                sealing_key=b64(keys.sealing.public),
                asset=asset,
            )
        )
        return cls(container, keys, TerminalIdentity.of(enrolled, keys), clock)

    @property
    def name(self) -> str:
        return self.identity.terminal

    def record(self, entry: Entry) -> SignedRecord:
        """The next record of the chain."""
        last = self.chain[-1] if self.chain else None
        digest = self.identity.digest
        prev = last.hash(digest) if last else genesis(self.name, self.identity.epoch, digest)
        place = Place(self.name, self.identity.epoch, len(self.chain) + 1, prev, "test/1")
        now = self.clock.now()
        moment = Moment(int(now.timestamp() * 1_000_000), 10, "boot", int(time.monotonic() * 1000))
        key = VisitKey.generate(self.name, entry.visit, self.identity.bureau_sealing_key)
        signed = SignedRecord.make(make_record(entry, place, moment, key), self.keys.signing)
        self.chain.append(signed)
        return signed

    def note(self, text: str = "hello") -> SignedRecord:
        return self.record(
            Entry(transaction="t", visit="v-1", step="s", kind="note", phase=Phase.NOTE, body={"said": text})
        )

    def intent(
        self,
        kind: str,
        data: dict[str, Any],
        who: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        offline: bool = False,
        service: str | None = None,
        service_hash: str | None = None,
        accepted_at: str | None = None,
        visit: str = "v-1",
    ) -> SignedRecord:
        """A journalled intent of an effect, as it is sent."""
        key, service = key or uuid7(), service or SERVICE_OF[kind]
        known = CATALOGUE[service].hash if service in CATALOGUE else "0" * 64
        digest = known if service_hash is None else service_hash
        body = {
            "kind": kind,
            "key": key,
            "service": service,
            "service_hash": digest,
            "subject": who or {"person": None, "taxpayer": None, "role": None},
            "accepted_at": accepted_at or self.clock.now().isoformat(),
            "offline": offline,
            "lang": "zh-CN",
            "data": data,
        }
        entry = Entry(
            transaction="t-1", visit=visit, step="submit", kind=kind, phase=Phase.INTENT, key=key,
            service_hash=digest, body=body,
        )  # fmt: skip
        return self.record(entry)

    def send(self, signed: SignedRecord, *, queued: bool = False) -> EffectAnswer:
        """Straight to the engine, as the interface does after it checked the request."""
        opened = open_effect(
            signed.envelope, self.container.terminals.record_key, self.container.keys.sealing
        )
        return self.container.submission.submit(opened, queued=queued)

    def do(
        self, kind: str, data: dict[str, Any], who: dict[str, Any] | None = None, **more: Any
    ) -> EffectAnswer:
        return self.send(self.intent(kind, data, who, **more))

    def ask(
        self,
        name: str,
        who: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
        service: str = "",
    ) -> QueryAnswer:
        services = {
            "certificate": "certificate.reissue",
            "iit": "certificate.iit-record",
            "invoice": "invoice.collect",
            "vat": "declare.vat-small",
        }
        service = service or services.get(name.split(".")[0], "pay.due")
        request = QueryRequest(
            service=service,
            service_hash=CATALOGUE[service].hash,
            subject=Subject.model_validate(who or {}),
            params=params or {},
        )
        return self.container.queries.ask(name, request, self.name)

    def data(
        self, name: str, who: dict[str, Any] | None, params: dict[str, Any] | None = None, service: str = ""
    ) -> Any:
        """The answer's data; a refusal fails the test."""
        answer = self.ask(name, who, params, service)
        assert answer.refusal is None, answer.refusal
        return answer.data


def public_key(text: str) -> bytes:
    return unb64(text)
