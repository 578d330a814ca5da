"""A code before the reader: waiting, another kind of code, the reader broken."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.pages import Choice, ScanPage, Screen
from ui.samples.frame import Look

STEPS = (("扫码", "Scan"), ("查验", "Check"), ("结果", "Result"))
SERVICE = ("查验发票", "Verify an invoice")


def codes(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    t = look.t
    around = {"service": t(*SERVICE), "steps": look.steps(0, *STEPS)}
    waiting = ScanPage(
        title=t("请扫发票上的二维码", "Scan the invoice's QR code"),
        lead=t("在发票的左上角。", "It is at the upper left of the invoice."),
        where=t("屏幕左下方", "Lower left of the screen"),
        tips=(t("摊平，不要折", "Lay it flat, without folds"), t("离扫码口约一拳远", "A fist's width away")),
        others=(
            Choice(
                "type",
                t("扫不了，我自己输入", "I cannot scan it, I will type it"),
                t("按纸上印的号码输入", "Type the number printed on the paper"),
                icon="edit",
            ),
        ),
    )
    other = t(
        "这不是发票上的二维码，请扫发票左上角的码",
        "This is not the code of an invoice; scan the one at its upper left",
    )
    broken = t(
        "扫码器没有回应，请再试一次，或找工作人员",
        "The code reader does not answer; try again, or ask the staff",
    )
    once_more = t("再扫一次", "Scan again")
    return {
        "scan": look.screen(waiting, **around),
        "scan-again": look.screen(replace(waiting, state="again", message=other, tips=()), **around),
        "scan-failed": look.screen(
            replace(waiting, state="failed", message=broken, action=once_more, tips=()), **around
        ),
    }
