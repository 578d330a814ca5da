"""The register of issued invoices (已开具发票): fully digital ones (数电票) and older ones with a code, alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey


def invoice_id(code: str, number: str) -> str:
    """What tells an invoice from all others: ``099002600104-00270001``, and of a 数电票 its 20 digits alone."""
    return f"{code}-{number}" if code else number


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line (明细): what was sold, how many of it, without tax, at which rate, and its tax; in fen.

    ``rate`` is a part of one, ``0.01``; empty: free of tax.
    """

    name: str
    unit: str
    quantity: str
    net_fen: int
    rate: str
    tax_fen: int


BookedAs = Literal["deducted", "not-deducted", "withdrawn"]
"""How an enterprise has an invoice in its books: deducted from its income (企业所得税税前扣除) or not, or no longer."""
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Booking:
    """A mark (入账标识) that an enterprise made on an invoice: ``how`` it is booked, or that it no longer is."""

    taxpayer: str
    how: BookedAs
    on: date
    case: str


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """An invoice as issued; the sums of a red-letter one (红字) are negative.

    ``code`` is empty for a 数电票. ``check_code`` (校验码) is on ordinary paper alone. ``red_of`` is the invoice that
    a red-letter one takes back, ``taken_back_fen`` what red-letter ones took back of this one, with tax. ``remark``
    (备注) stands on it; the bureau's own words on one that it issued for somebody (代开). ``bookings`` are the marks of
    those in whose books it is or was, the oldest first; a core that keeps none tells none.
    """

    code: str
    number: str
    kind: Literal["ordinary", "special"]
    issued_on: date
    seller: str
    seller_name: str
    buyer: str
    buyer_number: str
    net_fen: int
    tax_fen: int
    state: Literal["valid", "void", "red"]
    check_code: str
    red_of: str
    lines: tuple[InvoiceLine, ...]
    taken_back_fen: int = 0
    remark: str = ""
    bookings: tuple[Booking, ...] = ()

    def mark_of(self, taxpayer: str) -> Booking | None:
        """How the enterprise has it in its books; None where it has not, or no longer."""
        last = next((one for one in reversed(self.bookings) if one.taxpayer == taxpayer), None)
        return last if last is not None and last.how != WITHDRAWN else None

    @property
    def booked(self) -> tuple[Booking, ...]:
        """The marks that stand, one of each enterprise, the oldest first."""
        marks = [self.mark_of(taxpayer) for taxpayer in dict.fromkeys(one.taxpayer for one in self.bookings)]
        return tuple(sorted((one for one in marks if one is not None), key=lambda one: one.on))

    @property
    def id(self) -> str:
        """How it is told from all others."""
        return invoice_id(self.code, self.number)

    @property
    def total_fen(self) -> int:
        """价税合计."""
        return self.net_fen + self.tax_fen

    @property
    def left_fen(self) -> int:
        """What no red-letter invoice has taken back yet, with tax; nothing of a void or red-letter one."""
        return self.total_fen - self.taken_back_fen if self.state == "valid" else 0


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice as a sealed file that is printed at one terminal; ``key`` is that of the effect that made it."""

    __pydantic_config__ = IN_JSON

    document: str
    key: str
    invoice: IssuedInvoice
    terminal: str
    person: PersonKey
    pdf: bytes
    pdf_sha256: str
    pages: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceLink:
    """A link to an invoice's files. The secret in it is kept as its hash alone."""

    key: str
    secret_sha256: str
    code: str
    number: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedDay:
    """How many invoices were issued on a day."""

    day: date
    count: int


class EInvoices(Protocol):
    """Finds issued invoices, counts how often each is checked, and keeps the files of those that are printed."""

    def find(self, code: str, number: str) -> IssuedInvoice | None:
        """The invoice; ``code`` is empty for a 数电票."""
        ...

    def checked(self, invoice: str) -> int:
        """Count one more check of this invoice today, whether there is one or not; how many there were."""
        ...

    def lock(self, invoice: IssuedInvoice) -> IssuedInvoice:
        """The invoice as it stands now; nobody else takes of it until the transaction ends."""
        ...

    def taken_back(self, invoice: str) -> tuple[int, int]:
        """Net and tax that red-letter invoices took back of it, in fen, both not negative."""
        ...

    def next_digital(self) -> str:
        """A number of 20 digits that no invoice has: year, area, channel of terminals, day and running number."""
        ...

    def confirmation_for(self, key: str) -> str:
        """The number of the red-letter confirmation (红字确认单) that the effect with this key makes."""
        ...

    def add(self, invoice: IssuedInvoice) -> None:
        """Enter an invoice that is issued now."""
        ...

    def book(self, number: str, booking: Booking) -> None:
        """Add the enterprise's mark to the 数电票 of this number; earlier marks stay."""
        ...

    def add_link(self, link: InvoiceLink) -> None:
        """Keep a link under which the invoice's files are fetched once."""
        ...

    def linked(self, key: str) -> InvoiceLink | None:
        """The link that the effect with this key made, if it can still be used: not fetched and not expired."""
        ...

    def fetched(self, key: str) -> bool:
        """Use the link up; False when somebody else did so meanwhile, or it has expired."""
        ...

    def document_for(self, key: str) -> str:
        """The number of the document that the effect with this key makes: the same however often it is asked."""
        ...

    def add_document(self, document: InvoiceDocument) -> None:
        """Keep an invoice's file that is to be printed."""
        ...

    def document(self, document: str, terminal: str) -> bytes | None:
        """The sealed file, for the terminal it was made for and no other."""
        ...

    def printed(self, document: str, key: str, outcome: str, terminal: str) -> None:
        """Keep what became of a print job, by the key of the effect that tells it."""
        ...

    def issued(self, taxpayer: str, first: date, last: date, limit: int) -> Sequence[IssuedInvoice]:
        """The latest ``limit`` invoices that the taxpayer issued from ``first`` to ``last``, the latest first."""
        ...

    def issued_days(self, taxpayer: str, since: date) -> Sequence[IssuedDay]:
        """The days on which the taxpayer issued any, from ``since`` on, the latest first."""
        ...


@dataclass(frozen=True, slots=True)
class InvoiceFiles:
    """An invoice as files: the structured original, OFD with it attached, and a sealed PDF to be printed."""

    xml: bytes
    ofd: bytes
    pdf: bytes
    pages: int


class InvoiceOffice(Protocol):
    """Makes the files of an invoice; touches no records. Takes a few hundred milliseconds."""

    def invoice_files(self, invoice: IssuedInvoice, at: datetime) -> InvoiceFiles:
        """The files, sealed ``at``; raises ``bureau.certificates.errors.CertificateError`` when none were made."""
        ...
