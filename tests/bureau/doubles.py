"""Stand-ins for the outside world: a clock to move, a bank in memory, an office that draws nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bureau.certificates.data import Issuer, Words, freeze
from bureau.certificates.kinds import Occasion, of_sheet
from bureau.certificates.office import Trust
from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import (
    AcquirerFile,
    AcquirerLine,
    AcquirerOrder,
    AcquirerRefund,
    DebitAsked,
    RefundAsked,
)
from bureau.ports.einvoices import InvoiceFiles, IssuedInvoice
from bureau.ports.office import IitCertificate, IssuedDocument, SheetCertificate
from config.clock import CHINA
from sync.models import PaymentStateName as State
from sync.models import SheetShown


@dataclass
class HandClock:
    """Business time that a test moves."""

    at: datetime = datetime(2026, 10, 12, 9, 40, tzinfo=CHINA)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Bank:
    """The acquirer's side, with a switch for each way it can fail. ``calls`` is what it was asked."""

    clock: HandClock
    silent: bool = False
    refuses: bool = False
    files: bool = False  # the daily files come although nothing else is answered
    orders: dict[str, AcquirerOrder] = field(default_factory=dict)
    charged: list[AcquirerLine] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    on_create: Callable[[], None] = lambda: None
    on_charge: str = "paid"  # paid, confirming, or the word of a refusal
    codes: list[str] = field(default_factory=list)
    refunds: dict[str, AcquirerRefund] = field(default_factory=dict)
    given: list[AcquirerLine] = field(default_factory=list)
    on_refund: list[str] = field(
        default_factory=list
    )  # how the next ones go: lost, unheard, refused, processing
    before_refund: Callable[[], None] = lambda: None

    def _answering(self, call: str) -> None:
        self.calls.append(call)
        if self.silent:
            raise AcquirerUnreachable("test")

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        self._answering("create")
        self.on_create()
        if self.refuses:
            raise AcquirerRefused("closed", "not today")
        new = AcquirerOrder(order, amount_fen, State.CREATED, f"http://bank.test/p/{order}")
        return self.orders.setdefault(order, new)

    def charge(self, order: str, code: str) -> AcquirerOrder:
        """``on_charge`` says how a payer's code is taken; charged once, whatever happens after."""
        self.codes.append(code)
        known = self._known(order)
        if known.state is State.CLOSED:
            raise AcquirerRefused("orderClosed", "too late")
        if known.state is State.CREATED and self.on_charge == "paid":
            self.pay(order)
        elif known.state is State.CREATED and self.on_charge != "confirming":
            raise AcquirerRefused(self.on_charge, "no")
        elif known.state is State.CREATED:
            self.orders[order] = replace(known, charge="confirming")
        self._answering("charge")
        return self.orders[order]

    def query(self, order: str) -> AcquirerOrder:
        self._answering("query")
        return self._known(order)

    def close(self, order: str) -> AcquirerOrder:
        self._answering("close")
        known = self._known(order)
        if known.state is State.CREATED:
            known = self.orders[order] = replace(known, state=State.CLOSED)
        return known

    def refund(self, asked: RefundAsked) -> AcquirerRefund:
        """``on_refund``: ``lost`` on the way here, ``unheard`` (done, and the answer lost), or what is answered."""
        self.before_refund()
        how = self.on_refund.pop(0) if self.on_refund else "given"
        self._answering("refund")
        if how == "lost":
            raise AcquirerUnreachable("test")
        if asked.key not in self.refunds:
            state: Literal["processing", "given", "refused"] = "given"
            if how in ("refused", "processing"):
                state = "refused" if how == "refused" else "processing"
            self.refunds[asked.key] = AcquirerRefund(asked.key, state, "no" if state == "refused" else "")
            if state == "given":
                self._give(asked)
        if how == "unheard":
            raise AcquirerUnreachable("test")
        return self.refunds[asked.key]

    def _give(self, asked: RefundAsked) -> None:
        reference, now = f"B{asked.key}", self.clock.now()
        line = AcquirerLine(asked.order, -asked.amount_fen, reference, now, "refund", asked.key)
        self.given.append(line)

    def refund_state(self, key: str) -> AcquirerRefund:
        self._answering("refund_state")
        if key not in self.refunds:
            raise OrderUnknown(key)
        return self.refunds[key]

    def daily(self, day: date) -> AcquirerFile:
        self.calls.append("daily")
        if self.silent and not self.files:
            raise AcquirerUnreachable("test")
        moved = (*self.charged, *self.given)
        lines = [line for line in moved if line.paid_at.astimezone(CHINA).date() == day]
        return AcquirerFile(tuple(lines), self.clock.now().astimezone(CHINA).date() > day)

    def _known(self, order: str) -> AcquirerOrder:
        if order not in self.orders:
            raise OrderUnknown(order)
        return self.orders[order]

    def pay(self, order: str) -> None:
        """Somebody scans the code: charged once, whatever happens after."""
        known = self.orders[order]
        assert known.state is State.CREATED, "a closed order cannot be paid"
        now = self.clock.now()
        self.orders[order] = replace(
            known, state=State.APPROVED, reference="R-" + order[-6:], paid_at=now, payer_masked="沈*舟"
        )
        self.charged.append(AcquirerLine(order, known.amount_fen, "R-" + order[-6:], now))


@dataclass
class Banks:
    """The banks behind the debits by agreement. ``how`` the next ones go: paid, a word of a bank's, or ``unheard``.

    ``unheard`` is debited and the answer is lost, ``lost`` never gets there.
    """

    clock: HandClock
    how: list[str] = field(default_factory=list)
    silent: bool = False
    files: bool = True
    orders: dict[str, AcquirerOrder] = field(default_factory=dict)
    asked: list[DebitAsked] = field(default_factory=list)
    moved: list[AcquirerLine] = field(default_factory=list)
    before_debit: Callable[[], None] = lambda: None

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        return AcquirerOrder(order, amount_fen, State.CREATED)

    def charge(self, order: str, code: str) -> AcquirerOrder:
        raise AcquirerRefused("codeRefused", "an account")

    def debit(self, asked: DebitAsked) -> AcquirerOrder:
        self.before_debit()
        self.asked.append(asked)
        how = self.how.pop(0) if self.how else "paid"
        if how == "lost" or self.silent:
            raise AcquirerUnreachable("test")
        if asked.order not in self.orders:
            paid = how in ("paid", "unheard")
            made = AcquirerOrder(asked.order, asked.amount_fen, State.APPROVED if paid else State.DECLINED)
            now = self.clock.now()
            self.orders[asked.order] = replace(made, paid_at=now if paid else None, word="" if paid else how)
            if paid:
                self.moved.append(AcquirerLine(asked.order, asked.amount_fen, f"B{len(self.moved)}", now))
        if how == "unheard":
            raise AcquirerUnreachable("test")
        return self.orders[asked.order]

    def query(self, order: str) -> AcquirerOrder:
        if self.silent:
            raise AcquirerUnreachable("test")
        return self.orders.get(order, AcquirerOrder(order, 0, State.CREATED))

    def close(self, order: str) -> AcquirerOrder:
        if self.silent:
            raise AcquirerUnreachable("test")
        return self.orders.setdefault(order, AcquirerOrder(order, 0, State.CLOSED))

    def refund(self, asked: RefundAsked) -> AcquirerRefund:
        line = AcquirerLine(
            asked.order, -asked.amount_fen, f"R{asked.key}", self.clock.now(), "refund", asked.key
        )
        self.moved.append(line)
        return AcquirerRefund(asked.key, "given")

    def refund_state(self, key: str) -> AcquirerRefund:
        raise OrderUnknown(key)

    def daily(self, day: date) -> AcquirerFile:
        if not self.files:
            raise AcquirerUnreachable("test")
        lines = [line for line in self.moved if line.paid_at.astimezone(CHINA).date() == day]
        return AcquirerFile(tuple(lines), self.clock.now().astimezone(CHINA).date() > day)


@dataclass
class DraftOffice:
    """Issues the words of a certificate as bytes; ``issued`` is what it was asked for."""

    issued: list[IitCertificate] = field(default_factory=list)
    sheets: list[SheetCertificate] = field(default_factory=list)
    reprinted: list[tuple[str, str, int]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    trust: Trust = field(default_factory=lambda: Trust({}, ()))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new_code(self) -> str:
        return "7K2M9QX4PD3A8HEW"

    def issue_iit_record(self, certificate: IitCertificate) -> IssuedDocument:
        self.before()
        with self._lock:
            self.issued.append(certificate)
        return self._drawn(certificate)

    def issue_sheet(self, certificate: SheetCertificate) -> IssuedDocument:
        self.before()
        with self._lock:
            self.sheets.append(certificate)
        words = Words("云川市")
        occasion = Occasion(
            Issuer(words, "章", "", specimen=True), words, certificate.issued_at, certificate.lang
        )
        return self._drawn(certificate, freeze(of_sheet(certificate.sheet, occasion)))

    def _drawn(self, certificate: IitCertificate | SheetCertificate, frozen: bytes = b"{}") -> IssuedDocument:
        pdf = b"%PDF-1.7 " + repr(certificate).encode()
        digest = hashlib.sha256(pdf).hexdigest()
        return IssuedDocument(pdf, 1, digest, f"http://bureau.test/v?n={certificate.number}", frozen)

    def invoice_files(self, invoice: IssuedInvoice, at: datetime) -> InvoiceFiles:
        self.before()
        return InvoiceFiles(b"<EInvoice/>", b"PK", b"%PDF-1.7 " + repr((invoice, at)).encode(), 1)

    def shown(self, frozen: bytes) -> SheetShown:
        words = {"zh-CN": "证明", "en-US": "Certificate"}
        return SheetShown(title=words, facts=[], columns=[], rows=[], total=[], statements=[])

    def reprint(self, frozen: bytes, number: str, code: str, copy: int, at: datetime) -> IssuedDocument:
        self.before()
        with self._lock:
            self.reprinted.append((number, code, copy))
            turn = len(self.reprinted)
        pdf = f"%PDF-1.7 {number} {code} copy {copy} drawing {turn}".encode()
        return IssuedDocument(
            pdf, 1, hashlib.sha256(pdf).hexdigest(), f"http://bureau.test/v?n={number}", frozen
        )
