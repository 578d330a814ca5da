"""``certificate.issue`` and ``certificate.printed``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from bureau.engine.departing import form
from bureau.engine.departing.travellers import traveller
from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.sheets.drawing import Shown, Stamp, as_shown, of_sheet, of_wish, to_register
from bureau.engine.sheets.kinds import certificate_of
from bureau.engine.sheets.matter_notices import MATTER_NOTICE, SERVICE, MatterNotices
from bureau.engine.subjects import authorise, person_key
from bureau.errors import InProgress
from bureau.ports.certificates import CertificateRecord, NewCertificate
from bureau.ports.core import Core
from bureau.ports.office import CertificateOffice
from bureau.ports.system import System
from sync.models import CertificateIssue, CertificateIssued, CertificatePrinted, EffectKind


@dataclass(frozen=True, slots=True)
class Drawn:
    """A signed document that is not in the register yet; None: there is one of this thing already."""

    certificate: NewCertificate | None


class IssueCertificate(Handler[CertificateIssue, Drawn]):
    """Certifies exactly what was shown, or nothing; of every kind there is.

    Of what is certified once alone the one that there is is let out again: its next print is marked as a copy.
    """

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
            if shown.original is not None and work.core.certificates.original(shown.original) is not None:
                return Drawn(None)
            number = work.core.certificates.number_for(request.body.key)
            now, place = work.core.now, work.core.place
        stamp = Stamp(number, self._office.new_code(), now, place, request.body.lang)
        document = shown.made_by(self._office, stamp)
        return Drawn(to_register(shown, stamp, document, request.body.key, request.terminal))

    def apply(self, core: Core, request: Request, data: CertificateIssue, prepared: Drawn) -> Outcome:
        """Enter it in the register, if the record is still what was shown.

        A notice says how a matter stood; that it goes on while its sheet is drawn makes it no less true.
        """
        new = prepared.certificate
        if data.certificate == MATTER_NOTICE:
            assert new is not None, "a notice is drawn each time"
            if len(core.certificates.issued(new.content_sha256)) >= self._most_notices:
                raise refuse("slipExchanged")
        else:
            shown = self._shown(core, request, data)
            if shown.original is not None:
                there = core.certificates.original(shown.original, lock=True)
                if there is not None:
                    return let_out(core, request, there)
        if new is None:
            raise refuse("changedMeanwhile")  # the one that there was has ended meanwhile
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
        if data.certificate == form.DEPARTURE_FORM:
            return as_shown(self._departure(core, request, data), data.content_sha256)
        actor = authorise(core, request.body.subject, request.service)
        return as_shown(of_wish(core, actor, data.certificate, data, self._rules), data.content_sha256)

    def _departure(self, core: Core, request: Request, data: CertificateIssue) -> Shown:
        """The form of a traveller's own application, of which there is one."""
        who = traveller(core, request.body.subject, request.service)
        found = form.own_application(core, who, data.item or "")
        original = f"{form.DEPARTURE_FORM}/{found.application}"
        return replace(of_sheet(form.sheet(found), person_key(who)), original=original)

    def _notice(self, request: Request, data: CertificateIssue) -> Shown:
        if request.service.id != SERVICE:
            raise refuse("notOfThisService")
        notice = self._notices.of(data.item or "", request.terminal)
        return as_shown(of_sheet(notice.sheet, notice.person), data.content_sha256)


def let_out(core: Core, request: Request, number: str) -> Outcome:
    """The certificate that there is, for this terminal to print or to send."""
    core.certificates.let_out(number, request.body.key, request.terminal)
    record = core.certificates.record(number)
    assert record is not None, "a certificate never leaves the register"
    return accepted(issued_of(record), number)


def issued_of(record: CertificateRecord) -> CertificateIssued:
    """An entry of the register on the wire."""
    return CertificateIssued(
        number=record.number,
        code=record.code,
        pages=record.pages,
        pdf_sha256=record.pdf_sha256,
        verify_url=record.verify_url,
    )


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
