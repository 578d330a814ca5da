"""The register of certificates and of every copy that came out of a printer."""

from __future__ import annotations

from sqlalchemy import select

from bureau.engine.reference.context import Context, Type
from bureau.facts import CertificateRecord, NewCertificate
from bureau.store import tables


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
            )
        )

    def record(self, number: str) -> CertificateRecord | None:
        """The entry."""
        t = tables.certificate
        row = self._context.connection.execute(select(t).where(t.c.number == number)).one_or_none()
        if row is None:
            return None
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
        )

    def pdf(self, number: str, terminal: str) -> bytes | None:
        """The signed document, for the terminal that issued it and no other."""
        t = tables.certificate
        query = select(t.c.pdf).where(t.c.number == number, t.c.terminal == terminal)
        return self._context.connection.execute(query).scalar()

    def printed(self, number: str, key: str, outcome: str, terminal: str) -> int:
        """Keep what became of a copy and count it when it came out; how many came out so far."""
        t, prints, connection = tables.certificate, tables.certificate_print, self._context.connection
        copies = connection.execute(
            select(t.c.copies).where(t.c.number == number).with_for_update()
        ).scalar_one()
        connection.execute(
            prints.insert().values(
                number=number, key=key, outcome=outcome, terminal=terminal, at=self._context.now
            )
        )
        if outcome == "printed":
            copies += 1
            connection.execute(t.update().where(t.c.number == number).values(copies=copies))
        return int(copies)
