"""What anybody holding a paper may see, as far as the ports alone tell it: alike over every core system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bureau.engine import looks
from bureau.engine.einvoices.asking import check
from bureau.engine.einvoices.fetching import fetch, linked
from bureau.engine.lottery import tickets
from bureau.engine.matters.verifying import verified
from bureau.engine.mutual.following import followed
from bureau.engine.outdated import changes
from bureau.engine.queue import own
from bureau.engine.queue.following import place
from bureau.engine.reissuing import holder_of, linked_certificate, why_not_anew
from bureau.engine.rules import Rules
from bureau.engine.school import own as own_seat
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.einvoices import InvoiceOffice, IssuedInvoice
from bureau.ports.public import AppointmentShown, ContributionShown, DrawShown, QueuePlace, SeatShown
from bureau.ports.system import System
from sync.models import InvoiceCheck, InvoiceVerdict, LotteryRound, Verified


class PortRecords:
    """``PublicRecords`` but for slips, whose state each core has in its own way. Thread-safe if ``system`` is."""

    def __init__(self, system: System, office: InvoiceOffice, law: Rules) -> None:
        self._system, self._office, self._law = system, office, law

    def certificate(self, number: str) -> CertificateRecord | None:
        """The certificate of this number."""
        with self._system.read() as work:
            return work.core.certificates.record(number)

    def changes(self, record: CertificateRecord) -> Sequence[CertificateChange]:
        """What became untrue of it since."""
        with self._system.read() as work:
            return changes(work.core, record)

    def anew(self, record: CertificateRecord) -> bool:
        """Whether its holder can have another in its place now."""
        with self._system.read() as work:
            holder = holder_of(work.core, record)
            return holder is not None and why_not_anew(work.core, holder, record, self._law) is None

    def linked_certificate(self, key: str, secret: str) -> CertificateRecord | None:
        """The certificate of a link that can still be used, while it is valid."""
        with self._system.read() as work:
            return linked_certificate(work.core, key, secret)

    def fetch_certificate(self, key: str, secret: str) -> tuple[str, bytes] | None:
        """Name and bytes of its sealed file; the link is used up."""
        with self._system.write() as work:
            record = linked_certificate(work.core, key, secret)
            pdf = work.core.certificates.fetch(key) if record is not None else None
        return (f"{record.number}.pdf", pdf) if record is not None and pdf is not None else None

    def checked(self, record: CertificateRecord, terminal: str) -> None:
        """Record that what it certifies was shown to whoever holds the paper."""
        with self._system.write(terminal) as work:
            looks.checked(work.core, record.number, record.kind)

    def invoice(self, told: InvoiceCheck) -> InvoiceVerdict:
        """What the register says of an invoice; counts as one check of the day."""
        return check(self._system, told)

    def linked_invoice(self, key: str, secret: str) -> IssuedInvoice | None:
        """The invoice of a link that can still be used."""
        return linked(self._system, key, secret)

    def fetch_invoice(self, key: str, secret: str) -> tuple[str, bytes] | None:
        """Name and bytes of the invoice's files in one package; the link is used up."""
        return fetch(self._system, self._office, key, secret)

    def registration(self, taxpayer: str) -> Verified | None:
        """What anybody may know of an enterprise; None when there is none of this number."""
        with self._system.read() as work:
            return verified(work.core, taxpayer)

    def draw(self, ticket: str, code: str) -> DrawShown | None:
        """The draw of this ticket to whoever knows its claim code."""
        with self._system.read() as work:
            found = tickets.found(work.core, ticket, code)
            round_ = work.core.lottery.round(found.day) if found is not None else None
        if found is None or round_ is None:
            return None
        return DrawShown(
            ticket=found.ticket,
            invoice=found.invoice,
            key=found.key,
            day=found.day,
            drawn=found.drawn,
            prize_fen=found.prize_fen,
            drawn_at=found.drawn_at,
            claim_until=found.claim_until,
            state=found.state,
            commitment=round_.commitment,
            odds=round_.odds,
            seed=round_.seed,
        )

    def queue_place(self, key: str) -> QueuePlace | None:
        """The place of a number as of now."""
        with self._system.read() as work:
            return place(work.core, key)

    def contribution(self, name: str) -> ContributionShown | None:
        """A question, an answer or an idea."""
        with self._system.read() as work:
            return followed(work.core, name)

    def appointment(self, token: str) -> AppointmentShown | None:
        """The booked time of this token."""
        with self._system.read() as work:
            return own.seen(work.core, self._law, token)

    def change_appointment(self, token: str, at: datetime | None) -> AppointmentShown:
        """Moved, or cancelled."""
        with self._system.write() as work:
            return own.changed(work.core, self._law, token, at)

    def seat(self, token: str) -> SeatShown | None:
        """The seat of this token."""
        with self._system.read() as work:
            return own_seat.seen(work.core, token)

    def give_back_seat(self, token: str, url: str) -> SeatShown:
        """Given back."""
        with self._system.write() as work:
            return own_seat.given_back(work.core, token, url)

    def lottery_round(self, day: date) -> LotteryRound | None:
        """What is published of a day of the lottery."""
        with self._system.read() as work:
            found = work.core.lottery.round(day)
        if found is None:
            return None
        return LotteryRound(day=found.day, commitment=found.commitment, odds=found.odds, seed=found.seed)
