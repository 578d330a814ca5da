"""Before, after and between the services: attract, home, farewell, out of service, messages, rating."""

from __future__ import annotations

from dataclasses import replace

from config.texts import Texts
from kiosk.flow.pages import (
    AttractPage,
    Choice,
    FarewellPage,
    HomePage,
    Mark,
    MessagePage,
    OutOfServicePage,
    RatePage,
    Screen,
    ServicesPage,
)
from ui.samples.frame import Look


def public(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    still = {"can_back": False, "can_leave": False, "status_note": ""}
    down = look.t("网络中断", "Network down")
    return {
        "attract": look.screen(_attract(look), **still),
        "home": look.screen(_home(look), **still),
        "home-signed-in": look.screen(_home(look), can_back=False),
        "home-degraded": look.screen(_degraded(look), **still),
        "home-few": look.screen(_few(look), online=False, network_text=down, **still),
        "services": look.screen(_group(look), can_leave=False, status_note=""),
        "services-many": look.screen(_long_group(look)),
        "rate": look.screen(_rate(look), can_back=False),
        "rate-low": look.screen(_rate_low(look), can_back=False),
        "message-refused": look.screen(
            _refused(look), service=look.t("领取纸质发票", "Collect paper invoices")
        ),
        "message-problem": look.screen(_problem(look), online=False, network_text=down, can_back=False),
        "farewell": look.screen(_farewell(look), **still),
        "farewell-most": look.screen(_farewell(look, certificate=True), **still),
        "power-failed": look.screen(_home(look), can_back=False, **_power(look)),
        "out-of-service": look.screen(_closed(look), **still),
    }


def _power(look: Look) -> dict[str, str]:
    """The longest of the notices, in the terminal's own words."""
    texts = Texts(look.lang)
    return {
        "notice_title": texts.get("power.title"),
        "notice_text": texts.get("power.paying"),
        "status_note": texts.get("status.power.low"),
    }


def _services(look: Look) -> tuple[Choice, ...]:
    t = look.t
    return (
        Choice(
            "collect",
            t("领取发票", "Collect invoices"),
            t("核对后出票", "Checked, then dispensed"),
            "collect",
        ),
        Choice("issue", t("开具发票", "Issue an invoice"), t("开票并缴税", "Issue and pay"), "issue"),
        Choice("verify", t("查验发票", "Verify an invoice"), t("扫码知真伪", "Scan to check it"), "verify"),
        Choice("reg", t("登记与变更", "Registration"), t("企业信息", "Enterprise details"), "reg"),
        Choice("refund", t("退税", "Refunds"), t("申请与进度", "Apply and follow"), "refund"),
        Choice("consult", t("咨询互助", "Ask us"), t("说出您的问题", "Tell us your question"), "consult"),
    )


def _large(look: Look) -> tuple[Choice, ...]:
    t = look.t
    return (
        Choice(
            "declare",
            t("申报缴税", "File and pay"),
            t("增值税、印花税、个税、社保费", "VAT, stamp duty, income tax"),
            "declare",
        ),
        Choice(
            "cert", t("打印证明", "Certificates"), t("完税、纳税记录、无欠税", "Payments, tax record"), "cert"
        ),
    )


def _marks(look: Look, printing: bool = True) -> tuple[Mark, ...]:
    t = look.t
    return (
        Mark(t("联网办理", "Online"), True),
        Mark(t("发票出票", "Invoices"), True),
        Mark(t("扫码缴税", "Scan to pay"), True),
        Mark(t("打印", "Printing") if printing else t("打印：缺纸", "No paper"), printing),
    )


def _attract(look: Look) -> AttractPage:
    t = look.t
    return AttractPage(
        title=t("自助办税", "Tax services"),
        lead=t("申报 缴税 领票 开证明", "File, pay, collect, certify"),
        note=t("等候 0 人　开放至 21:00", "Nobody waiting · open until 21:00"),
        marks=(
            Choice("declare", t("申报缴税", "File and pay"), icon="declare"),
            Choice("collect", t("领取发票", "Invoices"), icon="collect"),
            Choice("cert", t("打印证明", "Certificates"), icon="cert"),
            Choice("verify", t("查验发票", "Verify"), icon="verify"),
        ),
    )


def _home(look: Look) -> HomePage:
    t = look.t
    elder = _elder_services(look)
    return HomePage(
        title=t("您好，要办哪件事？", "What do you need?")
        if look.elder
        else t("您好，今天办什么？", "What would you like to do?"),
        marks=_marks(look),
        large=elder[:1] if look.elder else _large(look),
        tiles=elder[1:] if look.elder else _services(look),
        wide=None
        if look.elder
        else Choice(
            "progress",
            t("查进度、取已批的件", "Follow a case, fetch papers"),
            t("扫受理单上的码，或刷身份证", "Scan your slip, or use your ID card"),
            "progress",
        ),
        note=""
        if look.elder
        else t(
            "不会操作？点下面“找人帮忙”，工作人员就来。",
            "Not sure? Touch 'Call staff' below and somebody comes.",
        ),
    )


def _elder_services(look: Look) -> tuple[Choice, ...]:
    t = look.t
    return (
        Choice("cert", t("打印证明", "Certificates"), t("纳税记录、社保", "Tax record, insurance"), "cert"),
        Choice(
            "social", t("缴社保费", "Social insurance"), t("扫码或刷卡缴", "Pay by phone or card"), "social"
        ),
        Choice(
            "house",
            t("房屋车辆缴税", "House and car tax"),
            t("契税、车船税", "Deed tax, vehicle tax"),
            "declare",
        ),
        Choice("refund", t("个人退税", "Refunds"), t("申请、查进度", "Apply, follow"), "refund"),
        Choice("issue", t("开发票", "Issue an invoice"), t("个人开票", "For a person"), "issue"),
        Choice("consult", t("我想问一问", "I have a question"), t("按住说话就行", "Just tell us"), "consult"),
    )


def _degraded(look: Look) -> HomePage:
    t = look.t
    home = _home(look)
    no_paper = t("暂不能打印 · 可发到手机", "No printing · sent to your phone")
    close = {"cert": no_paper, "issue": t("暂停打印 · 可发手机", "No printing · to phone")}

    def closed(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(replace(c, enabled=False, reason=close[c.id]) if c.id in close else c for c in choices)

    return replace(
        home,
        marks=_marks(look, printing=False),
        large=closed(home.large),
        tiles=closed(home.tiles),
        banner=t("本机打印纸用完了", "This machine is out of paper"),
        banner_text=t(
            "9:36 已通知工作人员，约 10 分钟后恢复。不用纸的业务照常办。",
            "Staff were told at 9:36; about 10 minutes. What needs no paper works as usual.",
        ),
        wide=None,
        note="",
        elsewhere=Choice(
            "elsewhere",
            t("现在就要纸质件", "Need it on paper now?"),
            t("请用左边 6 米处 A-09 号机，打印正常", "Machine A-09, six metres to the left, prints"),
            "printer",
        ),
    )


def _few(look: Look) -> HomePage:
    home = _home(look)
    offline = replace(home.tiles[0], reason=look.t("没有回单纸，改用二维码", "No slip paper, a code instead"))
    return replace(home, tiles=(offline, home.tiles[1]), wide=None)


def _group(look: Look) -> ServicesPage:
    t = look.t
    return ServicesPage(
        title=t("申报缴税", "File and pay"),
        lead=Texts(look.lang).get("services.lead"),
        services=(
            Choice(
                "vat",
                t("增值税申报", "File and pay VAT"),
                t("已按发票填好，核对即可", "Filled in from your invoices"),
                "declare",
            ),
            Choice("due", t("缴纳税款", "Pay taxes"), t("手机扫码或刷卡缴款", "By phone or bank card"), "qr"),
            Choice(
                "iit",
                t("个人所得税综合所得年度汇算", "Annual settlement of individual income tax"),
                t("已按收入填好，多退少补", "Filled in from your income"),
                "calc",
                enabled=False,
                reason=t("网络恢复后可办", "When the network is back"),
            ),
        ),
        note=Texts(look.lang).get("home.help"),
    )


def _long_group(look: Look) -> ServicesPage:
    """More than one page of them."""
    page = _group(look)
    more = tuple(replace(c, id=f"{c.id}{n}") for n in range(5) for c in page.services)
    return replace(page, services=more)


def _rate(look: Look) -> RatePage:
    t = look.t
    words = {
        "5": ("非常满意", "Very good"),
        "4": ("满意", "Good"),
        "3": ("基本满意", "Fair"),
        "2": ("不满意", "Poor"),
        "1": ("非常不满意", "Very poor"),
    }
    return RatePage(
        title=t("这次办得满意吗？", "How was it?"),
        lead=t("您的评价会帮助我们改进，可以不评。", "Your answer helps us. You may skip it."),
        action=t("提交评价", "Send"),
        action_enabled=False,
        second=Choice("skip", t("不评了", "Skip")),
        levels=tuple(Choice(level, t(*word), icon=f"face{level}") for level, word in words.items()),
    )


def _rate_low(look: Look) -> RatePage:
    t = look.t
    reasons = (
        ("slow", "太慢", "Too slow"),
        ("unclear", "看不懂", "Hard to understand"),
        ("paper", "纸张或打印", "Paper or printing"),
        ("device", "机器不好用", "The machine"),
        ("other", "其他", "Something else"),
    )
    return replace(
        _rate(look),
        action_enabled=True,
        selected="2",
        reasons=tuple(Choice(i, t(zh, en)) for i, zh, en in reasons),
        chosen_reasons=("slow",),
    )


def _refused(look: Look) -> MessagePage:
    t = look.t
    return MessagePage(
        title=t("现在还不能办", "Not possible yet"),
        action=t("回到首页", "Back to the start"),
        tone="refused",
        body=(
            t(
                "贵企业有一期增值税还没有申报，暂时不能领用发票。",
                "One VAT return of your enterprise is missing, so invoices cannot be collected yet.",
            ),
            t(
                "请先在本机办“申报缴税”，办完马上就能领。",
                "File it here first under 'File and pay'; you can collect right after.",
            ),
        ),
        facts=(
            (t("未申报的所属期", "Missing period"), t("2026年 4 – 6 月", "Apr – Jun 2026")),
            (t("请在此日期前", "Please do so by"), t("2026年10月26日", "26 Oct 2026")),
        ),
    )


def _problem(look: Look) -> MessagePage:
    t = look.t
    return MessagePage(
        title=t("连不上税务系统", "Cannot reach the tax system"),
        action=t("再试一次", "Try again"),
        second=Choice("home", t("回到首页", "Back to the start")),
        tone="problem",
        body=(
            t(
                "现在连不上税务系统。请过一会儿再试，或到窗口办理。没有提交任何东西。",
                "The tax system cannot be reached now. Try again later or go to a counter. Nothing was sent.",
            ),
        ),
        incident="A07-1012-0042",
    )


def _farewell(look: Look, certificate: bool = False) -> FarewellPage:
    t = look.t
    sealed = (Choice("certificate", t("证明", "Certificate"), icon="cert"),) if certificate else ()
    return FarewellPage(
        title=t("请带走您的东西", "Please take your things"),
        lead=t("您的信息已从本机清除。", "Your data has been erased from this machine."),
        action=t("好的", "All right"),
        take=(
            Choice("id", t("身份证", "ID card"), icon="id"),
            *sealed,
            Choice("paper", t("回单", "Slip"), icon="paper"),
            Choice("phone", t("手机", "Phone"), icon="phone"),
        ),
    )


def _closed(look: Look) -> OutOfServicePage:
    t = look.t
    return OutOfServicePage(
        title=t("本机暂停服务", "This machine is closed"),
        body=(
            t("设备检修中。", "It is being repaired."),
            t("请使用旁边的终端，或到窗口办理。", "Please use the terminal beside it, or go to a counter."),
        ),
    )
