"""The file of a document that goes to a printer: of a certificate every copy behind the first is marked a reprint.

An electronic invoice is printed as its file is: whoever prints it may print it again.
"""

from __future__ import annotations

from bureau.ports.office import CertificateOffice
from bureau.ports.system import System


class Copies:
    """Gives each print job its copy. Thread-safe; a reprint is drawn outside of any transaction."""

    def __init__(self, system: System, office: CertificateOffice, most: int) -> None:
        """``most`` is how often one certificate is printed; what may be a sheet counts."""
        self._system, self._office, self._most = system, office, most

    def first(self, number: str, terminal: str) -> bytes | None:
        """The file as it was issued, to be kept and not printed; None when it was not issued at ``terminal``."""
        with self._system.read(terminal) as work:
            core = work.core
            return core.certificates.pdf(number, terminal) or core.einvoices.document(number, terminal)

    def for_job(self, number: str, job: str, terminal: str) -> bytes | None:
        """The file for the print job with this key, the same however often it is asked; None as ``first``.

        Raises ``bureau.errors.CopiesSpent`` when there is no further copy, and
        ``bureau.certificates.errors.CertificateError`` when a reprint could not be drawn or sealed; the
        same job may ask again.
        """
        with self._system.write(terminal) as work:
            copy = work.core.certificates.copy(number, job, terminal, self._most)
            if copy is None:
                return work.core.einvoices.document(number, terminal)
        if copy.pdf is not None:
            return copy.pdf
        drawn = self._office.reprint(copy.frozen, number, copy.code, copy.copy, copy.at)
        with self._system.write(terminal) as work:
            return work.core.certificates.sealed(number, job, drawn.pdf)
