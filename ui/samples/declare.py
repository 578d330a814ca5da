"""A VAT return of a small-scale enterprise, from the choice of the enterprise to the stamp."""

from __future__ import annotations

from dataclasses import replace

from config.texts import Texts
from kiosk.flow.pages import (
    Choice,
    ChoosePage,
    DonePage,
    FormPage,
    FormRow,
    PayPage,
    ReviewPage,
    ReviewRow,
    ReviewSection,
    Screen,
    StepMark,
    WorkingPage,
)
from ui.samples.card import by_card, by_debit
from ui.samples.frame import Look
from ui.samples.signing import SERVICE, STEPS

ENTERPRISE = ("云川禾木文具有限公司", "Yunchuan Hemu Stationery Ltd")


def declare(look: Look) -> dict[str, Screen]:
    """The samples by name."""

    def step(now: int) -> dict[str, object]:
        return {"service": look.t(*SERVICE), "steps": look.steps(now, *STEPS)}

    form, review, pay = _form(look), _review(look), _pay(look)
    payee = look.t("收款：云川市税务局（国库）", "Payee: Yunchuan Tax Bureau (treasury)")
    still = {"can_back": False, "can_leave": False, "status_note": ""}
    return {
        "choose-enterprise": look.screen(_enterprises(look), **step(1)),
        "choose-dues": look.screen(_dues(look), **step(1)),
        "working": look.screen(_working(look), **step(1), **still),
        "form": look.screen(form, **step(2)),
        "form-typing": look.screen(replace(form, focused="uninvoiced"), **step(2)),
        "form-error": look.screen(_wrong(look, form), **step(2)),
        "review": look.screen(review, **step(3)),
        "review-late": look.screen(_late(look, review), **step(3)),
        "pay": look.screen(pay, **step(4), status_note=payee),
        "pay-asking": look.screen(
            replace(
                pay,
                qr="",
                state="asking",
                message=look.t("正在向银行确认", "Asking the bank"),
                second=None,
                quiet=(),
            ),
            **step(4),
        ),
        "pay-code-wrong": look.screen(_code_wrong(look, pay), **step(4)),
        "pay-confirming": look.screen(_confirming(look, pay), **step(4)),
        "pay-doubt": look.screen(_doubt(look, pay), **step(4)),
        "pay-card-doubt": look.screen(
            replace(_doubt(look, pay), way="card", message=Texts(look.lang).get("pay.doubt.card")), **step(4)
        ),
        "pay-late": look.screen(
            replace(pay, amount_note=look.t("其中滞纳金 ¥51.20", "¥51.20 of it for late payment")), **step(4)
        ),
        "pay-closed": look.screen(_closed(look, pay), **step(4)),
        **{f"pay-card-{name}": look.screen(page, **step(4)) for name, page in by_card(look, pay).items()},
        **{f"pay-debit-{name}": look.screen(page, **step(4)) for name, page in by_debit(look, pay).items()},
        "done-short": look.screen(replace(_done(look), next_steps=_done(look).next_steps[:1])),
        "done-half-slip": look.screen(_half_slip(look)),
        "done": look.screen(
            _done(look), status_note=look.t("30 秒后自动退出并清除", "Signs out in 30 seconds")
        ),
    }


def _enterprises(look: Look) -> ChoosePage:
    t = look.t
    return ChoosePage(
        confirmed=t("身份已核对：沈*舟", "Identity confirmed: S*** Z***"),
        title=t("这次为哪家企业申报？", "Which enterprise is it for?"),
        lead=t(
            "下面是已与您绑定的 3 家，各自的身份已标出。",
            "Three are registered with you; your role stands beside each.",
        ),
        action=t("以“办税员”身份继续", "Continue as tax handler"),
        quiet=(
            Choice(
                "bind", t("没有找到要办的企业？在这里绑定身份", "Not here? Register your role"), icon="info"
            ),
        ),
        options=(
            Choice(
                "0",
                t(*ENTERPRISE),
                t("小规模纳税人　识别号尾号 0M7X", "Small-scale taxpayer · no. ends in 0M7X"),
                "reg",
                (t("办税员", "Tax handler"), t("三季度待申报 · 10月26日前", "3rd quarter due by 26 Oct")),
                tag_tones=("plain", "due"),
            ),
            Choice(
                "1",
                t("云川青禾图文设计工作室", "Yunchuan Qinghe Design Studio"),
                t("小规模纳税人　识别号尾号 1K2M", "Small-scale taxpayer · no. ends in 1K2M"),
                "reg",
                (t("财务负责人", "Finance officer"), t("本期已申报", "Filed")),
                tag_tones=("plain", "done"),
            ),
            Choice(
                "2",
                t("云川拾光咖啡店（个体）", "Yunchuan Shiguang Coffee"),
                t("识别号尾号 8B5K", "No. ends in 8B5K"),
                "user",
                (t("购票员", "Collector"),),
                enabled=False,
                reason=t("您的身份不能办这件事", "Your role may not do this"),
            ),
        ),
        selected=("0",),
    )


def _dues(look: Look) -> ChoosePage:
    t = look.t
    note = t("2026年 7 – 9 月，10月26日前缴", "Jul – Sep 2026, pay by 26 Oct")
    return ChoosePage(
        shape="many",
        title=t("缴哪几笔？", "Which do you want to pay?"),
        owner=t(*ENTERPRISE),
        owner_tag=t("办税员", "Tax handler"),
        action=t("下一步", "Continue"),
        options=(
            Choice("a", t("增值税", "VAT"), note, "declare", ("¥3,864.00",)),
            Choice("b", t("城市维护建设税", "City construction tax"), note, "declare", ("¥135.24",)),
            Choice("c", t("印花税", "Stamp duty"), note, "declare", ("¥96.60",)),
        ),
        selected=("a", "b"),
        facts=((t("合计", "Total"), "¥3,999.24"),),
    )


def _working(look: Look) -> WorkingPage:
    t = look.t
    return WorkingPage(
        title=t("正在提交申报", "Filing the return"),
        lead=t("请稍等，不用操作。", "Please wait; there is nothing to do."),
        slow=True,
        steps=(
            StepMark(t("已核对", "Checked"), "done"),
            StepMark(t("正在提交申报", "Filing the return"), "now"),
            StepMark(t("记录并给您编号", "Recording it and giving you a number"), "later"),
        ),
    )


def _form(look: Look) -> FormPage:
    t = look.t
    system = t("系统确定", "Set by the system")
    return FormPage(
        owner=t(*ENTERPRISE),
        owner_tag=t("办税员", "Tax handler"),
        title=t("看看这些数字对不对", "Are these figures right?"),
        lead=t(
            "已按您开出的发票填好。只有白底蓝框的一项需要您看一眼。",
            "Filled in from the invoices you issued. Only the white box needs a look.",
        ),
        action=t("数字没错，去核对", "They are right, continue"),
        quiet=(
            Choice("invoices", t("看 128 张发票明细", "See the 128 invoices"), icon="list"),
            Choice("wrong", t("数字不对怎么办", "If they are wrong"), icon="help"),
        ),
        note=t(
            "已自动保存，退出前不会丢。附加税费在下一页一起算。",
            "Saved until you leave. Surcharges follow on the next page.",
        ),
        rows=(
            FormRow(
                "period",
                t("所属期", "Period"),
                t("2026年 7 – 9 月", "Jul – Sep 2026"),
                t("第三季度", "Third quarter"),
                system,
            ),
            FormRow(
                "ordinary",
                t("已开票销售额", "Invoiced sales"),
                "352,400.00",
                t("不含税，共 128 张发票", "Without tax, 128 invoices"),
                t("发票系统取数", "Invoice system"),
            ),
            FormRow(
                "uninvoiced",
                t("未开票销售额", "Sales without invoice"),
                "34,000.00",
                t("没有就填 0", "Enter 0 if none"),
                editable=True,
                keypad="money",
            ),
            FormRow(
                "rate",
                t("适用征收率", "Levy rate"),
                "1%",
                t("3% 减按 1%，优惠已自动享受", "3 % cut to 1 %, applied already"),
                system,
            ),
            FormRow(
                "vat",
                t("本期应纳增值税", "VAT for the period"),
                "3,864.00",
                "386,400.00 × 1%",
                t("单位：元", "CNY"),
                strong=True,
            ),
        ),
    )


def _wrong(look: Look, form: FormPage) -> FormPage:
    words = look.t("请检查“未开票销售额”的金额", "Please check 'Sales without invoice'")
    rows = tuple(replace(r, value="34000.", error=words) if r.editable else r for r in form.rows)
    return replace(form, rows=rows, errors=(words,), quiet=())


def _review(look: Look) -> ReviewPage:
    t = look.t
    half = t("减半", "halved")
    return ReviewPage(
        title=t("提交前，请再核对一遍", "Check before you file"),
        action=t("确认无误，提交申报", "Correct, file the return"),
        note=t(
            "提交即表示您确认以上内容真实、完整。", "By filing you confirm that this is true and complete."
        ),
        total_label=t("本次应缴", "To pay"),
        total="4,095.84",
        total_words="人民币肆仟零玖拾伍元捌角肆分",
        sections=(
            ReviewSection(
                t("怎么算出来的", "How it came about"),
                (
                    ReviewRow(t("增值税", "VAT"), "3,864.00", "386,400.00 × 1%"),
                    ReviewRow(
                        t("城市维护建设税", "City construction tax"),
                        "135.24",
                        f"7%，{half}" if look.lang == "zh-CN" else f"7 %, {half}",
                    ),
                    ReviewRow(
                        t("教育费附加", "Education surcharge"),
                        "57.96",
                        f"3%，{half}" if look.lang == "zh-CN" else f"3 %, {half}",
                    ),
                    ReviewRow(
                        t("地方教育附加", "Local education surcharge"),
                        "38.64",
                    ),
                ),
                figures=True,
            ),
            ReviewSection(
                t("您确认的内容", "What you confirm"),
                (
                    ReviewRow(t("申报企业", "Enterprise"), t(*ENTERPRISE), change="enterprise"),
                    ReviewRow(
                        t("所属期", "Period"),
                        t("2026年 7 – 9 月", "Jul – Sep 2026"),
                        fixed=t("不可改", "Fixed"),
                    ),
                    ReviewRow(t("未开票销售额", "Without invoice"), "34,000.00", change="return"),
                    ReviewRow(t("缴税方式", "Payment"), t("手机扫码", "By phone"), change="pay"),
                ),
            ),
        ),
    )


def _late(look: Look, review: ReviewPage) -> ReviewPage:
    basis = look.t(
        "税收征收管理法第三十二条：逾期 25 天，每天万分之五",
        "Tax Collection Law, art. 32: 25 days late, 0.05 % a day",
    )
    late = ReviewRow(look.t("滞纳金", "Late payment surcharge"), "51.20", basis)
    how, what = review.sections
    return replace(
        review,
        total="4,147.04",
        total_words="人民币肆仟壹佰肆拾柒元零肆分",
        sections=(replace(how, rows=(*how.rows, late)), what),
    )


def _pay(look: Look) -> PayPage:
    t = look.t
    return PayPage(
        title=t("缴税", "Pay your taxes"),
        second=Choice("card", t("改用银行卡", "Use a bank card"), icon="pos"),
        quiet=(Choice("later", t("先不缴，以后再缴", "Not now, pay later")),),
        state="waiting",
        amount="4,095.84",
        qr="https://pay.example/yc/20261012-7F3K-0042-DEMO-ONLY",
        seconds_left=272,
        seconds_total=300,
        message=t("等待扫码", "Waiting for your scan"),
        code_note=t(
            "也可以打开手机的付款码，对着扫码口",
            "Or hold your phone's payment code to the code reader",
        ),
    )


def _closed(look: Look, pay: PayPage) -> PayPage:
    t = look.t
    told = t(
        "现在付不了款，没有扣款。请再试一次，或先不缴，以后再缴。",
        "Paying is not possible now; nothing was charged. Try again, or pay later.",
    )
    return replace(pay, action=t("重新出码", "Make a new code"), state="closed", qr="", message=told)


def _code_wrong(look: Look, pay: PayPage) -> PayPage:
    """The longest reason, where every other way is open as well."""
    t = look.t
    return replace(
        pay,
        code_note=Texts(look.lang).get("pay.code.declined"),
        code_wrong=True,
        second=Choice(
            "debit", t("协议扣款：工商银行尾号 0001", "Debit by agreement: ICBC, ending 0001"), icon="bank"
        ),
        quiet=(Choice("card", t("改用银行卡", "Use a bank card"), icon="pos"), *pay.quiet),
    )


def _confirming(look: Look, pay: PayPage) -> PayPage:
    told = look.t("请在手机上确认付款", "Please confirm on your phone")
    return replace(pay, state="confirming", qr="", message=told, second=None, quiet=(), code_note="")


def _doubt(look: Look, pay: PayPage) -> PayPage:
    t = look.t
    return replace(
        pay,
        title=t("缴款结果待确认", "The payment is not confirmed yet"),
        lead=t(
            "请不要再付。结果会以短信通知，也可扫回单上的码查看。",
            "Please do not pay again. You are told by message; the slip's code shows it too.",
        ),
        action=t("知道了，打印回单", "All right, print the slip"),
        second=None,
        quiet=(),
        state="doubt",
        qr="",
        message=t("银行还没有答复", "The bank has not answered yet"),
        facts=((t("订单号", "Order"), "41990026101200000014"),),
    )


def _half_slip(look: Look) -> DonePage:
    """The receipt printer's paper came to its end in the middle of the slip."""
    t = look.t
    notes = (
        t(
            "回单没打完整，不能用，请带走。",
            "Only part of the slip came out. It is not valid; take it with you.",
        ),
        t("请扫右边的码，手机上留一份。", "Scan the code to keep a whole one."),
    )
    return replace(_done(look), reference_notes=notes, quiet=())


def _done(look: Look) -> DonePage:
    t = look.t
    return DonePage(
        title=t("申报成功\n税款已缴", "Filed and paid"),
        action=t("办完了，清除我的信息", "Finish and erase my data"),
        second=Choice("another", t("再办一件", "Another service")),
        quiet=(
            Choice(
                "slip",
                t("再打一份回单", "Print the slip again"),
                t("打印没出来、号码看不清？", "No slip, or hard to read?"),
            ),
        ),
        stamp=t("申报成功", "FILED"),
        moment=t("2026年10月12日 9:51", "12 Oct 2026 9:51"),
        reference_label=t("受理编号", "Reference"),
        reference="YC26 1012 0042",
        reference_notes=(
            t("打印的回单上有这个号。", "Your slip carries this number."),
            t("扫右边的码，手机上也留一份。", "Scan the code to keep a copy on your phone."),
        ),
        qr="https://ex.test/YC2610120042",
        next_title=t("接下来", "What happens next"),
        next_steps=(
            Choice(
                "0",
                t("明天可打印完税证明", "The payment certificate is ready tomorrow"),
                t("任何一台终端或手机上都能办", "At any terminal or on the phone"),
                "cert",
            ),
            Choice(
                "1",
                t("下次申报：2027年1月1日至18日", "Next return: 1 to 18 January 2027"),
                t("到期前 7 天短信提醒", "A message comes 7 days before"),
                "clock",
            ),
            Choice(
                "2",
                t("对金额有疑问，可更正申报", "If a figure is wrong, file a correction"),
                t("本厅 3 号窗口，或选“更正申报”", "Counter 3, or here under corrections"),
                "help",
            ),
        ),
        take_title=t("请带走\n您的东西", "Take your\nthings"),
        take=(
            Choice("id", t("身份证", "ID card"), icon="id"),
            Choice("paper", t("回单", "Slip"), icon="paper"),
            Choice("phone", t("手机", "Phone"), icon="phone"),
        ),
    )
