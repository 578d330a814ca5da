"""The register of certificates and their copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from pydantic import ConfigDict

from bureau.ports.registration import PersonKey

IN_JSON = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
"""How bytes are written where a port is carried as JSON."""


CertificateState = Literal["valid", "replaced", "void"]
EndReason = Literal["replaced", "wrong", "corrected", "lost", "improper"]
"""Why a certificate is no longer valid: another took its place (换开), it was wrong (开具错误), what it says was
corrected (数据更正), it was lost (遗失), or should not have been given (不应开具)."""


@dataclass(frozen=True, slots=True)
class CertificateEnd:
    """How a certificate ended: replaced by its ``successor``, or void (作废) by the word of two officers.

    ``note`` is for the bureau alone; ``officer`` and ``second`` are empty where a person had it replaced.
    """

    state: Literal["replaced", "void"]
    reason: EndReason
    at: datetime
    successor: str = ""
    officer: str = ""
    second: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate in the register. ``frozen`` is what the office gave at issue.

    ``person`` had it issued, in their own name where ``taxpayer`` is None. ``asked`` is of what it is, by which it
    can be drawn anew (the wire's ``CertificateWish`` with the kind's name); None for those issued before it was kept.
    ``ended`` is there once it is no longer valid.
    """

    __pydantic_config__ = IN_JSON

    number: str
    code: str
    kind: str
    issued_at: datetime
    content_sha256: str
    pdf_sha256: str
    pages: int
    copies: int
    state: CertificateState
    frozen: bytes
    verify_url: str = ""
    person: PersonKey | None = None
    taxpayer: str | None = None
    asked: Mapping[str, Any] | None = None
    ended: CertificateEnd | None = None


@dataclass(frozen=True, slots=True)
class CertificateChange:
    """Why a valid certificate does not hold any more as it stands.

    Tax was given back (``refunded``: how much, on ``day``, by the refund ``number``), or the return that it copies was
    ``corrected`` (by the return ``number``, whose tax is ``amount_fen``) or ``withdrawn``. ``day`` None and an empty
    ``number``: not known.
    """

    what: Literal["refunded", "corrected", "withdrawn"]
    day: date | None
    number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """An issued certificate to be entered in the register; ``taxpayer`` and ``asked`` as in its record.

    ``original`` names the one thing of which there is one valid certificate at most; None: there may be several.
    """

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
    taxpayer: str | None = None
    asked: Mapping[str, Any] | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateLink:
    """A link under which a certificate's file is fetched once. The secret in it is kept as its hash alone."""

    key: str
    secret_sha256: str
    number: str
    expires_at: datetime


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

    def record(self, number: str, lock: bool = False) -> CertificateRecord | None:
        """The entry; with ``lock`` nobody else ends it until the transaction ends."""
        ...

    def held(self, person: PersonKey, taxpayer: str | None, limit: int) -> Sequence[CertificateRecord]:
        """The latest ``limit`` that are of the taxpayer, or else the person's own, the latest first."""
        ...

    def original(self, original: str, lock: bool = False) -> str | None:
        """The number of the valid certificate of that one thing; with ``lock`` nobody else enters one meanwhile."""
        ...

    def end(self, number: str, end: CertificateEnd) -> bool:
        """It is valid no longer; False, and nothing is changed, when it was not valid any more."""
        ...

    def let_out(self, number: str, key: str, terminal: str) -> None:
        """From now on this terminal is given its file as well: it was asked for there by the effect with this key."""
        ...

    def add_link(self, link: CertificateLink) -> None:
        """Keep a link under which its file is fetched once."""
        ...

    def linked(self, key: str) -> CertificateLink | None:
        """The link that the effect with this key made, if it can still be used: not fetched and not expired."""
        ...

    def fetch(self, key: str) -> bytes | None:
        """Its file as it was issued, and the link is used up; None as ``linked``, or when somebody was faster."""
        ...

    def pdf(self, number: str, terminal: str) -> bytes | None:
        """The signed document, for the terminal that issued it or had it let out, and no other."""
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
