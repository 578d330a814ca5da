"""The register of certificates and of every copy that came out of a printer."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from bureau.engine.reference.context import Context, Type
from bureau.errors import CopiesSpent
from bureau.ports.certificates import CertificateCopy, CertificateRecord, NewCertificate
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

    def issued(self, content_sha256: str) -> list[str]:
        """The numbers of the certificates that say exactly this, the earliest first."""
        t = tables.certificate
        query = select(t.c.number).where(t.c.content_sha256 == content_sha256).order_by(t.c.number)
        return list(self._context.connection.execute(query).scalars())

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

    def copy(self, number: str, job: str, terminal: str, most: int) -> CertificateCopy | None:
        """The copy for one print job: the same however often it is asked; None as for ``pdf``.

        Raises ``CopiesSpent`` for one more than ``most``.
        """
        t, copies, connection = tables.certificate, tables.certificate_copy, self._context.connection
        # The certificate's row is the lock under which copies get their numbers.
        certificate = connection.execute(
            select(t).where(t.c.number == number, t.c.terminal == terminal).with_for_update()
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
