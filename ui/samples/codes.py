"""A code before the reader: waiting, another kind, the reader broken, print read in its place. A tax UKey: put in, pulled out, taken."""

from __future__ import annotations

from dataclasses import replace

from config.texts import Texts
from kiosk.flow.pages import Choice, CollectPage, ContinuePage, FormPage, FormRow, PagesPage, ScanPage, Screen
from kiosk.flow.ukey_page import UkeyPage
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
    ukey = UkeyPage(
        owner=t("云川晨星茶叶有限公司", "Yunchuan Chenxing Tea Co., Ltd."),
        owner_tag=t("法定代表人", "Legal representative"),
        title=t("请插入税务UKey", "Put the tax UKey in"),
        lead=t("插到底，不用输入密码。", "All the way in. No password is asked for."),
        where=t("屏幕下方的插口", "The slot below the screen"),
        tips=(
            t("办完前不要拔出", "Leave it in until you are done"),
            t("金税盘、税控盘也可以", "Tax-control disks too"),
        ),
        others=(Choice("none", t("没有带税务UKey", "I have no UKey with me"), icon="help"),),
    )
    kept = {
        "service": t("税务UKey抄报清卡", "Tax UKey: report, unlock"),
        "steps": look.steps(
            2,
            ("验证", "Identify"),
            ("企业", "Enterprise"),
            ("读取", "Read"),
            ("抄报", "Report"),
            ("清卡", "Unlock"),
            ("回单", "Receipt"),
        ),
    }
    pulled = t(
        "税务UKey被拔出了，请再插进去，接着办", "The UKey was pulled out; please put it in again to go on"
    )
    later = Choice(
        "later",
        t("先不清卡，打印回单", "Unlock another time, print the slip"),
        t("下次插入同一个税务UKey，会接着清卡", "It goes on when the same UKey is put in again"),
        icon="slip",
    )
    out = replace(
        ukey,
        title=t("请拔出税务UKey", "Take the UKey out"),
        lead=t("拔出后打印回单。", "Your slip is printed then."),
        action=t("已经拔出，继续", "It is out, continue"),
        illustration="smartCardReader-out",
        state="take",
        tips=(),
        others=(),
    )
    return {
        **_begun(look),
        **_printed(look),
        "ukey": look.screen(ukey, **kept),
        "ukey-again": look.screen(
            replace(ukey, state="again", message=pulled, tips=(), others=(later,)), **kept
        ),
        "ukey-out": look.screen(out, **kept),
        "scan": look.screen(waiting, **around),
        "scan-again": look.screen(replace(waiting, state="again", message=other, tips=()), **around),
        "scan-failed": look.screen(
            replace(waiting, state="failed", message=broken, action=once_more, tips=()), **around
        ),
    }


def _printed(look: Look) -> dict[str, Screen]:
    """An invoice without a code: nothing of it was read; what was read, one figure not clear, one empty."""
    t, words = look.t, Texts(look.lang)
    around = {"service": t(*SERVICE), "steps": look.steps(0, *STEPS)}
    typed = t("扫不了，我自己输入", "I cannot scan it, I will type it")
    none = PagesPage(
        title=words.get("scan.laid.title.unread"),
        action=words.get("scan.laid.action.unread"),
        second=Choice("type", typed),
        state="again",
        message=words.get("scan.print.not-an-invoice"),
        illustration="documentScanner",
        where=words.get("pages.where.documentScanner"),
        tips=tuple(words.get(f"pages.tip.documentScanner.{n}") for n in (1, 2, 3)),
    )
    read, doubt = words.get("form.from-print"), words.get("form.from-print.doubtful")
    rows = (
        FormRow("number", t("发票号码", "Invoice no."), "00270001", source=read),
        FormRow("code", t("发票代码", "Invoice code"), "099002600104", source=doubt, doubtful=True),
        FormRow(
            "issued", t("开票日期", "Issued on"), t("2026年7月1日", "1 Jul 2026"), source=read, input="date"
        ),
        FormRow(
            "amount",
            t("金额", "Amount"),
            note=t("数电票填价税合计，专票填不含税金额", "With tax if fully digital, else without"),
            value="",
            input="money",
        ),
        FormRow(
            "check",
            t("校验码", "Check code"),
            "77719773351440978552",
            source=read,
        ),
    )
    form = FormPage(
        title=t("和发票上的一样吗？", "Is this what the invoice says?"),
        lead=words.get("form.printed"),
        action=t("查验", "Check it"),
        rows=tuple(
            replace(row, editable=True, keypad="" if row.input == "date" else "digits") for row in rows
        ),
        note=words.get("form.kept"),
    )
    checking = {**around, "steps": look.steps(1, *STEPS)}
    return {
        "laid-none": look.screen(none, **around),
        "form-printed": look.screen(form, **checking),
        "form-printed-typing": look.screen(replace(form, focused="code"), **checking),
    }


def _begun(look: Look) -> dict[str, Screen]:
    """What was begun on a phone: its code scanned beside the buyer's, or typed, with a character wrong."""
    t = look.t
    around = {
        "service": t("代开发票", "Have an invoice issued"),
        "steps": look.steps(
            2, ("验证", "Identify"), ("销售方", "Seller"), ("购买方", "Buyer"), ("项目", "Goods")
        ),
    }
    scan = ScanPage(
        owner=t("我本人", "Myself"),
        title=t("请扫购买方的发票抬头码", "Scan the buyer's title code"),
        lead=t(
            "在对方的纸上或手机上；您在手机上填好的码也行。",
            "On the buyer's paper or phone; or the code of what you began on yours.",
        ),
        where=t("屏幕左下方", "Lower left of the screen"),
        tips=(t("摊平，不要折", "Lay it flat, without folds"), t("离扫码口约一拳远", "A fist's width away")),
        others=(
            Choice(
                "code",
                t("输入手机上的码", "Type the code from my phone"),
                t("您在手机上先填好了", "You filled it in on your phone before"),
                icon="phone",
            ),
            Choice(
                "type",
                t("扫不了，我自己输入", "I cannot scan it, I will type it"),
                t("按纸上印的号码输入", "Type the number printed on the paper"),
                icon="edit",
            ),
        ),
    )
    wrong = t("有一位不对，请对照手机上的码", "A character is wrong. Please look again")
    typing = FormPage(
        owner=t("我本人", "Myself"),
        title=t("请输入手机上的码", "The code on your phone"),
        lead=t(
            "10 位，在手机二维码的下面；用一次就失效。",
            "10 characters, below the QR code; good once.",
        ),
        action=t("接着办", "Go on with it"),
        second=Choice("scan", t("改用扫码", "Scan it instead")),
        rows=(
            FormRow(
                id="draft-code",
                label=t("手机上的码", "Code on your phone"),
                value="7K2M9QX4P5",
                editable=True,
                keypad="uscc",
                error=wrong,
                most=10,
            ),
        ),
        focused="draft-code",
        note=t(
            "填好的内容会带到下一页，您可以改。", "What you filled in comes with you; you may correct it."
        ),
        errors=(wrong,),
    )
    going_on = ContinuePage(
        owner=t("我本人", "Myself"),
        title=t("请用手机扫码接着办", "Go on on your phone"),
        lead=t(
            "只有第一部打开的手机能用，请不要让别人扫。",
            "The first phone that opens it owns it: let nobody else scan it.",
        ),
        action=t("手机已打开，结束", "It is on my phone, end here"),
        note=t(
            "请先在手机上打开，再结束。30 分钟内在手机上办完。",
            "Open it first; finish there within 30 minutes.",
        ),
        qr="https://bureau.example/c/0199d5f0-7c1a-7abc-8def-0123456789ab.x1Yz0123456789abcdefABCD",
        seconds_left=1748,
        seconds_total=1800,
        points=(
            Choice("1", t("用手机相机或微信扫码", "Scan it with your phone"), icon="scan"),
            Choice("2", t("点“在这部手机上继续”", "Touch 'Continue on this phone'"), icon="check"),
            Choice("3", t("核对、缴税、取发票都在手机上", "Check, pay, take the invoice there"), icon="lock"),
        ),
    )
    over = replace(
        going_on,
        title=t("这个码已经失效", "This code is good no more"),
        lead=t(
            "手机上没有打开过的，请重新办。已提交没缴税的，今天在“缴纳税款”里缴清。",
            "Not opened on a phone? Please begin again. Applied for and not paid? Pay it today under Pay taxes.",
        ),
        note="",
        state="over",
        qr="",
        seconds_left=0,
        points=(),
    )
    collecting = CollectPage(
        owner=t("我本人", "Myself"),
        title=t("请用手机扫码取证明", "Fetch it with your phone"),
        lead=t("链接只能用一次，30 分钟内有效。", "The link works once, within 30 minutes."),
        action=t("已存到手机，下一步", "It is on my phone, continue"),
        note=t(
            "请先在手机上存好，再按下一步。这个码只能用一次。",
            "Save it on your phone first, then go on. The code works once.",
        ),
        qr="https://bureau.example/k/0199d5f0-7c1a-7abc-8def-0123456789ab.x1Yz0123456789abcdefABCD",
        seconds_left=1748,
        seconds_total=1800,
        points=(
            Choice("1", t("用手机相机或微信扫码", "Scan it with your phone"), icon="scan"),
            Choice("2", t("点“下载”，把 PDF 存好", "Touch 'Fetch it' and save the PDF"), icon="check"),
            Choice(
                "3",
                t("只能下载一次，请不要让别人扫", "It works once - let nobody else scan it"),
                icon="lock",
            ),
        ),
    )
    return {
        "collect": look.screen(collecting, **around),
        "scan-begun": look.screen(scan, **around),
        "draft-code": look.screen(typing, **around),
        "continue": look.screen(going_on, **around),
        "continue-over": look.screen(over, **around),
    }
