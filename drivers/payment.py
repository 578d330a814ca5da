"""What a bank-card terminal (POS) can do, in the words of the service that uses it.

The same seam as ``drivers/ports.py``: no bytes of a wire, no locks; amounts are integer fen; a card number is
only ever the masked one (first six, last four digits: PCI DSS 4.0, requirement 3.4.1).
"""

from __future__ import annotations

import base64
import enum
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from config.clock import Deadline
from drivers.ports import Device

MOST_FEN: Final = 10**12 - 1
"""Twelve digits, as field 4 of ISO 8583 has them."""
REFERENCE_DIGITS: Final = 20
"""The most a terminal's field for the host's reference holds (docs/pos-ecr.md, tag 01)."""


class Operation(enum.StrEnum):
    """What is done with money: 消费, 撤销 (the same batch, whole amount), 退货 (also later, also a part)."""

    SALE = "sale"
    VOID = "void"
    REFUND = "refund"


class Channel(enum.StrEnum):
    """How a sale may be paid; ``any`` lets the person choose at the terminal."""

    ANY = "any"
    CARD = "card"
    QR = "qr"


class Outcome(enum.StrEnum):
    """The words of XFS4IoT CardReader.EMVClessPerformTransaction ``txOutcome``, and ``unknown``, which is ours.

    ``unknown``: the request may have been received and no answer came. Only ``query`` tells more; sending it
    again is never right.
    """

    APPROVE = "approve"
    DECLINE = "decline"
    ONLINE_REQUEST = "onlineRequest"
    TRY_AGAIN = "tryAgain"
    TRY_ANOTHER_INTERFACE = "tryAnotherInterface"
    MULTIPLE_CARDS = "multipleCards"
    CONFIRMATION_REQUIRED = "confirmationRequired"
    END_APPLICATION = "endApplication"
    UNKNOWN = "unknown"


BY_STAFF: Final = "byStaff"
"""Why an outcome is what it is: somebody of the staff has said so, since no terminal could tell."""
_PENDING: Final = frozenset({Outcome.UNKNOWN, Outcome.ONLINE_REQUEST, Outcome.CONFIRMATION_REQUIRED})


class Stage(enum.StrEnum):
    """What the terminal is doing for a person, as it shows on its own screen."""

    IDLE = "idle"
    INSERT_CARD = "insertCard"
    CARD_INSERTED = "cardInserted"
    TRY_AGAIN = "tryAgain"
    TRY_ANOTHER_INTERFACE = "tryAnotherInterface"
    MULTIPLE_CARDS = "multipleCards"
    CONFIRMATION_REQUIRED = "confirmationRequired"
    PIN_ENTRY = "pinEntry"
    PROCESSING = "processing"
    REMOVE_CARD = "removeCard"


@dataclass(frozen=True, slots=True)
class Order:
    """One movement of money.

    ``reference`` stands for it for ever, at the terminal too; ``original`` is that of the sale which a void or
    refund takes back.
    """

    operation: Operation
    reference: str
    amount_fen: int
    channel: Channel = Channel.ANY
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """What became of an order.

    ``response_code`` and ``text`` are the bank's or the terminal's; ``error_code`` is our word for why it was not
    approved; ``entry`` is chip, contactless, magstripe or qr; ``serial`` is the terminal that says all this;
    ``voided`` tells of a sale that was approved and taken back later.
    """

    outcome: Outcome
    operation: Operation | None = None
    amount_fen: int | None = None
    error_code: str | None = None
    response_code: str | None = None
    text: str | None = None
    card: str | None = None
    entry: str | None = None
    issuer: str | None = None
    trace: str | None = None
    batch: str | None = None
    rrn: str | None = None
    auth_code: str | None = None
    terminal: str | None = None
    merchant: str | None = None
    at: datetime | None = None
    serial: str | None = None
    voided: bool = False

    @property
    def known(self) -> bool:
        """Whether this outcome is for ever: neither unknown nor waiting for a bank or a person."""
        return self.outcome not in _PENDING


@dataclass(frozen=True, slots=True)
class BatchTotals:
    """What the terminal has counted since its last settlement."""

    batch: str
    sale_count: int
    sale_fen: int
    void_count: int
    void_fen: int
    refund_count: int
    refund_fen: int

    @property
    def net_fen(self) -> int:
        """What the batch brings the merchant."""
        return self.sale_fen - self.void_fen - self.refund_fen


@dataclass(frozen=True, slots=True)
class Settlement:
    """A batch that was closed; ``balanced`` is the bank's word on whether it has counted the same.

    ``at`` is the terminal's time of it, where it was asked for afterwards.
    """

    totals: BatchTotals
    balanced: bool
    text: str | None = None
    at: datetime | None = None


class SettlementState(enum.StrEnum):
    """``open``: the batch may be closed without our knowing; the others are for ever.

    ``closedByStaff``: no terminal can tell any more, and somebody of the staff has said why.
    """

    OPEN = "open"
    SETTLED = "settled"
    NOT_SETTLED = "notSettled"
    CLOSED_BY_STAFF = "closedByStaff"


class ClosingReason(enum.StrEnum):
    """Why no terminal can tell how a settlement ended: another one stands here, or this one has lost its memory."""

    EXCHANGED = "exchanged"
    CLEARED = "cleared"


class PaymentTerminal(Device, Protocol):
    """Bank-card terminal, asked over its ECR line."""

    async def transact(self, order: Order, deadline: Deadline) -> Payment:
        """Carry out an order once.

        Raise ``DeviceNotReady``, ``InvalidData`` or ``DeadlinePassed`` only while nothing has been sent. From
        the first byte on the result says what is known; at the deadline, or when the caller is cancelled, the
        terminal is told to give up, and what it does all the same is told by ``query``.
        """
        ...

    async def query(self, reference: str, deadline: Deadline) -> Payment | None:
        """What the terminal has recorded of a reference; None when it has never begun it."""
        ...

    async def serial(self, deadline: Deadline) -> str:
        """The serial number of the terminal that is connected now."""
        ...

    async def cancel(self, deadline: Deadline) -> None:
        """Let the terminal give up what it waits for; returns when it is idle. What is with the bank goes on."""
        ...

    async def totals(self, deadline: Deadline) -> BatchTotals:
        """Count and sum of the open batch."""
        ...

    async def settle(self, deadline: Deadline) -> Settlement:
        """Close the batch (结算); a lost answer is told by ``last_settlement``."""
        ...

    async def last_settlement(self, deadline: Deadline) -> Settlement | None:
        """The settlement that the terminal has recorded last, None before the first one; closes nothing."""
        ...

    async def login(self, deadline: Deadline) -> str:
        """Sign in at the bank (签到), which opens a batch; its number."""
        ...


def reference_of(key: str) -> str:
    """The reference under which the terminal knows the client's ``key``: at most 20 letters and digits.

    Terminals have short fields (20 is common). A number of 20 digits, as payment orders have, is its own reference,
    so that slip, POS, acquirer and centre name the charge alike. Our other keys have up to 64 characters: of those
    the first 100 bits of SHA-256, in base 32, which never are digits alone.
    """
    if len(key) == REFERENCE_DIGITS and key.isascii() and key.isdigit():
        return key
    return base64.b32encode(hashlib.sha256(key.encode("utf-8")).digest()).decode("ascii")[:20]
