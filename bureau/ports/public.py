"""What anybody holding the paper may see; implemented by ``bureau.engine.reference.public``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.appointments import AppointmentState
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.einvoices import IssuedInvoice
from bureau.ports.lottery import TicketState
from bureau.ports.mutual import Kind, State
from bureau.ports.queue import QueueState
from bureau.ports.school import SeatState
from sync.models import AnswerShown, InvoiceCheck, InvoiceVerdict, LotteryRound, Texts, Verified


@dataclass(frozen=True, slots=True)
class SlipStatus:
    """What became of the thing a slip was printed for; no personal data beyond what the slip itself shows.

    ``received`` means the terminal's word alone is known to nobody yet (the key has not arrived).
    ``open``: accepted, and an officer has still to decide.
    ``facts`` are label and value pairs for the page, already masked.
    """

    key: str
    state: Literal["unknown", "accepted", "refused", "duplicate", "inDoubt", "open"]
    kind: str
    title: Texts
    text: Texts
    reference: str
    received_at: datetime | None
    deadline: date | None
    facts: tuple[tuple[Texts, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DrawShown:
    """A draw of the invoice lottery with all that its check needs; ``seed`` is None until its day is over."""

    ticket: str
    invoice: str
    key: str
    day: date
    drawn: int
    prize_fen: int
    drawn_at: datetime
    claim_until: date
    state: TicketState
    commitment: str
    odds: list[list[int]]
    seed: str | None


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A number's place in its hall's queue; ``ahead``, ``minutes`` and ``wait`` as of now, while it waits.

    ``over``: its day is past.
    """

    number: str
    line: Texts
    state: QueueState
    over: bool
    taken_at: datetime
    window: int | None
    ahead: Texts
    minutes: int | None
    wait: Texts
    windows: Texts
    turn: Texts
    now: datetime


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat in a course, or a place on its waiting list, to whoever holds its slip; no name or number of a person.

    ``reason``: why the course is not held, empty where it is. ``courseware``: the path of its page, empty: none.
    """

    number: str
    state: SeatState
    state_text: Texts
    course: Texts
    audience: Texts
    when: Texts
    where: Texts
    teacher: str
    reason: Texts
    courseware: str
    changeable: bool


@dataclass(frozen=True, slots=True)
class AppointmentShown:
    """A booked time to whoever holds its slip; no name or number of a person.

    ``state`` as of now, ``missed``: did not come. ``offered``: free times to move to, while it is ``changeable``.
    """

    number: str
    line: Texts
    state: AppointmentState | Literal["missed"]
    when: Texts
    hall: Texts
    windows: Texts
    bring: Texts
    rule: list[Texts]
    changeable: bool
    offered: tuple[tuple[datetime, Texts], ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class ContributionShown:
    """A question, an answer or an idea with what became of it; ``question``: what an answer is an answer to."""

    number: str
    kind: Kind
    topic: Texts
    text: Texts
    state: State
    state_text: Texts
    reason_text: Texts
    written_at: datetime
    question: Texts
    answers: Sequence[AnswerShown]
    helped: int
    stage_text: Texts
    votes_text: Texts
    reply: Texts


class PublicRecords(Protocol):
    """What anybody holding the paper may see."""

    def certificate(self, number: str) -> CertificateRecord | None:
        """The certificate of this number; checking the code is the page's duty (constant time)."""
        ...

    def changes(self, record: CertificateRecord) -> Sequence[CertificateChange]:
        """What became untrue of it since, the oldest first; empty while it holds as it stands."""
        ...

    def anew(self, record: CertificateRecord) -> bool:
        """Whether its holder can have another in its place now, by the records of today (换开)."""
        ...

    def linked_certificate(self, key: str, secret: str) -> CertificateRecord | None:
        """The certificate of a link that can still be used, while it is valid."""
        ...

    def fetch_certificate(self, key: str, secret: str) -> tuple[str, bytes] | None:
        """Name and bytes of its sealed file; the link is used up. None: it cannot be used."""
        ...

    def checked(self, record: CertificateRecord, terminal: str) -> None:
        """Record that what it certifies was shown to whoever holds the paper; ``terminal`` is empty on the page."""
        ...

    def slip(self, key: str) -> SlipStatus:
        """The state of the effect with this key; ``unknown`` when it has not arrived (yet)."""
        ...

    def invoice(self, told: InvoiceCheck) -> InvoiceVerdict:
        """What the register says of an invoice by what stands on it; counts as one check of the day (查验).

        Raises ``bureau.engine.refusals.Refused``: something is missing, or it was checked often today.
        """
        ...

    def linked_invoice(self, key: str, secret: str) -> IssuedInvoice | None:
        """The invoice of a link that can still be used."""
        ...

    def fetch_invoice(self, key: str, secret: str) -> tuple[str, bytes] | None:
        """Name and bytes of the invoice's files in one package; the link is used up. None: it cannot be used."""
        ...

    def registration(self, taxpayer: str) -> Verified | None:
        """What anybody may know of an enterprise; None when there is none of this number."""
        ...

    def draw(self, ticket: str, code: str) -> DrawShown | None:
        """The draw of this ticket to whoever knows its claim code; None else."""
        ...

    def queue_place(self, key: str) -> QueuePlace | None:
        """The place of the number that the effect with this key was given."""
        ...

    def contribution(self, name: str) -> ContributionShown | None:
        """What was written under this number, or by the effect with this key; of what was merged, the other one."""
        ...

    def appointment(self, token: str) -> AppointmentShown | None:
        """The booked time of this token."""
        ...

    def change_appointment(self, token: str, at: datetime | None) -> AppointmentShown:
        """Move it to another time of its hall, or cancel it (``at`` is None).

        Raises ``bureau.engine.refusals.Refused``.
        """
        ...

    def seat(self, token: str) -> SeatShown | None:
        """The seat of this token."""
        ...

    def give_back_seat(self, token: str, url: str) -> SeatShown:
        """Give it back; who moves up is told by message, with the page below ``url``.

        Raises ``bureau.engine.refusals.Refused``.
        """
        ...

    def lottery_round(self, day: date) -> LotteryRound | None:
        """What is published of a day of the lottery."""
        ...
