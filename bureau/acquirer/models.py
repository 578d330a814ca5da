"""The acquirer's wire: what the bureau and a phone send, and what they get back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

PayerCode = Annotated[str, Field(pattern=r"^[0-9]{16,24}$", repr=False)]
OrderNo = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{6,64}$")]


class Wire(BaseModel):
    """Base: immutable, camelCase-free, nothing unknown is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OrderRequest(Wire):
    """``POST /orders``: open an order; amounts in whole fen."""

    order: OrderNo
    amount_fen: int = Field(gt=0, le=10**13)
    subject: str = Field(min_length=1, max_length=128)
    expires_s: float = Field(120.0, gt=0, le=3600)


class ChargeRequest(Wire):
    """``POST /orders/{order}/charge``: the payer's code (付款码) as it was scanned; it is good once."""

    code: PayerCode


class OrderAnswer(Wire):
    """An order as it is now. ``unknown``: the acquirer itself is in doubt, ask again.

    ``charge``: a payer's code was charged and the payer still has to confirm on the phone, or did not.
    """

    order: str
    amount_fen: int
    state: Literal["created", "paid", "closed", "unknown"]
    qr: str
    expires_at: AwareDatetime
    charge: Literal["", "confirming", "declined"] = ""
    reason: str | None = None
    reference: str | None = None
    paid_at: AwareDatetime | None = None
    payer_masked: str | None = None


class PayRequest(Wire):
    """``POST /p/{order}/pay``: the phone's confirmation; ``back``: the payee's page that it came from."""

    payer: str = Field("", max_length=64)
    back: str = Field("", max_length=512)


class WalletCode(Wire):
    """``POST /wallet/codes``: the code that a payer's phone shows, for a minute."""

    code: PayerCode
    expires_at: AwareDatetime


class RefundRequest(Wire):
    """``POST /refunds``: give a charge back, or part of it; ``refund`` is the merchant's number of it (退款单号)."""

    refund: OrderNo
    order: OrderNo
    amount_fen: int = Field(gt=0, le=10**13)
    reason: str = Field("", max_length=128)


class RefundAnswer(Wire):
    """A refund as it is now; ``word`` says why it was refused. ``processing``: taken in, not done yet."""

    refund: str
    order: str
    amount_fen: int
    state: Literal["processing", "given", "refused"]
    word: str = ""


class LedgerLine(Wire):
    """One payment; in a daily file also one refund, below zero, with the merchant's number of it."""

    order: str
    amount_fen: int
    reference: str
    paid_at: AwareDatetime
    payer_masked: str = ""
    kind: Literal["sale", "refund"] = "sale"
    refund: str = ""


class LedgerAnswer(Wire):
    """``GET /ledger``: every payment ever, what of them went back, and how payments were tried, by outcome."""

    lines: list[LedgerLine]
    refunds: list[LedgerLine]
    count: int
    total_fen: int
    attempts: dict[str, int]


class DailyFile(Wire):
    """``GET /daily/{date}``: payments and refunds of one business day; ``final`` once the day is over."""

    day: date
    final: bool
    count: int
    total_fen: int
    lines: list[LedgerLine]


class Problem(Wire):
    """Every refusal."""

    code: str
    detail: str


class FaultSettings(Wire):
    """``POST /faults``: how many of the next requests go wrong, and for how long.

    ``silent``: no answer, nothing done. ``slow``: answered late. ``doubtful``: the money moves and nobody is
    told; the order gives no answer for ``doubt_s``. ``paid_at_close``: the payment wins the race with the
    closing. ``unknown``: answered with "unknown". ``decline``: the payer's bank says no. ``refuse_refund``: the
    merchant's account is short. ``doubtful`` goes for a refund too: it is given and nobody is told.
    ``debit_silent`` and ``debit_doubtful`` are the same of the simulated banks (``bureau.treasury``): a message gets no
    answer and nothing is done; an account is debited and nobody is told for ``doubt_s``.
    """

    silent: int = Field(0, ge=0, le=10_000)
    slow: int = Field(0, ge=0, le=10_000)
    doubtful: int = Field(0, ge=0, le=10_000)
    paid_at_close: int = Field(0, ge=0, le=10_000)
    unknown: int = Field(0, ge=0, le=10_000)
    decline: int = Field(0, ge=0, le=10_000)
    refuse_refund: int = Field(0, ge=0, le=10_000)
    debit_silent: int = Field(0, ge=0, le=10_000)
    debit_doubtful: int = Field(0, ge=0, le=10_000)
    silent_s: float = Field(60.0, gt=0, le=600)
    slow_s: float = Field(3.0, gt=0, le=600)
    doubt_s: float = Field(30.0, gt=0, le=600)
