"""What is there to be certified now, and how the office makes the paper of it; also what replaces a paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bureau.engine.records import record
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.sheets.base import Case, content_sha256, preview
from bureau.engine.sheets.incomes import incomes_shown
from bureau.engine.sheets.kinds import IIT_RECORD, KINDS
from bureau.engine.subjects import Actor
from bureau.ports.certificates import NewCertificate
from bureau.ports.core import Core
from bureau.ports.office import (
    CertificateOffice,
    IitCertificate,
    IssuedDocument,
    Sheet,
    SheetCertificate,
    SheetFact,
)
from bureau.ports.registration import PersonKey
from bureau.texts import say
from sync.models import CertificatePreview, CertificateWish, Texts


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
    """What is there to be certified now: its kind, of whom, the name of the content, how it is made and shown.

    ``asked`` is of what it is, with the certificate's name, by which it can be drawn anew. ``original``: the one thing
    of which there is one valid certificate at most; None where there may be several.
    """

    kind: str
    person: PersonKey
    content_sha256: str
    made_by: Callable[[CertificateOffice, Stamp], IssuedDocument]
    preview: Callable[[], CertificatePreview]
    taxpayer: str | None = None
    asked: dict[str, str] | None = None
    original: str | None = None


def of_wish(
    core: Core, actor: Actor, certificate: str, wish: CertificateWish, rules: Rules, replaces: str = ""
) -> Shown:
    """The certificate of that name as it would be issued now, in place of the number it ``replaces``.

    Raises ``Refused``.
    """
    more = replaced_fact(replaces) if replaces else ()
    asked = wish.model_dump(mode="json", include=set(CertificateWish.model_fields), exclude_none=True)
    asked["certificate"] = certificate
    if certificate == IIT_RECORD:
        return replace(_income_record(core, actor, wish, more), asked=asked)
    kind = KINDS.get(certificate)
    if kind is None:
        raise refuse("notOfThisService")
    sheet = kind.sheet(Case(core, actor, wish, rules))
    shown = of_sheet(replace(sheet, facts=(*sheet.facts, *more)), actor.person.key)
    return replace(
        shown,
        taxpayer=actor.enterprise.taxpayer if actor.role is not None else None,
        asked=asked,
        original=f"{certificate}/{wish.item}" if kind.single else None,
    )


def replaced_fact(number: str) -> tuple[SheetFact, ...]:
    """The line by which a certificate names the one that it replaces (换开): that number is void."""
    return (
        SheetFact(say("certificate.fact.replaces"), say("certificate.replaces", number=number), wide=True),
    )


def of_sheet(sheet: Sheet, person: PersonKey) -> Shown:
    """A sheet in the centre's words."""

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

    return Shown(sheet.kind, person, content_sha256(sheet), make, lambda: preview(sheet))


def as_shown(found: Shown, sha256: str) -> Shown:
    """Raises ``Refused`` when it is no longer what the person saw."""
    if found.content_sha256 != sha256:
        raise refuse("changedMeanwhile")
    return found


def to_register(
    shown: Shown, stamp: Stamp, document: IssuedDocument, key: str, terminal: str
) -> NewCertificate:
    """The finished paper as an entry of the register."""
    return NewCertificate(
        number=stamp.number,
        code=stamp.code,
        key=key,
        kind=shown.kind,
        person=shown.person,
        terminal=terminal,
        content_sha256=shown.content_sha256,
        frozen=document.frozen,
        pdf=document.pdf,
        pdf_sha256=document.pdf_sha256,
        pages=document.pages,
        verify_url=document.verify_url,
        issued_at=stamp.issued_at,
        taxpayer=shown.taxpayer,
        asked=shown.asked,
        original=shown.original,
    )


def _income_record(core: Core, actor: Actor, wish: CertificateWish, more: tuple[SheetFact, ...]) -> Shown:
    if wish.first is None or wish.last is None:
        raise refuse("periodWrong")
    person = actor.person
    shown = record(core, person, wish.first, wish.last)

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
                more=more,
            )
        )

    return Shown(
        IIT_RECORD, person.key, shown.content_sha256, make, lambda: incomes_shown(person, shown, more)
    )
