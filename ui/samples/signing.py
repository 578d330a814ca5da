"""Signing in: the card on the reader, consent, the camera, the staff's PIN, a claimed enterprise."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.pages import CapturePage, Choice, ConsentPage, FormPage, FormRow, IdentifyPage, Screen
from ui.samples.frame import Look

STEPS = (
    ("验证", "Identify"),
    ("企业", "Enterprise"),
    ("申报表", "Return"),
    ("核对", "Check"),
    ("缴税", "Pay"),
)
SERVICE = ("小规模纳税人增值税申报", "Small-scale VAT return")


def signing(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    around = {"service": look.t(*SERVICE), "steps": look.steps(0, *STEPS)}
    waiting = _waiting(look)
    wrong = look.t("没有读完整，请拿起来重新放一次", "Not read fully; please lift it and place it again")
    failed = look.t(
        "证件已过有效期，请到窗口办理，或换有效的证件",
        "The card has expired; use a valid one or go to a counter",
    )
    reading = look.t("正在读，请不要拿走", "Reading; please leave it there")
    note = look.t("无操作 60 秒后返回首页", "Back to the start after 60 seconds")
    return {
        "identify": look.screen(waiting, **around, status_note=note),
        "identify-reading": look.screen(
            replace(waiting, state="reading", message=reading, others=(), note=""), **around
        ),
        "identify-again": look.screen(replace(waiting, state="again", message=wrong, tips=()), **around),
        "identify-away": look.screen(
            replace(
                waiting,
                state="away",
                message=look.t("读卡器还没准备好，请稍等", "The reader is not ready; please wait"),
                others=(),
                note="",
            ),
            **around,
        ),
        "identify-failed": look.screen(
            replace(
                waiting,
                state="failed",
                message=failed,
                tips=(),
                others=(),
                note="",
                action=look.t("再放一次", "Once more"),
            ),
            **around,
        ),
        "capture-consent": look.screen(_consent(look), **around),
        "capture": look.screen(_camera(look, "looking", ""), **around),
        "capture-again": look.screen(
            _camera(
                look,
                "again",
                look.t("没有比对上，请正对镜头再试一次", "It did not match. Look straight into the lens."),
            ),
            **around,
        ),
        "consent": look.screen(_notice(look), **around),
        "form-pin": look.screen(_pin(look), **around),
        "form-uscc": look.screen(_claim(look), **around),
    }


def _waiting(look: Look) -> IdentifyPage:
    t = look.t
    others = (
        Choice("qr", t("扫手机码", "Phone code"), icon="qr"),
        Choice("passport", t("其他证件", "Other document"), icon="passport"),
        Choice("face", t("刷脸", "Face"), icon="face"),
    )
    if look.elder:
        return IdentifyPage(
            title=t("请把身份证\n放在亮灯的地方", "Put your ID card\non the lit place"),
            state="waiting",
            where=t("就在屏幕下面，右手边", "Below the screen, right"),
            tips=(t("平放，听到“嘀”一声再拿", "Flat; lift it after the beep"),),
            others=(Choice("phone", t("没带证？用手机办", "No card? Use a phone"), icon="phone"),),
            note=t("慢慢来，3 分钟内都等着您", "Take your time, 3 minutes"),
        )
    return IdentifyPage(
        title=t("请把身份证放在亮灯处", "Put your ID card on the light"),
        lead=t(
            "屏幕下方，右手边。平放，听到“嘀”一声再拿起。",
            "Below the screen, on your right. Lay it flat and lift it after the beep.",
        ),
        state="waiting",
        message=t("等待放卡", "Waiting"),
        where=t("屏幕下方，右手边", "Below the screen, on your right"),
        tips=(t("证件只用于这次办理，退出后即清除", "Used for this visit only, then erased"),),
        others_title=t("没带身份证？换一种方式", "No ID card with you? Another way"),
        others=others,
        note=t(
            "刷脸需您同意，且只作辅助；不刷脸也能办。",
            "A face check needs your consent and is never the only way.",
        ),
    )


def _consent(look: Look) -> CapturePage:
    t = look.t
    return CapturePage(
        title=t("同意比对人脸吗？", "May we compare your face?"),
        lead=t(
            "人脸是敏感信息，请您先看清楚、同意再开始。",
            "Your face is sensitive data. Please read this before you agree.",
        ),
        action=t("同意，开始比对", "I agree, begin"),
        state="consent",
        consent=(
            t(
                "拍一张您现在的脸，与身份证上的照片比对",
                "We take a picture of your face and compare it with your card's photo",
            ),
            t(
                "只用来确认是您本人，不作他用，不传出本机",
                "Only to confirm that it is you; it never leaves this machine",
            ),
            t("比完就删除，不保存照片", "It is erased at once and never stored"),
        ),
        others=(_staff(look),),
    )


def _staff(look: Look) -> Choice:
    t = look.t
    return Choice(
        "staff",
        t("不比对人脸，请工作人员核对", "Let a member of staff check instead"),
        t("按“找人帮忙”，工作人员就来", "Touch 'Call staff' and somebody comes"),
        "staff",
    )


def _camera(look: Look, state: str, message: str) -> CapturePage:
    t = look.t
    return CapturePage(
        title=t("请看镜头", "Look into the camera"),
        lead=t(
            "摘下帽子和口罩，看着上方的镜头，轻轻眨眼。",
            "Take off hat and mask, look into the lens above, blink gently.",
        ),
        action=t("再试一次", "Try again") if state == "again" else "",
        state=state,
        message=message,
        preview=True,
        others=(_staff(look),),
    )


def _notice(look: Look) -> ConsentPage:
    t = look.t
    return ConsentPage(
        title=t("办理前，请您知道", "Before we begin"),
        action=t("我知道了，继续", "I understand, continue"),
        second=Choice("no", t("不同意", "I do not agree")),
        points=(
            Choice(
                "1",
                t("会读取您的身份证信息", "Your ID card is read"),
                t("只用于这次办理", "For this visit only"),
                "id",
            ),
            Choice(
                "2",
                t("会查询您名下企业的税务信息", "Your enterprise's tax data is fetched"),
                t("按您的身份显示", "As far as your role allows"),
                "reg",
            ),
            Choice(
                "3",
                t("退出后立即清除", "Erased when you leave"),
                t("本机不留存", "Nothing stays on this machine"),
                "shield",
            ),
        ),
    )


def _pin(look: Look) -> FormPage:
    t = look.t
    return FormPage(
        title=t("请工作人员核对", "A member of staff, please"),
        lead=t(
            "工作人员：请核对证件与本人，再输入您的 6 位核验码。",
            "Staff: compare the card with the person, then enter your 6 digits.",
        ),
        action=t("已核对，是本人", "Checked, it is the person"),
        action_enabled=False,
        rows=(FormRow("pin", t("工作人员核验码", "Staff code"), "●●●", editable=True, keypad="digits"),),
        focused="pin",
    )


def _claim(look: Look) -> FormPage:
    t = look.t
    wrong = t(
        "代码不对，请对照营业执照再输一遍（18 位）",
        "The code is not right; compare it with the licence (18 characters)",
    )
    row = FormRow(
        "uscc",
        t("统一社会信用代码", "Credit code"),
        "91530100MA6K0M7X",
        editable=True,
        keypad="uscc",
        error=wrong,
    )
    return FormPage(
        title=t("给哪家企业申报？", "Which enterprise is it for?"),
        lead=t("现在没有网络，请输入企业的代码。", "There is no network now. Type the enterprise's code."),
        action=t("下一步", "Continue"),
        action_enabled=False,
        rows=(row,),
        focused="uscc",
        errors=(wrong,),
    )
