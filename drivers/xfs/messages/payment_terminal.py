"""Our interface for a bank-card terminal: the standard has no class for one, its contactless reader has the words."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final

from pydantic import Field

from drivers.payment import (
    MOST_FEN,
    BatchTotals,
    Channel,
    ClosingReason,
    Operation,
    Outcome,
    Payment,
    SettlementState,
    Stage,
)
from drivers.xfs.catalogue import Command, Event, Interface, signal, words
from drivers.xfs.payload import JobKey, Nothing, Payload, word

Amount = Annotated[int, Field(ge=1, le=MOST_FEN)]
"""Money in fen."""


class Link(enum.StrEnum):
    """The terminal's own way to the bank."""

    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class Session(enum.StrEnum):
    """What the terminal's card readers are doing."""

    IDLE = "idle"
    READY_TO_READ = "readyToRead"
    PROCESSING = "processing"
    CARD_READ_OK = "cardReadOk"
    PROCESSING_ERROR = "processingError"
    UNKNOWN = "unknown"


class Batch(enum.StrEnum):
    """Whether the terminal is signed in and takes payments."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class SlipPaper(enum.StrEnum):
    """Paper for the merchant's slip."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


class PaymentTerminalStatus(Payload):
    """The ``paymentTerminal`` object of Common.Status. ``unresolved``: payments whose outcome is not known."""

    link: Annotated[Link, word(Link)] | None = None
    session: Annotated[Session, word(Session)] | None = None
    stage: Annotated[Stage, word(Stage)] | None = None
    batch: Annotated[Batch, word(Batch)] | None = None
    paper: Annotated[SlipPaper, word(SlipPaper)] | None = None
    unresolved: int | None = None
    settlement: Annotated[SettlementState, word(SettlementState)] | None = None
    """How the last settlement ended; absent before the first."""
    settlement_agrees: bool | None = None
    """Whether bank, terminal and book have counted the same at the last settlement; absent unless it is settled."""
    book_id: str | None = None
    """Which book payments are entered in; another one than before knows nothing of what the lost one held."""


class SettleIn(Payload):
    """Close the batch under the client's key; without one it has a key of the service's."""

    key: JobKey | None = None


class PurchaseIn(Payload):
    """A sale under the client's own key."""

    key: JobKey
    amount: Amount
    channel: Annotated[Channel, word(Channel)] = Channel.ANY


class VoidIn(Payload):
    """Take a whole sale of the open batch back."""

    key: JobKey
    original_key: JobKey


class RefundIn(Payload):
    """Give back a sale, or ``amount`` of it, also after its batch was settled."""

    key: JobKey
    original_key: JobKey
    amount: Amount | None = None


class PaymentOut(Payload):
    """What became of a payment. ``outcome`` is a word of EMVClessPerformTransaction, or ``unknown``.

    ``errorCode`` says why it is not ``approve``; ``card`` has the first six and last four digits at most.
    """

    outcome: Annotated[Outcome, word(Outcome)]
    operation: Annotated[Operation, word(Operation)] | None = None
    amount: int | None = None
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
    at: str | None = None
    serial: str | None = None
    reference: str | None = None
    voided: bool = False

    @classmethod
    def fields_of(cls, payment: Payment, reference: str) -> dict[str, Any]:
        """The properties that tell ``payment``."""
        return {
            "outcome": payment.outcome,
            "operation": payment.operation,
            "amount": payment.amount_fen,
            "error_code": payment.error_code,
            "response_code": payment.response_code,
            "text": payment.text,
            "card": payment.card,
            "entry": payment.entry,
            "issuer": payment.issuer,
            "trace": payment.trace,
            "batch": payment.batch,
            "rrn": payment.rrn,
            "auth_code": payment.auth_code,
            "terminal": payment.terminal,
            "merchant": payment.merchant,
            "at": payment.at.isoformat() if payment.at is not None else None,
            "serial": payment.serial,
            "reference": reference,
            "voided": payment.voided,
        }


class QueryLastIn(Payload):
    """Which payment; without a key the one begun last."""

    key: JobKey | None = None


class QueryLastOut(Payload):
    """``payment`` is absent while the payment is under way, and when it is not known at all.

    Not known says that it was never begun only when ``book_id`` is the book of the time when it may have been.
    """

    known: bool
    book_id: str | None = None
    key: str | None = None
    under_way: bool = False
    payment: PaymentOut | None = None


class StartOut(Payload):
    """The batch that is open now."""

    batch: str


class Totals(Payload):
    """Counts and sums in fen."""

    sale_count: int
    sale_amount: int
    void_count: int
    void_amount: int
    refund_count: int
    refund_amount: int

    @classmethod
    def of(cls, totals: BatchTotals) -> Totals:
        """As the port tells them."""
        return cls(
            sale_count=totals.sale_count,
            sale_amount=totals.sale_fen,
            void_count=totals.void_count,
            void_amount=totals.void_fen,
            refund_count=totals.refund_count,
            refund_amount=totals.refund_fen,
        )


class TotalsOut(Payload):
    """A batch as the terminal and as our book counts it; ``agrees`` when both are the same."""

    batch: str
    terminal: Totals
    book: Totals
    agrees: bool


class SettleOut(TotalsOut):
    """A batch that is closed; ``balanced`` is the bank's word."""

    balanced: bool
    text: str | None = None


class SettlementTold(Payload):
    """One settlement; ``terminal``, ``balanced`` and ``agrees`` once the batch is known to be closed.

    ``state`` is ``open`` while the terminal is still asked whether it has closed the batch; ``reason`` and ``by`` are
    staff's word, where no terminal could tell.
    """

    key: str | None = None
    state: Annotated[SettlementState, word(SettlementState)] | None = None
    begun_at: str | None = None
    batch: str | None = None
    serial: str | None = None
    terminal: Totals | None = None
    book: Totals | None = None
    agrees: bool | None = None
    balanced: bool | None = None
    text: str | None = None
    error_code: str | None = None
    reason: Annotated[ClosingReason, word(ClosingReason)] | None = None
    by: str | None = None


class LastSettlementOut(SettlementTold):
    """The settlement entered last; ``unresolved`` are all of which nobody knows how they ended, oldest first."""

    known: bool
    unresolved: list[SettlementTold] | None = None


class CloseSettlementIn(Payload):
    """Which open settlement no terminal can tell of, why, and who says so."""

    key: JobKey
    reason: Annotated[ClosingReason, word(ClosingReason)]
    by: Annotated[str, Field(min_length=1, max_length=64)]


class UnresolvedPayment(Payload):
    """One payment of which nobody knows whether it was charged, and the terminal that it was given to."""

    key: str
    operation: Annotated[Operation, word(Operation)]
    amount: int
    reference: str
    serial: str
    begun_at: str | None = None


class UnresolvedOut(Payload):
    """Oldest first; what is under way is none of them."""

    payments: list[UnresolvedPayment]


class ResolveIn(Payload):
    """What the acquirer's statement says of a payment that the terminal cannot tell any more, and who looked.

    Without ``by`` the name of the client that asks is written down.
    """

    key: JobKey
    charged: bool
    by: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class ReadStatus(Payload):
    """What the terminal asks of the person at its own screen."""

    message_id: Annotated[Stage, word(Stage)]


INSERT_CARD: Final = signal("PaymentTerminal.InsertCardEvent", "1.0")
CARD_INSERTED: Final = signal("PaymentTerminal.CardInsertedEvent", "1.0")
READ_STATUS: Final = Event("PaymentTerminal.ReadStatusEvent", ReadStatus, "1.0")
PIN_ENTRY: Final = signal("PaymentTerminal.PinEntryEvent", "1.0")
PROCESSING: Final = signal("PaymentTerminal.ProcessingEvent", "1.0")
CARD_REMOVED: Final = signal("PaymentTerminal.CardRemovedEvent", "1.0", unsolicited=True)
RESOLVED: Final = Event("PaymentTerminal.ResolvedEvent", QueryLastOut, "1.0", unsolicited=True)
"""A payment whose outcome was not known has got one."""
_PERSON: Final = (INSERT_CARD, CARD_INSERTED, READ_STATUS, PIN_ENTRY, PROCESSING)
_MONEY: Final = "keyReused unresolvedPayment originalUnknown"

PURCHASE: Final = Command(
    "PaymentTerminal.Purchase",
    PurchaseIn,
    PaymentOut,
    version="1.0",
    completion="1.0",
    errors=words(_MONEY),
    events=_PERSON,
    moves=True,
    graceful=True,
)
VOID: Final = Command(
    "PaymentTerminal.Void",
    VoidIn,
    PaymentOut,
    version="1.0",
    completion="1.0",
    errors=words(_MONEY),
    events=_PERSON,
    moves=True,
    graceful=True,
)
REFUND: Final = Command(
    "PaymentTerminal.Refund",
    RefundIn,
    PaymentOut,
    version="1.0",
    completion="1.0",
    errors=words(_MONEY),
    events=_PERSON,
    moves=True,
    graceful=True,
)
QUERY_LAST: Final = Command(
    "PaymentTerminal.QueryLast",
    QueryLastIn,
    QueryLastOut,
    version="1.0",
    completion="1.0",
    beside=True,
    graceful=True,
)
"""Graceful, since what it finds out is entered."""
CANCEL: Final = Command(
    "PaymentTerminal.Cancel", Nothing, Nothing, version="1.0", completion="1.0", beside=True, moves=True
)
START: Final = Command(
    "PaymentTerminal.Start",
    Nothing,
    StartOut,
    version="1.0",
    completion="1.0",
    errors=words("hostUnreachable"),
    moves=True,
)
GET_TOTALS: Final = Command("PaymentTerminal.GetTotals", Nothing, TotalsOut, version="1.0", completion="1.0")
SETTLE: Final = Command(
    "PaymentTerminal.Settle",
    SettleIn,
    SettleOut,
    version="1.0",
    completion="1.0",
    errors=words("unresolvedPayment unresolvedSettlement batchClosed hostUnreachable keyReused notSettled"),
    operator=True,
    moves=True,
    graceful=True,
)
LAST_SETTLEMENT: Final = Command(
    "PaymentTerminal.GetLastSettlement",
    Nothing,
    LastSettlementOut,
    version="1.0",
    completion="1.0",
    beside=True,
)
CLOSE_SETTLEMENT: Final = Command(
    "PaymentTerminal.CloseSettlement",
    CloseSettlementIn,
    SettlementTold,
    version="1.0",
    completion="1.0",
    errors=words("keyUnknown alreadyKnown unresolvedSettlement"),
    operator=True,
    graceful=True,
)
GET_UNRESOLVED: Final = Command(
    "PaymentTerminal.GetUnresolved", Nothing, UnresolvedOut, version="1.0", completion="1.0", beside=True
)
RESOLVE: Final = Command(
    "PaymentTerminal.Resolve",
    ResolveIn,
    PaymentOut,
    version="1.0",
    completion="1.0",
    errors=words("keyUnknown alreadyKnown unresolvedPayment"),
    operator=True,
    graceful=True,
)
RESET: Final = Command("PaymentTerminal.Reset", Nothing, Nothing, version="1.0", completion="1.0", moves=True)
INTERFACE: Final = Interface(
    "PaymentTerminal",
    (
        PURCHASE,
        VOID,
        REFUND,
        QUERY_LAST,
        CANCEL,
        START,
        GET_TOTALS,
        SETTLE,
        LAST_SETTLEMENT,
        CLOSE_SETTLEMENT,
        GET_UNRESOLVED,
        RESOLVE,
        RESET,
    ),
    (CARD_REMOVED, RESOLVED),
    PaymentTerminalStatus,
)
