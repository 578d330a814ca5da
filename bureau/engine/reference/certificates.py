"""The register of certificates and of every copy that came out of a printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from bureau.engine.reference.context import Context, Type
from bureau.errors import CopiesSpent
from bureau.ports.certificates import (
    CertificateCopy,
    CertificateEnd,
    CertificateLink,
    CertificateRecord,
    NewCertificate,
)
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceCertificates:
    """Implements ``Certificates``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def number_for(self, key: str) -> str:
        """The number for the effect with this key: the same however often it is asked."""
        return self._context.number_for(Type.CERTIFICATE, f"certificate:{key}")

    def add(self, certificate: NewCertificate) -> None:
        """Enter an issued certificate."""
        c = certificate
        self._context.connection.execute(
            tables.certificate.insert().values(
                number=c.number,
                code=c.code,
                key=c.key,
                kind=c.kind,
                person_kind=c.person.kind.value,
                person_number=c.person.number,
                terminal=c.terminal,
                content_sha256=c.content_sha256,
                frozen=c.frozen,
                pdf=c.pdf,
                pdf_sha256=c.pdf_sha256,
                pages=c.pages,
                copies=0,
                verify_url=c.verify_url,
                issued_at=c.issued_at,
                state="valid",
                taxpayer=c.taxpayer,
                asked=None if c.asked is None else dict(c.asked),
                original=c.original,
            )
        )

    def issued(self, content_sha256: str) -> list[str]:
        """The numbers of the certificates that say exactly this, the earliest first."""
        t = tables.certificate
        query = select(t.c.number).where(t.c.content_sha256 == content_sha256).order_by(t.c.number)
        return list(self._context.connection.execute(query).scalars())

    def record(self, number: str, lock: bool = False) -> CertificateRecord | None:
        """The entry; with ``lock`` nobody else ends it until the transaction ends."""
        t = tables.certificate
        if lock:
            self._context.connection.execute(select(t.c.number).where(t.c.number == number).with_for_update())
        row = self._context.connection.execute(_entries().where(t.c.number == number)).one_or_none()
        return None if row is None else _record(row)

    def held(self, person: PersonKey, taxpayer: str | None, limit: int) -> Sequence[CertificateRecord]:
        """The latest ``limit`` that are of the taxpayer, or else the person's own, the latest first."""
        t = tables.certificate
        own = (t.c.person_kind == person.kind.value) & (t.c.person_number == person.number)
        mine = own & t.c.taxpayer.is_(None) if taxpayer is None else t.c.taxpayer == taxpayer
        query = _entries().where(mine).order_by(t.c.issued_at.desc(), t.c.number.desc()).limit(limit)
        return [_record(row) for row in self._context.connection.execute(query)]

    def original(self, original: str, lock: bool = False) -> str | None:
        """The number of the valid certificate of that one thing; with ``lock`` nobody else enters one meanwhile."""
        t = tables.certificate
        if lock:
            self._context.hold(f"certificate of {original}")
        query = select(t.c.number).where(t.c.original == original, t.c.state == "valid")
        return self._context.connection.execute(query).scalar()

    def end(self, number: str, end: CertificateEnd) -> bool:
        """It is valid no longer; False, and nothing is changed, when it was not valid any more."""
        t, connection = tables.certificate, self._context.connection
        ended = t.update().where(t.c.number == number, t.c.state == "valid").values(state=end.state)
        if connection.execute(ended).rowcount != 1:
            return False
        values = {**asdict(end), "number": number, "successor": end.successor or None}
        values.pop("state")  # the certificate's own
        connection.execute(tables.certificate_end.insert().values(**values))
        return True

    def let_out(self, number: str, key: str, terminal: str) -> None:
        """From now on this terminal is given its file as well."""
        self._context.connection.execute(
            tables.certificate_let_out.insert().values(
                key=key, number=number, terminal=terminal, at=self._context.now
            )
        )

    def add_link(self, link: CertificateLink) -> None:
        """Keep a link under which its file is fetched once."""
        self._context.connection.execute(tables.certificate_link.insert().values(**asdict(link)))

    def linked(self, key: str) -> CertificateLink | None:
        """The link that the effect with this key made, if it can still be used."""
        t = tables.certificate_link
        row = self._context.connection.execute(select(t).where(t.c.key == key, *self._usable())).one_or_none()
        return (
            None if row is None else CertificateLink(row.key, row.secret_sha256, row.number, row.expires_at)
        )

    def fetch(self, key: str) -> bytes | None:
        """Its file as it was issued, and the link is used up; None as ``linked``."""
        t, connection = tables.certificate_link, self._context.connection
        used = t.update().where(t.c.key == key, *self._usable()).values(fetched_at=self._context.now)
        if connection.execute(used).rowcount != 1:
            return None
        certificate = tables.certificate
        query = select(certificate.c.pdf).join(t, t.c.number == certificate.c.number).where(t.c.key == key)
        return bytes(connection.execute(query).scalar_one())

    def _usable(self) -> tuple[ColumnElement[bool], ...]:
        t = tables.certificate_link
        return (t.c.fetched_at.is_(None), t.c.expires_at > self._context.now)

    def pdf(self, number: str, terminal: str) -> bytes | None:
        """The signed document, for the terminal that issued it or had it let out, and no other."""
        t = tables.certificate
        query = select(t.c.pdf).where(t.c.number == number, _given_to(terminal))
        return self._context.connection.execute(query).scalar()

    def copy(self, number: str, job: str, terminal: str, most: int) -> CertificateCopy | None:
        """The copy for one print job: the same however often it is asked; None as for ``pdf``.

        Raises ``CopiesSpent`` for one more than ``most``.
        """
        t, copies, connection = tables.certificate, tables.certificate_copy, self._context.connection
        # The certificate's row is the lock under which copies get their numbers.
        certificate = connection.execute(
            select(t).where(t.c.number == number, _given_to(terminal)).with_for_update()
        ).one_or_none()
        if certificate is None:
            return None
        mine = select(copies).where(copies.c.number == number, copies.c.job == job)
        row = connection.execute(mine).one_or_none()
        if row is None:
            told_blank = copies.c.outcome == "notPrinted"
            others = connection.execute(
                select(func.count()).where(
                    copies.c.number == number, or_(copies.c.outcome.is_(None), ~told_blank)
                )
            ).scalar_one()
            # Copies told of without their job (by earlier software) are in the certificate's own count.
            copy = max(others, certificate.copies) + 1
            if copy > most:
                raise CopiesSpent(number, most)
            connection.execute(
                copies.insert().values(
                    number=number,
                    job=job,
                    copy=copy,
                    terminal=terminal,
                    at=self._context.now,
                )
            )
            row = connection.execute(mine).one()
        pdf = certificate.pdf if row.copy == 1 else row.pdf
        return CertificateCopy(number, certificate.code, certificate.frozen, row.copy, row.at, pdf)

    def sealed(self, number: str, job: str, pdf: bytes) -> bytes:
        """Keep the file of a reprint; what is kept, which is an earlier one if there was one."""
        copies, connection = tables.certificate_copy, self._context.connection
        mine = (copies.c.number == number) & (copies.c.job == job)
        connection.execute(copies.update().where(mine, copies.c.pdf.is_(None)).values(pdf=pdf))
        return bytes(connection.execute(select(copies.c.pdf).where(mine)).scalar_one())

    def printed(self, number: str, key: str, outcome: str, terminal: str, job: str | None) -> int:
        """Keep what became of a print job (its key, if told) and count what came out; how many so far."""
        t, prints, connection = tables.certificate, tables.certificate_print, self._context.connection
        copies = connection.execute(
            select(t.c.copies).where(t.c.number == number).with_for_update()
        ).scalar_one()
        connection.execute(
            prints.insert().values(
                number=number, key=key, outcome=outcome, terminal=terminal, at=self._context.now
            )
        )
        if job is not None:
            given = tables.certificate_copy
            mine = (given.c.number == number) & (given.c.job == job)
            if outcome == "notPrinted":  # told late, after the copy was printed on a second try
                mine &= given.c.outcome.is_(None)
            connection.execute(given.update().where(mine).values(outcome=outcome))
        if outcome == "printed":
            copies += 1
            connection.execute(t.update().where(t.c.number == number).values(copies=copies))
        return int(copies)


def _entries() -> Select[Any]:
    """Certificates, each with how it ended, without their files."""
    t, e = tables.certificate, tables.certificate_end
    ends = [e.c[name].label(f"ended_{name}") for name in _END]
    kept = [column for column in t.c if column.name != "pdf"]
    return select(*kept, *ends).outerjoin(e, e.c.number == t.c.number)


_END = ("reason", "at", "successor", "officer", "second", "note")


def _record(row: Row[Any]) -> CertificateRecord:
    end = None
    if row.ended_at is not None:
        end = CertificateEnd(
            state=row.state,
            reason=row.ended_reason,
            at=row.ended_at,
            successor=row.ended_successor or "",
            officer=row.ended_officer,
            second=row.ended_second,
            note=row.ended_note,
        )
    return CertificateRecord(
        number=row.number,
        code=row.code,
        kind=row.kind,
        issued_at=row.issued_at,
        content_sha256=row.content_sha256,
        pdf_sha256=row.pdf_sha256,
        pages=row.pages,
        copies=row.copies,
        state=row.state,
        frozen=row.frozen,
        verify_url=row.verify_url,
        person=PersonKey(DocumentKind(row.person_kind), row.person_number),
        taxpayer=row.taxpayer,
        asked=row.asked,
        ended=end,
    )


def _given_to(terminal: str) -> ColumnElement[bool]:
    """Whether a certificate's file may go to this terminal."""
    t, out = tables.certificate, tables.certificate_let_out
    let = select(out.c.key).where(out.c.number == t.c.number, out.c.terminal == terminal)
    return or_(t.c.terminal == terminal, let.exists())
