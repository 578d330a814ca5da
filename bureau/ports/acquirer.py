"""The acquirer (收单机构): orders as it has them, charges given back, and its daily file (``bureau.acquirer``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from sync.models import ChargeState, PaymentChannel, PaymentStateName


@dataclass(frozen=True, slots=True)
class AcquirerOrder:
    """An order as the acquirer tells it now. ``qr`` is the text of the code the payer scans.

    ``state`` is ``CREATED`` (open, unpaid), ``APPROVED`` (paid), ``DECLINED`` or ``CLOSED`` (can no longer be
    paid) or ``UNKNOWN`` (the acquirer itself is in doubt).
    """

    order: str
    amount_fen: int
    state: PaymentStateName
    qr: str = ""
    reference: str = ""
    """The acquirer's own reference number of the payment, when there is one."""
    paid_at: datetime | None = None
    payer_masked: str | None = None
    charge: ChargeState = ""
    word: str = ""
    """Why a debit was declined: ``insufficientFunds``, ``accountClosed``, ``accountFrozen``, ``accountUnknown``,
    ``agreementUnknown`` or ``limitExceeded``; another word is told as one that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class DebitAsked:
    """An account that is to be debited for one order under a three-party agreement (委托银行划缴税款三方协议).

    ``agreement``: the number of the agreement (协议书号), known to its bank as well; ``bank`` is our word for the bank,
    ``account`` the whole number. ``holder`` and ``taxpayer`` are whose tax it is.
    """

    order: str
    amount_fen: int
    agreement: str
    bank: str
    account: str
    holder: str
    taxpayer: str
    subject: str


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """A charge, or part of one, that is to go back the way it came (原路退款).

    ``key`` is our own number of it, 20 digits: the acquirer does it at most once. ``reference`` is the acquirer's of
    the charge, as its file has it.
    """

    key: str
    order: str
    amount_fen: int
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class AcquirerRefund:
    """What the acquirer has made of one: ``processing`` (taken in, not done), ``given``, or ``refused`` for ever.

    ``word`` is its stable word for a refusal.
    """

    key: str
    state: Literal["processing", "given", "refused"]
    word: str = ""


LineKind = Literal["sale", "void", "refund"]


@dataclass(frozen=True, slots=True)
class AcquirerLine:
    """One line of the acquirer's daily file: what was charged or given back on that business day.

    ``amount_fen`` is below zero for what was given back: by a ``void`` (撤销) of the same day, or a ``refund`` (退货,
    退款). ``refund`` is our key of it, empty where it was not given back for us or the file cannot carry it.
    """

    order: str
    amount_fen: int
    reference: str
    paid_at: datetime
    kind: LineKind = "sale"
    refund: str = ""


@dataclass(frozen=True, slots=True)
class AcquirerFile:
    """The movements of one business day. ``final`` once nothing can be added to it any more."""

    lines: tuple[AcquirerLine, ...]
    final: bool


class Acquirer(Protocol):
    """The acquirer's side of a payment order. Every call has a deadline of its own.

    Each method raises ``AcquirerUnreachable`` (state unknown, ask again) or ``AcquirerRefused`` (final).
    """

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        """Open an order; the same order number with the same amount again answers with the first one."""
        ...

    def charge(self, order: str, code: str) -> AcquirerOrder:
        """Charge a payer's code (付款码) to an open order: at once, or after a word on the phone (``charge``).

        However often it is called, an order is paid at most once. Raises ``AcquirerRefused`` when nothing was charged.
        """
        ...

    def query(self, order: str) -> AcquirerOrder:
        """The order now; raises ``OrderUnknown`` when it never got there."""
        ...

    def close(self, order: str) -> AcquirerOrder:
        """Close the order. A paid one stays paid: then the state is ``APPROVED``."""
        ...

    def refund(self, asked: RefundAsked) -> AcquirerRefund:
        """Give a charge back, or part of it. The same key again changes nothing and answers with what became of it.

        A refusal under a key is for ever, also against an earlier request under it that is still on its way.
        """
        ...

    def refund_state(self, key: str) -> AcquirerRefund:
        """What became of it; raises ``OrderUnknown`` when it never got there."""
        ...

    def daily(self, day: date) -> AcquirerFile:
        """The movements of one business day, when final the last word on what was charged (对账文件)."""
        ...


class DebitNetwork(Acquirer, Protocol):
    """The link of tax office, treasury and banks (财税库银横向联网): orders that are debited under an agreement.

    ``create`` opens nothing there, and ``charge`` is refused. An order that is not there yet may still arrive:
    ``query`` then tells ``CREATED``. ``close`` ends one that was not debited, also before it arrives; what was debited
    has entered the treasury and stays (``APPROVED``).
    """

    def debit(self, asked: DebitAsked) -> AcquirerOrder:
        """Debit the account: ``APPROVED``, ``DECLINED`` with its ``word``, or ``CLOSED`` where it was ended before.

        The same order again changes nothing and answers with what became of it. Raises ``AcquirerUnreachable``: it may
        have been debited, and is asked about by ``query``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Acquirers:
    """Who is asked about an order, by its channel.

    Without ``card`` no order is opened for a bank card, without ``debit`` none for a debit under an agreement.
    """

    qr: Acquirer
    card: Acquirer | None = None
    debit: DebitNetwork | None = None

    def of(self, channel: PaymentChannel) -> Acquirer | None:
        """The acquirer of a channel, None where that channel is not offered."""
        match channel:
            case "card":
                return self.card
            case "debit":
                return self.debit
        return self.qr
