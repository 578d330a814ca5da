"""The paper of a confirmed visit: sealed, entered in the register, put to the taxpayer; a copy by a link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from bureau.certificates.errors import RenderingError, TextLostError
from bureau.engine.einvoices.fetching import LINK_LIFE, SECRET_BYTES, secret_hash
from bureau.engine.inspecting import form as forms
from bureau.engine.inspecting import paper
from bureau.engine.inspecting.form import Signed
from bureau.engine.inspecting.known import head_of
from bureau.engine.inspecting.recording import Met, at, noted, there
from bureau.engine.serving import documents
from bureau.engine.sheets.drawing import Stamp, of_sheet, to_register
from bureau.errors import InspectionRefused
from bureau.ports.certificates import CertificateLink
from bureau.ports.core import Core
from bureau.ports.documents import NewDocument
from bureau.ports.inspections import Inspection
from bureau.ports.materials import Vault
from bureau.ports.office import CertificateOffice, Sheet, SheetCertificate
from bureau.ports.registration import PersonKey
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.ids import uuid7

LANGUAGE = "zh-CN"
"""Of the paper; what is asked and chosen on it is told in Chinese."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where the taxpayer's phone fetches the paper, once, until then."""

    url: str
    until: datetime


def issue(system: System, office: CertificateOffice, vault: Vault, number: str, officer: str) -> Inspection:
    """Seal and enter the paper of a visit that both officers confirmed; one that is issued stays as it is.

    It is drawn outside of any transaction. Raises ``InspectionRefused``, and ``CertificateError`` when nothing could be
    drawn or sealed: nothing is issued then, and it can be tried again.
    """
    with system.read() as work:
        inspection = there(work.core, number)
        if inspection.state == "issued":
            return inspection
        drawn, head = _drawn(work.core, vault, inspection)
        stamp = Stamp(number, office.new_code(), work.core.now, say("inspection.place"), LANGUAGE)
    shown = replace(of_sheet(drawn, head), taxpayer=inspection.taxpayer)
    document = shown.made_by(office, stamp)
    with system.write() as work:
        core = work.core
        now = there(core, number, lock=True)
        if now.state == "issued":
            return now
        core.certificates.add(to_register(shown, stamp, document, number, core.terminal))
        served = _served(core, now, drawn)
        done = replace(now, state="issued", issued_at=stamp.issued_at, document=served)
        core.inspections.change(done)
        return noted(core, done, officer, "issued", {})


def tried(
    system: System, office: CertificateOffice, vault: Vault, number: str, met: Met | None = None
) -> None:
    """Draw what is about to be signed or confirmed, and keep nothing: what no font has is told while it can be mended.

    ``met`` is about to sign, or to refuse. Raises ``InspectionRefused``.
    """
    with system.read() as work:
        inspection = there(work.core, number)
        form, pictures = forms.opened(work.core, vault, number), work.core.inspections.pictures(number)
        if form is None or forms.missing(forms.kind_of(inspection), form, len(pictures)):
            return  # what is missing is told by who is asked to confirm it
        now = work.core.now
        if met is not None:
            signed = Signed(name=met.name, capacity=met.capacity, refusal=met.refusal, at=now, officer="")
            form = form.model_copy(update={"signed": signed})
        drawn = paper.sheet(inspection, form, pictures)
    stamp = Stamp(number, office.new_code(), now, say("inspection.place"), LANGUAGE)
    try:
        office.issue_sheet(
            SheetCertificate(stamp.number, stamp.code, drawn, stamp.issued_at, stamp.place, stamp.lang)
        )
    except (RenderingError, TextLostError) as error:
        raise InspectionRefused("undrawn", f"the record cannot be drawn: {error}") from error


def link(core: Core, public_url: str, number: str) -> Link:
    """A link by which the paper is fetched once, for the phone of whoever was visited; raises ``InspectionRefused``."""
    at(core, number, "issued")
    secret, key = secrets.token_urlsafe(SECRET_BYTES), uuid7()
    until = core.now + LINK_LIFE
    core.certificates.add_link(CertificateLink(key, secret_hash(secret), number, until))
    return Link(f"{public_url.rstrip('/')}/k/{key}.{secret}", until)


def _drawn(core: Core, vault: Vault, inspection: Inspection) -> tuple[Sheet, PersonKey]:
    """What is to be sealed, if it is exactly what both confirmed, and whom the register has it under."""
    if inspection.state != "confirmed":
        raise InspectionRefused(
            "state", f"{inspection.number} is {inspection.state}: both officers confirm it first"
        )
    form, pictures = (
        forms.opened(core, vault, inspection.number),
        core.inspections.pictures(inspection.number),
    )
    taxpayer = core.registration.taxpayer(inspection.taxpayer)
    assert form is not None and taxpayer is not None, "it was confirmed, and nobody leaves the register"
    if forms.whole(inspection, form, pictures) != inspection.content_sha256:
        raise InspectionRefused("revised", "what is kept is not what both confirmed: have the store examined")
    head = head_of(core, taxpayer)
    if head is None:
        raise InspectionRefused("nobody", f"nobody is on record who answers for {inspection.taxpayer}")
    return paper.sheet(inspection, form, pictures), head.key


def _served(core: Core, inspection: Inspection, drawn: Sheet) -> str:
    """The copy that waits to be signed for at any terminal; empty where nobody was met."""
    outcome = forms.kind_of(inspection).outcomes[inspection.outcome]
    taxpayer = core.registration.taxpayer(inspection.taxpayer)
    if outcome.absent or taxpayer is None:
        return ""
    by = f"{inspection.first_name}、{inspection.second_name}"
    new = NewDocument(inspection.taxpayer, drawn.title, paper.paragraphs(drawn), by)
    return documents.put(core, taxpayer, new).document
