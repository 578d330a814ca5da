"""What anybody holding a paper may see, from the store: certificates, and what became of a slip's matter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.work import ReferenceSystem
from bureau.ports.certificates import CertificateRecord
from bureau.ports.payments import Order
from bureau.ports.public import SlipStatus
from bureau.store import tables
from config.catalogue import Catalogue
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import EffectAnswer, EffectKind, PaymentStateName, Texts

Facts = tuple[tuple[Texts, str], ...]

TITLES: dict[str, Texts] = {
    EffectKind.CERTIFICATE_ISSUE: {"zh-CN": "开具证明", "en-US": "Certificate"},
    EffectKind.CERTIFICATE_PRINTED: {"zh-CN": "打印证明", "en-US": "Certificate print"},
    EffectKind.INVOICE_RESERVE: {"zh-CN": "领取纸质发票", "en-US": "Paper invoices"},
    EffectKind.INVOICE_COMMIT: {"zh-CN": "领取纸质发票", "en-US": "Paper invoices"},
    EffectKind.DECLARATION_SUBMIT: {"zh-CN": "纳税申报", "en-US": "Tax return"},
    EffectKind.PAYMENT_CREATE: {"zh-CN": "缴纳税款", "en-US": "Tax payment"},
    EffectKind.PAYMENT_CLOSE: {"zh-CN": "缴纳税款", "en-US": "Tax payment"},
    EffectKind.FEEDBACK_RATE: {"zh-CN": "服务评价", "en-US": "Rating"},
}
UNKNOWN: Texts = {
    "zh-CN": "还没有收到。终端联网后会自动送达，请过些时候再查，不要重复办理。",
    "en-US": "Not received yet. The terminal delivers it when it is online; look again later, do not repeat it.",
}
ACCEPTED: Texts = {"zh-CN": "已办结。", "en-US": "Done."}
DUPLICATE: Texts = {
    "zh-CN": "此前已办理过，没有重复入账。",
    "en-US": "Done before; nothing was booked twice.",
}
PAYMENT: dict[PaymentStateName, Texts] = {
    PaymentStateName.CREATED: {"zh-CN": "等待付款。", "en-US": "Waiting for payment."},
    PaymentStateName.APPROVED: {"zh-CN": "已缴款入库。", "en-US": "Paid and booked."},
    PaymentStateName.DECLINED: {"zh-CN": "付款未成功，没有扣款。", "en-US": "Not paid; nothing was charged."},
    PaymentStateName.CLOSED: {"zh-CN": "订单已关闭，没有扣款。", "en-US": "Closed; nothing was charged."},
    PaymentStateName.UNKNOWN: {
        "zh-CN": "正在向银行查实，请勿重复缴款。",
        "en-US": "Being confirmed with the bank; do not pay again.",
    },
}


class ReferencePublicRecords:
    """Implements ``PublicRecords``. Thread-safe."""

    def __init__(self, system: ReferenceSystem, catalogue: Catalogue) -> None:
        self._system = system
        self._catalogue = catalogue

    def certificate(self, number: str) -> CertificateRecord | None:
        """The certificate of this number."""
        with self._system.read() as work:
            return work.core.certificates.record(number)

    def slip(self, key: str) -> SlipStatus:
        """The state of the effect with this key; ``unknown`` when it has not arrived (yet)."""
        t = tables.effect
        with self._system.read() as work:
            row = work.context.connection.execute(select(t).where(t.c.key == key)).one_or_none()
            if row is None:
                return SlipStatus(key, "unknown", "", {"zh-CN": "", "en-US": ""}, UNKNOWN, "", None, None)
            order = None
            if row.kind in (EffectKind.PAYMENT_CREATE, EffectKind.PAYMENT_CLOSE) and row.reference:
                order = work.core.payments.order(row.reference)
        return self._status(row, EffectAnswer.model_validate(row.answer), order)

    def _status(self, row: Row[Any], answer: EffectAnswer, order: Order | None) -> SlipStatus:
        service = self._catalogue.get(row.service)
        title = service.service.title if service is not None else TITLES[row.kind]
        deadline = answer.refusal.deadline if answer.refusal is not None else None
        state, text = _words(answer)
        facts = _facts(answer, order)
        if order is not None and state == "accepted":
            text = PAYMENT[order.state]
            state = "inDoubt" if order.state is PaymentStateName.UNKNOWN else state
        return SlipStatus(
            row.key, state, row.kind, title, text, row.reference, row.received_at, deadline, facts
        )


def _words(answer: EffectAnswer) -> tuple[Any, Texts]:
    no = answer.refusal
    if answer.state == "refused" and no is not None:
        text = {lang: f"{no.text[lang]}。{no.next_step.get(lang, '')}" for lang in ("zh-CN",)}
        text["en-US"] = f"{no.text['en-US']}. {no.next_step.get('en-US', '')}"
        return "refused", text
    return answer.state.value, DUPLICATE if answer.state == "duplicate" else ACCEPTED


def _facts(answer: EffectAnswer, order: Order | None) -> Facts:
    """What the slip shows too: numbers and sums, no person."""
    found: list[tuple[Texts, str]] = []
    total = answer.result.get("total_fen")
    if isinstance(total, int):
        found.append(({"zh-CN": "税费合计（元）", "en-US": "Total (yuan)"}, format_yuan(Fen(total))))
    delivered = answer.result.get("delivered")
    if isinstance(delivered, int):
        found.append(({"zh-CN": "实领份数", "en-US": "Sheets taken"}, str(delivered)))
    if order is not None:
        found.append(({"zh-CN": "金额（元）", "en-US": "Amount (yuan)"}, format_yuan(Fen(order.amount_fen))))
        if order.voucher:
            found.append(({"zh-CN": "缴款凭证号", "en-US": "Payment voucher"}, order.voucher))
    return tuple(found)
