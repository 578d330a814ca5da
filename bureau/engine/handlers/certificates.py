"""``certificate.issue`` and ``certificate.printed``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.records import record
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.sheets.base import Case, content_sha256
from bureau.engine.sheets.kinds import IIT_RECORD, certificate_of, kind_of
from bureau.engine.sheets.matter_notices import MATTER_NOTICE, SERVICE, MatterNotices
from bureau.engine.subjects import Actor, authorise
from bureau.errors import InProgress
from bureau.ports.certificates import NewCertificate
from bureau.ports.core import Core
from bureau.ports.office import (
    CertificateOffice,
    IitCertificate,
    IssuedDocument,
    Sheet,
    SheetCertificate,
)
from bureau.ports.registration import PersonKey
from bureau.ports.system import System
from sync.models import CertificateIssue, CertificateIssued, CertificatePrinted, EffectKind, Texts


@dataclass(frozen=True, slots=True)
class Drawn:
    """A signed document that is not in the register yet."""

    certificate: NewCertificate


@dataclass(frozen=True, slots=True)
class Stamp:
    """Number and verification code of a paper to be made; when, where and in which language it is asked for."""

    number: str
    code: str
    issued_at: datetime
    place: Texts
    lang: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What is there to be certified now: its kind, of whom, the name of the content, and how the office makes it."""

    kind: str
    person: PersonKey
    content_sha256: str
    made_by: Callable[[CertificateOffice, Stamp], IssuedDocument]


class IssueCertificate(Handler[CertificateIssue, Drawn]):
    """Certifies exactly what was shown, or nothing; of every kind there is."""

    kind: ClassVar[EffectKind] = EffectKind.CERTIFICATE_ISSUE
    model = CertificateIssue

    def __init__(
        self, office: CertificateOffice, rules: Rules, notices: MatterNotices, most_notices: int
    ) -> None:
        """``most_notices``: how many there may be that say the same."""
        self._office, self._rules = office, rules
        self._notices, self._most_notices = notices, most_notices

    def prepare(self, system: System, request: Request, data: CertificateIssue) -> Drawn:
        """Take a number, then draw, seal and sign; a repetition takes the same number."""
        notice = self._notice(request, data) if data.certificate == MATTER_NOTICE else None
        with system.write(request.terminal) as work:
            if not work.answers.take_turn(request.body.key):
                raise InProgress(request.body.key)
            shown = notice or self._shown(work.core, request, data)
            number = work.core.certificates.number_for(request.body.key)
            now, place = work.core.now, work.core.place
        stamp = Stamp(number, self._office.new_code(), now, place, request.body.lang)
        document = shown.made_by(self._office, stamp)
        return Drawn(
            NewCertificate(
                number=number,
                code=stamp.code,
                key=request.body.key,
                kind=shown.kind,
                person=shown.person,
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
        """Enter it in the register, if the record is still what was shown.

        A notice says how a matter stood; that it goes on while its sheet is drawn makes it no less true.
        """
        new = prepared.certificate
        if new.kind == MATTER_NOTICE:
            if len(core.certificates.issued(new.content_sha256)) >= self._most_notices:
                raise refuse("slipExchanged")
        else:
            self._shown(core, request, data)
        core.certificates.add(new)
        issued = CertificateIssued(
            number=new.number,
            code=new.code,
            pages=new.pages,
            pdf_sha256=new.pdf_sha256,
            verify_url=new.verify_url,
        )
        return accepted(issued, new.number)

    def _shown(self, core: Core, request: Request, data: CertificateIssue) -> Shown:
        if certificate_of(request.service) != data.certificate:
            raise refuse("notOfThisService")
        actor = authorise(core, request.body.subject, request.service)
        if data.certificate == IIT_RECORD:
            shown = _income_record(core, actor, data)
        else:
            sheet = kind_of(request.service).sheet(Case(core, actor, data, self._rules))
            shown = _of_sheet(sheet, actor.person.key)
        return _as_shown(shown, data)

    def _notice(self, request: Request, data: CertificateIssue) -> Shown:
        if request.service.id != SERVICE:
            raise refuse("notOfThisService")
        notice = self._notices.of(data.item or "", request.terminal)
        return _as_shown(_of_sheet(notice.sheet, notice.person), data)


def _as_shown(found: Shown, data: CertificateIssue) -> Shown:
    """Raises ``Refused`` when it is no longer what the person saw."""
    if found.content_sha256 != data.content_sha256:
        raise refuse("changedMeanwhile")
    return found


def _of_sheet(sheet: Sheet, person: PersonKey) -> Shown:
    def make(office: CertificateOffice, stamp: Stamp) -> IssuedDocument:
        return office.issue_sheet(
            SheetCertificate(
                number=stamp.number,
                code=stamp.code,
                sheet=sheet,
                issued_at=stamp.issued_at,
                place=stamp.place,
                lang=stamp.lang,
            )
        )

    return Shown(sheet.kind, person, content_sha256(sheet), make)


def _income_record(core: Core, actor: Actor, data: CertificateIssue) -> Shown:
    if data.first is None or data.last is None:
        raise refuse("periodWrong")
    person = actor.person
    shown = record(core, person, data.first, data.last)

    def make(office: CertificateOffice, stamp: Stamp) -> IssuedDocument:
        return office.issue_iit_record(
            IitCertificate(
                number=stamp.number,
                code=stamp.code,
                name=person.name,
                document_kind=person.key.kind.value,
                document_number=person.key.number,
                first=shown.first,
                last=shown.last,
                rows=tuple(shown.rows),
                total_income_fen=shown.total_income_fen,
                total_tax_fen=shown.total_tax_fen,
                content_sha256=shown.content_sha256,
                issued_at=stamp.issued_at,
                place=stamp.place,
                lang=stamp.lang,
            )
        )

    return Shown(IIT_RECORD, person.key, shown.content_sha256, make)


class CertificateOut(Simple[CertificatePrinted]):
    """Counts copies. One in doubt is not counted as delivered, but the copy after it is marked as a reprint."""

    kind: ClassVar[EffectKind] = EffectKind.CERTIFICATE_PRINTED
    model = CertificatePrinted

    def apply(self, core: Core, request: Request, data: CertificatePrinted, prepared: None) -> Outcome:
        """Keep what became of the copy; an electronic invoice's is kept with the invoice."""
        if core.certificates.pdf(data.number, request.terminal) is None:
            if core.einvoices.document(data.number, request.terminal) is not None:
                core.einvoices.printed(data.number, request.body.key, data.outcome, request.terminal)
                return accepted(reference=data.number)
            raise refuse("certificateUnknown")  # a terminal prints, and counts, what it was given alone
        core.certificates.printed(data.number, request.body.key, data.outcome, request.terminal, data.job)
        if data.outcome == "uncertain":
            core.cases.open("print-uncertain", data.number, {"terminal": request.terminal})
        return accepted(reference=data.number)
