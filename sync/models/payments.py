"""Payment orders, by a code on the screen or by bank card."""

from __future__ import annotations

import enum
from typing import Literal

from pydantic import AwareDatetime, Field

from sync.models.base import FenAmount, Texts, Wire
from sync.models.nontax import NontaxReceipt


class PaymentStateName(enum.StrEnum):
    """Payment order states (domain note, section 9)."""

    CREATED = "created"
    APPROVED = "approved"
    DECLINED = "declined"
    CLOSED = "closed"
    UNKNOWN = "unknown"


ChargeState = Literal["", "confirming", "declined", "codeRefused"]
"""How a payer's code (付款码) was taken: its owner is asked on the phone, or said no, or it cannot be used."""


class PaymentStatus(Wire):
    """``payment.status``: the order as the acquirer tells it now."""

    order: str
    state: PaymentStateName
    amount_fen: FenAmount
    paid_at: AwareDatetime | None = None
    voucher: str | None = None  # 缴款凭证号
    payer_masked: str | None = None
    charge: ChargeState = ""
    receipt: NontaxReceipt | None = None  # once a notice of non-tax revenue is booked
    reason: str = Field("", max_length=40)  # the bank's word for why a debit was declined


PaymentChannel = Literal["qr-shown", "card", "debit"]
"""One order, one channel: by phone (it scans the screen's code, or shows its own), a bank card at the POS, or a debit
of the taxpayer's own account under a three-party agreement (委托银行划缴税款三方协议)."""


class PaymentCreate(Wire):
    """``payment.create``: open an order for these dues; the effect key is the order's idempotency key.

    ``bill``: the payment voucher (缴款凭证) whose dues they are, all of them, whoever owes them. ``part``: the amount
    is paid of the one due, its tax first and then its surcharge (国家税务总局公告2019年第48号, 1); the rest stays open.
    ``notice``: the code of the notice of non-tax revenue that is paid, whoever has to; it is the one of ``dues``.
    """

    dues: list[str]
    amount_fen: FenAmount
    channel: PaymentChannel
    bill: str = Field("", max_length=32)
    part: bool = False
    notice: str = Field("", max_length=20)


class DebitOffer(Wire):
    """The account that the taxpayer's agreement lets be debited: its bank, and of its number the last figures."""

    bank: Texts
    account: str = Field(max_length=4)


class PaymentCreated(Wire):
    """The order, and for a shown code the text of it, good until ``expires_at`` (120 s); the others need none.

    ``debit``: the payer may as well have it debited; absent where no agreement is in force, or nobody asks its bank.
    """

    order: str
    qr: str = ""
    amount_fen: FenAmount
    expires_at: AwareDatetime
    debit: DebitOffer | None = None


class PaymentClose(Wire):
    """``payment.close``: close the order; the answer says whether it had been paid."""

    order: str


class PaymentCard(Wire):
    """``payment.card``: how the charge of a card order ended, as the card terminal told it; never a guess.

    The order's number is the reference of the charge at the terminal and its bank. ``card`` has the first six and
    last four digits at most (PCI DSS 4.0, 3.4.1); ``reason`` is the terminal's word for why it was not charged.
    """

    order: str
    outcome: Literal["charged", "declined", "notCharged"]
    amount_fen: FenAmount
    reason: str = Field("", max_length=40)
    rrn: str = Field("", max_length=12)  # 检索参考号
    auth_code: str = Field("", max_length=6)
    trace: str = Field("", max_length=6)
    batch: str = Field("", max_length=6)
    pos: str = Field("", max_length=8)  # the terminal's number at its acquirer
    merchant: str = Field("", max_length=15)
    card: str = Field("", pattern=r"^([0-9]{0,6}\*+[0-9]{0,4})?$", max_length=19)
    paid_at: AwareDatetime | None = None
