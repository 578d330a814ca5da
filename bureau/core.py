"""The seams to the core tax system, which handlers use and the reference engine implements.

One ``Core`` is one transaction. What may go two ways is said by a typed exception of ``bureau.errors``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bureau.facts import (
    AcquirerOrder,
    Approval,
    CertificateCopy,
    CertificateRecord,
    Comparison,
    DueRecord,
    Filed,
    Filing,
    Income,
    Message,
    NewCertificate,
    NewOrder,
    Order,
    Person,
    PersonKey,
    Rating,
    Reservation,
    RoleHeld,
    Sales,
    Settlement,
    Slot,
    Taxpayer,
    WantedNumbers,
)
from kiosk.domain.people import Role
from sync.models import Notice, PaymentChannel, StockIn, StockMoved, Texts
from sync.stock_note import StockNote


class Registration(Protocol):
    """Who people and enterprises are, and who may act for whom."""

    def person(self, key: PersonKey) -> Person | None:
        """The person, when enrolled."""
        ...

    def roles(self, key: PersonKey, day: date) -> Sequence[RoleHeld]:
        """The roles the person holds on ``day``, by enterprise."""
        ...

    def taxpayer(self, taxpayer: str, *, lock: bool = False) -> Taxpayer | None:
        """The enterprise; with ``lock`` nothing else is decided about it until the transaction ends."""
        ...

    def staff(self, taxpayer: str, roles: Iterable[Role], day: date) -> Sequence[Person]:
        """The people who hold one of ``roles`` in the enterprise, for messages to it."""
        ...


class Returns(Protocol):
    """Income records, sales by the invoices known, returns, and what is due."""

    def income_months(self, key: PersonKey) -> Sequence[str]:
        """Months ``YYYY-MM`` with a record, ascending."""
        ...

    def income(self, key: PersonKey, first: str, last: str) -> Sequence[Income]:
        """The lines of those months, by month and item."""
        ...

    def sales(self, taxpayer: str, first: date, last: date) -> Sales:
        """Valid invoices issued from ``first`` to ``last``, both included."""
        ...

    def filed(self, taxpayer: str, tax: str, first: date, last: date) -> Filed | None:
        """The return of that period, when there is one."""
        ...

    def file(self, filing: Filing) -> Filed:
        """File it and open its dues; raises ``AlreadyFiled`` with the earlier one of the same period."""
        ...

    def dues(self, taxpayer: str) -> Sequence[DueRecord]:
        """What is still to be paid, earliest limit first."""
        ...

    def due(self, due: str) -> DueRecord | None:
        """One due, in whatever state."""
        ...

    def overdue(self, taxpayer: str, day: date) -> Sequence[DueRecord]:
        """Open dues whose limit has passed on ``day``."""
        ...


class Invoices(Protocol):
    """Approvals, stock by number, reservations and what became of them."""

    def approvals(self, taxpayer: str, day: date) -> Sequence[Approval]:
        """The kinds the enterprise may have on ``day``."""
        ...

    def collected(self, taxpayer: str, kind: str, first: date, last: date) -> int:
        """Sheets collected on those days."""
        ...

    def held(self, taxpayer: str, kind: str) -> int:
        """Sheets the enterprise holds unused, by verified data, with those reserved for it now."""
        ...

    def slot(self, place: str, unit: str) -> Slot | None:
        """The unit as the ledger has it; None when nothing was ever loaded there."""
        ...

    def reserve(self, wanted: WantedNumbers) -> Reservation:
        """Lock numbers; raises ``StockDiffers`` when others lie in front, ``StockShort``, ``SlotLocked``."""
        ...

    def reservation(self, reservation: str) -> Reservation | None:
        """The reservation, its numbers' code locked against other movements until the transaction ends."""
        ...

    def settle(self, reservation: Reservation, settlement: Settlement) -> str:
        """Move every number; the movement's number. Raises ``NumbersMoved`` when some are elsewhere."""
        ...

    def settled(self, reservation: Reservation) -> Settlement:
        """What a committed reservation was settled with."""
        ...

    def expire(self, now: datetime) -> int:
        """Put numbers of reservations that ran out back on hand; how many reservations."""
        ...

    def lock_slot(self, place: str, unit: str, reason: str) -> None:
        """Let a unit give nothing until somebody has counted it."""
        ...

    def dispute(self, reservation: Reservation) -> None:
        """Keep the reservation for a person to settle and lock its slot."""
        ...


class Handovers(Protocol):
    """Stock that changes cabinets by its signed paper."""

    def out(self, note: StockNote, paper: str) -> StockMoved:
        """Take what was counted out of the terminal's units; the same ``paper`` again changes nothing."""
        ...

    def take_up(self, note: StockNote, data: StockIn, terminal: str) -> tuple[StockMoved, str]:
        """Put what was found into the terminal's units; and the code of a refusal when nothing was."""
        ...

    def watch(self) -> int:
        """Open cases for what was not taken up, settled or told in its time."""
        ...


class Payments(Protocol):
    """Payment orders, their history, and the booking of money at most once."""

    def open(self, new: NewOrder) -> Order:
        """Write the order and hold its dues; raises ``DueTaken`` when another order holds or paid one."""
        ...

    def order(self, order: str, *, lock: bool = False) -> Order | None:
        """The order; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def by_key(self, key: str) -> Order | None:
        """The order made by the effect with this key."""
        ...

    def learn(self, order: Order, heard: AcquirerOrder, source: str) -> Order:
        """Take in what the acquirer says: the order moves at most forward, and approval books it once."""
        ...

    def doubt(self, order: Order, source: str, note: str) -> Order:
        """The acquirer gave no answer: the order is in doubt and is asked about again later."""
        ...

    def waiting(self, now: datetime, limit: int) -> Sequence[Order]:
        """Orders that should be asked about now: in doubt, or past their life and still open."""
        ...

    def in_doubt(self, day: date, channel: PaymentChannel) -> Sequence[Order]:
        """Unsettled orders, in doubt or left open, that can no more be paid after that day, in China."""
        ...

    def booked(self, day: date, channel: PaymentChannel) -> Sequence[Order]:
        """Approved orders that were paid on that day, in China."""
        ...

    def compared(self, comparison: Comparison) -> None:
        """Keep a day's comparison with the acquirer, in place of an earlier one."""
        ...

    def comparison_of(self, day: date) -> Comparison | None:
        """The last comparison of that day."""
        ...


class Certificates(Protocol):
    """The register of certificates and their copies."""

    def number_for(self, key: str) -> str:
        """The number (字轨号码) for the effect with this key: the same however often it is asked."""
        ...

    def add(self, certificate: NewCertificate) -> None:
        """Enter an issued certificate."""
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


class Cases(Protocol):
    """Matters that a person of the bureau has to look into."""

    def open(self, kind: str, reference: str, details: dict[str, object]) -> str:
        """The number of the case; the same kind and reference again is the same case."""
        ...


class Notices(Protocol):
    """What people are told: at sign-in, and by message to their phone."""

    def tell(self, person: Person, message: Message) -> str:
        """Give a notice to a person and send it to the phone on file; the notice's number."""
        ...

    def for_person(self, key: PersonKey, taxpayers: Iterable[str]) -> Sequence[Notice]:
        """Open notices of the person and of these enterprises: the earliest deadline first, then the newest."""
        ...

    def seen(self, notices: Iterable[str]) -> None:
        """A terminal has fetched these for the person; the first time counts."""
        ...

    def mended(self, matter: str) -> None:
        """What these notices asked for is done: nobody needs to hear of it any more."""
        ...

    def finish(self) -> int:
        """End notices that have been told for long enough, or whose deadline is long over; how many."""
        ...


class Ratings(Protocol):
    """好差评: what visitors thought."""

    def rate(self, rating: Rating) -> None:
        """Keep it."""
        ...

    def rated(self, item: str) -> bool:
        """Whether the item was rated before: one rating an item."""
        ...


class Core(Protocol):
    """Everything of the core system inside one transaction, at one business moment, for one terminal."""

    @property
    def now(self) -> datetime:
        """Business time of this transaction."""
        ...

    @property
    def terminal(self) -> str:
        """The terminal that asks; empty for the centre's own work."""
        ...

    @property
    def place(self) -> Texts:
        """Hall and terminal in words, as papers name where they were made."""
        ...

    @property
    def registration(self) -> Registration:
        """People and enterprises."""
        ...

    @property
    def returns(self) -> Returns:
        """Returns and dues."""
        ...

    @property
    def invoices(self) -> Invoices:
        """Paper invoices."""
        ...

    @property
    def handovers(self) -> Handovers:
        """Stock that changes cabinets."""
        ...

    @property
    def payments(self) -> Payments:
        """Payments."""
        ...

    @property
    def certificates(self) -> Certificates:
        """Certificates."""
        ...

    @property
    def cases(self) -> Cases:
        """Cases."""
        ...

    @property
    def notices(self) -> Notices:
        """Notices."""
        ...

    @property
    def ratings(self) -> Ratings:
        """Ratings."""
        ...


# --- the system: transactions, and the first answer to every key ----------------------------------------


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer to an effect's key, and the fingerprint of the body it was given for."""

    key: str
    terminal: str
    fingerprint: str
    answer: dict[str, object]
    told: bool = False
    """Whether a notice was given because the person had gone."""


@dataclass(frozen=True, slots=True)
class AnsweredEffect:
    """What is kept beside the answer, to find and explain it later."""

    kept: KeptAnswer
    kind: str
    service: str
    service_hash: str
    service_known: bool
    visit: str
    transaction: str
    person: PersonKey | None
    taxpayer: str | None
    offline: bool
    accepted_at: datetime
    received_at: datetime
    state: str
    reference: str


class Answers(Protocol):
    """Keys and first answers, kept as long as the business records they belong to."""

    def find(self, key: str) -> KeptAnswer | None:
        """The answer given before."""
        ...

    def take_turn(self, key: str) -> bool:
        """False when another process is answering this key right now; the turn ends with the transaction."""
        ...

    def keep(self, effect: AnsweredEffect) -> None:
        """Keep the answer, in the same transaction as what it changed."""
        ...

    def told(self, key: str) -> None:
        """Note that the person was given a notice of the answer."""
        ...


class Work(Protocol):
    """One transaction: the core system and the answers, committed together or not at all."""

    @property
    def core(self) -> Core:
        """The core system."""
        ...

    @property
    def answers(self) -> Answers:
        """The answers."""
        ...

    def attempt(self) -> AbstractContextManager[object]:
        """A part that is undone alone when its block raises; the transaction goes on."""
        ...


class System(Protocol):
    """Begins transactions."""

    def read(self, terminal: str = "") -> AbstractContextManager[Work]:
        """A view that does not change while it is held; writing in it fails."""
        ...

    def write(self, terminal: str = "") -> AbstractContextManager[Work]:
        """A transaction: committed and durable when the block ends, gone when it raises."""
        ...
