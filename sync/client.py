"""The terminal's side of the wire: each call of the interface that a terminal makes."""

from __future__ import annotations

from urllib.parse import quote

from sync import audit, effects
from sync.errors import BureauGarbled, BureauRejected, RecordError
from sync.models import (
    AuditReceipt,
    EffectAnswer,
    Enrolled,
    Enrolment,
    Heartbeat,
    QueryAnswer,
    QueryRequest,
    ServerTime,
    UseReport,
    UseTaken,
)
from sync.signed_client import SignedClient, parsed

MAX_DOCUMENT = 32 << 20
DOCUMENT_S = 60.0
"""A certificate may take a minute on a slow line; everything else is small."""


class BureauClient(SignedClient):
    """The terminal's calls, as ``identity``; without one only ``enrol`` and ``time`` work."""

    def query(self, name: str, request: QueryRequest) -> QueryAnswer:
        """Ask one question; nothing changes at the bureau."""
        answer = self._post(f"/v1/queries/{quote(name, safe='.')}", request)
        return parsed(QueryAnswer, answer)

    def submit(self, effect: effects.SealedEffect, *, queued: bool = False) -> EffectAnswer:
        """Send a journalled intent as it is; the same key gets the same answer however often it is sent.

        ``queued`` says that nobody stands there to read the answer: the bureau tells the person itself.
        After any error whose ``doubtful`` is true the effect may have happened: send it again.
        """
        key = effect.record.key or ""
        headers = {"Content-Type": effects.MEDIA_TYPE, "Idempotency-Key": f'"{key}"'}
        if queued:
            headers["Delivery"] = effects.QUEUED
        answer = parsed(EffectAnswer, self._call("POST", "/v1/effects", effect.envelope, headers))
        if answer.key != key:
            raise BureauGarbled("the answer is for another effect")
        return answer

    def effect(self, key: str) -> EffectAnswer | None:
        """The bureau's first answer to ``key``, or None when it never saw that effect."""
        try:
            answer = self._call("GET", f"/v1/effects/{quote(key, safe='')}")
        except BureauRejected as error:
            if error.status == 404:
                return None
            raise
        return parsed(EffectAnswer, answer)

    def document(self, number: str, job: str | None = None) -> bytes:
        """The PDF of a certificate, byte for byte as sealed.

        ``job`` is the key of the print job it is for: a second job gets a copy marked as a reprint, the same job
        the same file again. Without it, it is the file as it was issued.
        """
        path = f"/v1/documents/{quote(number, safe='')}" + (f"?job={quote(job, safe='')}" if job else "")
        accept = {"Accept": "application/pdf, application/problem+json"}
        answer = self._call("GET", path, None, accept, MAX_DOCUMENT, DOCUMENT_S)
        if answer.content_type != "application/pdf" or not answer.body.startswith(b"%PDF-"):
            raise BureauGarbled(f"expected a PDF, not {answer.content_type or 'something untyped'}")
        return answer.body

    def audit(self, batch: audit.AuditBatch) -> AuditReceipt:
        """Upload records in order; the bureau's signed word how far it holds the chain."""
        identity = self._known()
        headers = {"Content-Type": audit.MEDIA_TYPE}
        receipt = parsed(AuditReceipt, self._call("POST", "/v1/audit", batch.to_bytes(), headers))
        try:
            audit.verify_receipt(receipt, identity.bureau_verifier)
        except RecordError as error:
            raise BureauGarbled(f"the audit receipt is not the bureau's: {error}") from error
        if (receipt.terminal, receipt.epoch) != (batch.terminal, batch.epoch):
            raise BureauGarbled("the audit receipt is for another terminal")
        return receipt

    def heartbeat(self, beat: Heartbeat) -> ServerTime:
        """Report health; the bureau's time."""
        return parsed(ServerTime, self._post("/v1/heartbeat", beat))

    def use(self, report: UseReport) -> int:
        """Report how visits went; how many of them the bureau did not have yet."""
        return parsed(UseTaken, self._post("/v1/use", report)).new

    def time(self) -> ServerTime:
        """The bureau's time; the cheapest way to see whether it is there."""
        return parsed(ServerTime, self._call("GET", "/v1/time", signed=self._identity is not None))

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Exchange a one-time code for an identity; unsigned, since the bureau does not know the key yet."""
        return parsed(Enrolled, self._post("/v1/enrol", enrolment, signed=False))
