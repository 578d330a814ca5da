"""``certificate.issue`` and ``certificate.printed``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.records import record
from bureau.engine.refusals import refuse
from bureau.engine.subjects import authorise
from bureau.errors import InProgress
from bureau.ports.certificates import NewCertificate
from bureau.ports.core import Core
from bureau.ports.office import CertificateOffice, IitCertificate
from bureau.ports.registration import Person
from bureau.ports.system import System
from sync.models import (
    CertificateIssue,
    CertificateIssued,
    CertificatePrinted,
    EffectKind,
    IitRecord,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A signed document that is not in the register yet."""

    certificate: NewCertificate


class IssueCertificate(Handler[CertificateIssue, Drawn]):
    """Certifies exactly what was shown, or nothing."""

    kind: ClassVar[EffectKind] = EffectKind.CERTIFICATE_ISSUE
    model = CertificateIssue

    def __init__(self, office: CertificateOffice) -> None:
        self._office = office

    def prepare(self, system: System, request: Request, data: CertificateIssue) -> Drawn:
        """Take a number, then draw, seal and sign; a repetition takes the same number."""
        with system.write(request.terminal) as work:
            if not work.answers.take_turn(request.body.key):
                raise InProgress(request.body.key)
            person, shown = self._shown(work.core, request, data)
            number = work.core.certificates.number_for(request.body.key)
            now, place = work.core.now, work.core.place
        certificate = IitCertificate(
            number=number,
            code=self._office.new_code(),
            name=person.name,
            document_kind=person.key.kind.value,
            document_number=person.key.number,
            first=shown.first,
            last=shown.last,
            rows=tuple(shown.rows),
            total_income_fen=shown.total_income_fen,
            total_tax_fen=shown.total_tax_fen,
            content_sha256=shown.content_sha256,
            issued_at=now,
            place=place,
            lang=request.body.lang,
        )
        document = self._office.issue_iit_record(certificate)
        return Drawn(
            NewCertificate(
                number=number,
                code=certificate.code,
                key=request.body.key,
                kind=data.certificate,
                person=person.key,
                terminal=request.terminal,
                content_sha256=shown.content_sha256,
                frozen=document.frozen,
                pdf=document.pdf,
                pdf_sha256=document.pdf_sha256,
                pages=document.pages,
                verify_url=document.verify_url,
                issued_at=now,
            )
        )

    def apply(self, core: Core, request: Request, data: CertificateIssue, prepared: Drawn) -> Outcome:
        """Enter it in the register, if the record is still what was shown."""
        self._shown(core, request, data)
        new = prepared.certificate
        core.certificates.add(new)
        issued = CertificateIssued(
            number=new.number,
            code=new.code,
            pages=new.pages,
            pdf_sha256=new.pdf_sha256,
            verify_url=new.verify_url,
        )
        return accepted(issued, new.number)

    def _shown(self, core: Core, request: Request, data: CertificateIssue) -> tuple[Person, IitRecord]:
        person = authorise(core, request.body.subject, request.service).person
        shown = record(core, person, data.first, data.last)
        if shown.content_sha256 != data.content_sha256:
            raise refuse("changedMeanwhile")
        return person, shown


class CertificateOut(Simple[CertificatePrinted]):
    """Counts copies. One in doubt is not counted as delivered, but the copy after it is marked as a reprint."""

    kind: ClassVar[EffectKind] = EffectKind.CERTIFICATE_PRINTED
    model = CertificatePrinted

    def apply(self, core: Core, request: Request, data: CertificatePrinted, prepared: None) -> Outcome:
        """Keep what became of the copy."""
        if core.certificates.pdf(data.number, request.terminal) is None:
            raise refuse("certificateUnknown")  # a terminal prints, and counts, what it was given alone
        core.certificates.printed(data.number, request.body.key, data.outcome, request.terminal, data.job)
        if data.outcome == "uncertain":
            core.cases.open("print-uncertain", data.number, {"terminal": request.terminal})
        return accepted(reference=data.number)
