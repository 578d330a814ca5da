"""Notices of non-tax revenue (非税收入缴款通知书) and the receipts of their payment."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from sync.models.base import FenAmount, Texts, Wire


class NontaxReceipt(Wire):
    """The electronic receipt (非税收入一般缴款书（电子）) of what was paid, verified by the finance authorities.

    ``code`` 电子票据代码, ``number`` 电子票据号码, ``check`` 校验码.
    """

    code: str
    number: str
    check: str


class NontaxLine(Wire):
    """What is paid by a notice, as a payment takes it: ``due`` is the notice's code."""

    due: str
    amount_fen: FenAmount
    late_fee_fen: FenAmount
    payable: bool = True


class NontaxShown(Wire):
    """``nontax.payable``: what a notice is for; a person's name and number are masked.

    ``late_fee_fen`` is of the business day, with the law it stands on in ``basis``; the notice is paid as a whole.
    """

    code: str
    payer: str
    name: str
    authority: str  # 执收单位
    item: str  # 项目编码
    item_name: Texts
    issued_on: date
    limit_date: date  # 缴款期限
    valid_until: date
    amount_fen: FenAmount
    late_fee_fen: FenAmount
    total_fen: FenAmount
    basis: Texts = Field(default_factory=dict)
    lines: list[NontaxLine]
