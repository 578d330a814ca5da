"""``certificate.reissue`` and ``certificate.deliver``: a certificate once more, on paper or on the person's phone."""

from __future__ import annotations

import secrets
from typing import ClassVar

from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.einvoices.fetching import LINK_LIFE, SECRET_BYTES, secret_hash
from bureau.engine.handlers.certificates import Drawn, issued_of
from bureau.engine.refusals import refuse
from bureau.engine.reissuing import Reissuing
from bureau.engine.sheets.drawing import Stamp, as_shown, to_register
from bureau.engine.subjects import authorise
from bureau.errors import InProgress
from bureau.ports.certificates import CertificateEnd, CertificateLink, CertificateRecord
from bureau.ports.core import Core
from bureau.ports.office import CertificateOffice
from bureau.ports.system import System
from sync.models import (
    CertificateDeliver,
    CertificateDelivered,
    CertificateReissue,
    CertificateReissued,
    EffectKind,
)


class ReissueCertificate(Handler[CertificateReissue, Drawn]):
    """Lets out the same certificate, or issues a new one by today's records and ends the old one with it."""

    kind: ClassVar[EffectKind] = EffectKind.CERTIFICATE_REISSUE
    model = CertificateReissue

    def __init__(self, office: CertificateOffice, reissuing: Reissuing) -> None:
        self._office, self._reissuing = office, reissuing

    def prepare(self, system: System, request: Request, data: CertificateReissue) -> Drawn:
        """Of a new one: take a number, then draw, seal and sign; a repetition takes the same number."""
        with system.write(request.terminal) as work:
            if not work.answers.take_turn(request.body.key):
                raise InProgress(request.body.key)
            core = work.core
            actor = authorise(core, request.body.subject, request.service)
            record = self._reissuing.find(core, actor, data.number)
            self._reissuing.open(core, actor, record, data.way)
            if data.way == "reprint":
                return Drawn(None)
            shown = as_shown(self._reissuing.drawn(core, actor, record), data.content_sha256)
            number, now, place = core.certificates.number_for(request.body.key), core.now, core.place
        stamp = Stamp(number, self._office.new_code(), now, place, request.body.lang)
        document = shown.made_by(self._office, stamp)
        return Drawn(to_register(shown, stamp, document, request.body.key, request.terminal))

    def apply(self, core: Core, request: Request, data: CertificateReissue, prepared: Drawn) -> Outcome:
        """One after the other for a certificate: what is replaced once is not replaced again."""
        actor = authorise(core, request.body.subject, request.service)
        record = self._reissuing.find(core, actor, data.number, lock=True)
        self._reissuing.open(core, actor, record, data.way)
        new = prepared.certificate
        if new is None:
            if record.content_sha256 != data.content_sha256:
                raise refuse("changedMeanwhile")
            core.certificates.let_out(data.number, request.body.key, request.terminal)
            return _reissued(record)
        as_shown(self._reissuing.drawn(core, actor, record), data.content_sha256)
        core.certificates.add(new)
        end = CertificateEnd(state="replaced", reason="replaced", at=core.now, successor=new.number)
        core.certificates.end(data.number, end)
        made = core.certificates.record(new.number)
        assert made is not None, "it was entered just now"
        return _reissued(made, data.number)


def _reissued(record: CertificateRecord, replaces: str = "") -> Outcome:
    issued = CertificateReissued(**issued_of(record).model_dump(), replaces=replaces)
    return accepted(issued, record.number)


class DeliverCertificate(Simple[CertificateDeliver]):
    """Makes a link to the file that works once and soon ends; only its hash is kept in the register."""

    kind: ClassVar[EffectKind] = EffectKind.CERTIFICATE_DELIVER
    model = CertificateDeliver

    def __init__(self, reissuing: Reissuing, public_url: str) -> None:
        self._reissuing, self._public_url = reissuing, public_url.rstrip("/")

    def apply(self, core: Core, request: Request, data: CertificateDeliver, prepared: None) -> Outcome:
        """For whose it is, at the terminal where they had it issued or let out, while it is valid."""
        actor = authorise(core, request.body.subject, request.service)
        record = self._reissuing.find(core, actor, data.number)
        if core.certificates.pdf(data.number, request.terminal) is None:
            raise refuse("certificateNotHeld")
        if record.ended is not None:
            self._reissuing.open(core, actor, record, "reprint")
        secret, key = secrets.token_urlsafe(SECRET_BYTES), request.body.key
        link = CertificateLink(key, secret_hash(secret), data.number, core.now + LINK_LIFE)
        core.certificates.add_link(link)
        delivered = CertificateDelivered(
            number=data.number,
            url=f"{self._public_url}/k/{key}.{secret}",
            expires_at=link.expires_at,
            seconds=int(LINK_LIFE.total_seconds()),
        )
        return accepted(delivered, data.number)
