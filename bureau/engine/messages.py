"""What people are told afterwards: by notice at the next sign-in, and by message to their phone."""

from __future__ import annotations

from datetime import date

from bureau.engine.rules import Period
from bureau.ports.notices import Message
from bureau.ports.payments import Order
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import Declared, Refusal


def to_file(tax: str, taxpayer: str, first: date, last: date) -> str:
    """The matter that ends when a return of this period is filed."""
    return f"file/{tax}/{taxpayer}/{first}/{last}"


def to_pay(declaration: str) -> str:
    """The matter that ends when all dues of the return are paid."""
    return f"pay/{declaration}"


def return_accepted(filed: Declared, period: Period) -> Message:
    """A return that had to wait is filed."""
    amount = format_yuan(Fen(filed.total_fen))
    name = period.name
    return Message(
        kind="return-accepted",
        title={"zh-CN": "申报已受理", "en-US": "Your return is filed"},
        text={
            "zh-CN": f"{name['zh-CN']}增值税及附加申报已受理，编号 {filed.declaration}，应缴 {amount} 元。",
            "en-US": f"VAT for {name['en-US']} is filed, number {filed.declaration}, {amount} yuan to pay.",
        },
        reference=filed.declaration,
        deadline=period.limit if filed.total_fen else None,
        matter=to_pay(filed.declaration),
    )


def return_duplicate(filed: Declared, period: Period) -> Message:
    """A return that had to wait was filed elsewhere before it arrived."""
    name = period.name
    return Message(
        kind="return-duplicate",
        title={"zh-CN": "该期已申报过", "en-US": "This period was filed already"},
        text={
            "zh-CN": f"{name['zh-CN']}已申报，编号 {filed.declaration}。这次收到的申报没有重复入账，无需再报。",
            "en-US": f"{name['en-US']} is filed, number {filed.declaration}. "
            "The return received now was not booked again.",
        },
        reference=filed.declaration,
    )


def return_refused(refusal: Refusal, key: str, matter: str | None) -> Message:
    """A return that had to wait was refused: why, what to do, by when."""
    deadline = refusal.deadline
    assert deadline is not None
    zh = f"{refusal.text['zh-CN']}。{refusal.next_step.get('zh-CN', '')}。"
    en = f"{refusal.text['en-US']}. {refusal.next_step.get('en-US', '')}."
    return Message(
        kind="return-refused",
        title={"zh-CN": "申报未被受理", "en-US": "Your return was refused"},
        text={
            "zh-CN": f"{zh}请于 {deadline.month}月{deadline.day}日前处理。",
            "en-US": f"{en} Please act by {deadline.isoformat()}.",
        },
        reference=key,
        deadline=deadline,
        matter=matter,
    )


def payment_confirmed(order: Order) -> Message:
    """A payment that was in doubt has come in."""
    amount = format_yuan(Fen(order.amount_fen))
    return Message(
        kind="payment-confirmed",
        title={"zh-CN": "缴款已确认", "en-US": "Your payment has come in"},
        text={
            "zh-CN": f"缴款订单 {order.order} 的 {amount} 元已入库，凭证号 {order.voucher}。请勿重复缴款。",
            "en-US": f"The {amount} yuan of payment order {order.order} are booked, voucher {order.voucher}. "
            "Please do not pay again.",
        },
        reference=order.order,
    )


def payment_not_charged(order: Order, matter: str | None) -> Message:
    """A payment that was in doubt was not charged: its dues wait again."""
    amount = format_yuan(Fen(order.amount_fen))
    return Message(
        kind="payment-not-charged",
        title={"zh-CN": "缴款未成功", "en-US": "Your payment did not go through"},
        text={
            "zh-CN": f"经核对，缴款订单 {order.order}（{amount} 元）没有缴成，税款仍待缴纳，请重新缴款。"
            "如您的账户已被扣款，请持扣款记录到办税服务厅窗口核实。",
            "en-US": f"Payment order {order.order} ({amount} yuan) was not paid; the tax is still due, "
            "please pay again. If your account was charged, please show the record at a counter of a tax hall.",
        },
        reference=order.order,
        matter=matter,
    )
