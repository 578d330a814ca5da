"""Collecting paper invoices: how many, and the sheets as they come out."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.pages import ChoosePage, DispensedSheet, DispensePage, Screen
from ui.samples.declare import ENTERPRISE
from ui.samples.frame import Look

STEPS = (
    ("验证", "Identify"),
    ("企业", "Enterprise"),
    ("份数", "How many"),
    ("核对", "Check"),
    ("出票", "Dispense"),
)


def collect(look: Look) -> dict[str, Screen]:
    """The samples by name."""

    def step(now: int) -> dict[str, object]:
        return {"service": look.t("领取纸质发票", "Collect paper invoices"), "steps": look.steps(now, *STEPS)}

    moving = _moving(look)
    code = look.t("发票代码 9900 2600 01", "Invoice code 9900 2600 01")
    still = {"can_back": False, "can_leave": False, "status_note": code}
    return {
        "choose-count": look.screen(_count(look), **step(2)),
        "dispense": look.screen(moving, **step(4), **still),
        "dispense-take": look.screen(_take(look, moving), **step(4), **still),
        "dispense-problem": look.screen(_problem(look, moving), **step(4), **still),
    }


def _count(look: Look) -> ChoosePage:
    t = look.t
    return ChoosePage(
        shape="count",
        title=t("领多少份？", "How many sheets?"),
        owner=t(*ENTERPRISE),
        owner_tag=t("购票员", "Collector"),
        action=t("下一步", "Continue"),
        count=5,
        count_max=25,
        count_unit=t("份", "sheets"),
        facts=(
            (t("这次最多可领", "You may take up to"), t("25 份", "25 sheets")),
            (
                t("为什么是这个数", "Why this number"),
                t("按月核定减去已领", "Monthly approval less what you took"),
            ),
            (t("手里还没用的", "Not used yet"), t("0 份", "0 sheets")),
            (t("本月已领 / 核定", "This month / approved"), "0 / 25"),
        ),
    )


def _moving(look: Look) -> DispensePage:
    t = look.t
    done, waiting = t("号码相符", "Number right"), t("等待", "Waiting")
    return DispensePage(
        title=t("正在出第 3 张，共 5 张", "Sheet 3 of 5 is coming"),
        lead=t(
            "请等 5 张都出完、灯变绿，再一起取走。约 20 秒。",
            "Please wait for all 5 and the green light, then take them together.",
        ),
        state="moving",
        sheets=(
            DispensedSheet("…4801", "done", done),
            DispensedSheet("…4802", "done", done),
            DispensedSheet("…4803", "reading", t("正在读号", "Reading")),
            DispensedSheet("4", "waiting", waiting),
            DispensedSheet("5", "waiting", waiting),
        ),
        where=t("屏幕下方左侧", "Below the screen, left"),
        progress=0.52,
        message=t(
            "机器会给每张发票拍照读号，与发放记录逐张核对。",
            "Each sheet's number is read and compared with the record.",
        ),
        note=t(
            "出票时不能返回。有问题请点“找人帮忙”。",
            "No way back while sheets move. Touch 'Call staff' for help.",
        ),
    )


def _take(look: Look, moving: DispensePage) -> DispensePage:
    t = look.t
    sheets = tuple(DispensedSheet(f"…48{i + 1:02}", "done", moving.sheets[0].text) for i in range(5))
    return replace(
        moving,
        title=t("请取走您的发票", "Please take your invoices"),
        lead=t(
            "共 5 张，请当面点清。60 秒内没有取走会收回。",
            "5 sheets. Count them here. They are drawn back after 60 seconds.",
        ),
        state="take",
        sheets=sheets,
        progress=1.0,
        note="",
    )


def _problem(look: Look, moving: DispensePage) -> DispensePage:
    t = look.t
    rejected = DispensedSheet("…4803", "rejected", t("已收回", "Drawn back"))
    return replace(
        moving,
        title=t("出票停下了", "Dispensing has stopped"),
        lead=t(
            "已出 2 张，共要 5 张。没出的不记在您名下。", "2 of 5 came out. The rest is not booked to you."
        ),
        action=t("打印回单", "Print the slip"),
        state="problem",
        sheets=(*moving.sheets[:2], rejected, *moving.sheets[3:]),
        progress=0.4,
        message=t(
            "两张纸粘在了一起，机器已停下。这些号码已锁定。",
            "Two sheets stuck together; the machine stopped and locked their numbers.",
        ),
        note="",
    )
