"""The register of certificates and their copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import ConfigDict

from bureau.ports.registration import PersonKey

IN_JSON = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
"""How bytes are written where a port is carried as JSON."""


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate in the register. ``frozen`` is what the office gave at issue."""

    __pydantic_config__ = IN_JSON

    number: str
    code: str
    kind: str
    issued_at: datetime
    content_sha256: str
    pdf_sha256: str
    pages: int
    copies: int
    state: Literal["valid", "revoked"]
    frozen: bytes


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """An issued certificate to be entered in the register."""

    __pydantic_config__ = IN_JSON

    number: str
    code: str
    key: str
    kind: str
    person: PersonKey
    terminal: str
    content_sha256: str
    frozen: bytes
    pdf: bytes
    pdf_sha256: str
    pages: int
    verify_url: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateCopy:
    """One copy of a certificate, given out for one print job.

    ``copy`` counts from 1; ``at`` is when it was first asked for. ``pdf`` is None until a reprint is sealed.
    """

    __pydantic_config__ = IN_JSON

    number: str
    code: str
    frozen: bytes
    copy: int
    at: datetime
    pdf: bytes | None


class Certificates(Protocol):
    """The register of certificates and their copies."""

    def number_for(self, key: str) -> str:
        """The number (字轨号码) for the effect with this key: the same however often it is asked."""
        ...

    def add(self, certificate: NewCertificate) -> None:
        """Enter an issued certificate."""
        ...

    def issued(self, content_sha256: str) -> list[str]:
        """The numbers of the certificates that say exactly this, the earliest first."""
        ...

    def record(self, number: str) -> CertificateRecord | None:
        """The entry."""
        ...

    def pdf(self, number: str, terminal: str) -> bytes | None:
        """The signed document, for the terminal that issued it and no other."""
        ...

    def copy(self, number: str, job: str, terminal: str, most: int) -> CertificateCopy | None:
        """The copy for one print job: the same however often it is asked; None as for ``pdf``.

        Raises ``CopiesSpent`` for one more than ``most``.

        Every other job counts that is not known to have left the paper blank, so what may be a second sheet is
        never given out as the first.
        """
        ...

    def sealed(self, number: str, job: str, pdf: bytes) -> bytes:
        """Keep the file of a reprint; what is kept, which is an earlier one if there was one."""
        ...

    def printed(self, number: str, key: str, outcome: str, terminal: str, job: str | None) -> int:
        """Keep what became of a print job (its key, if told) and count what came out; how many so far."""
        ...
