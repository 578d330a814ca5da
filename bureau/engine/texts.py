"""Every "no" of the centre: a stable code, the words for the person, what to do next, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sync.models import Refusal, Texts

LANGUAGES = ("zh-CN", "en-US")

Quad = tuple[str, str, str, str]
"""Text in Chinese and English, next step in Chinese and English."""

COUNTER = ("请到本厅 3 号窗口办理", "Please go to counter 3 of this hall")

WORDS: Mapping[str, Quad] = {
    # who
    "identityMissing": (
        "这项服务需要先验证身份",
        "This service needs you to identify yourself first",
        "请放上身份证重新办理",
        "Place your ID card on the reader and start again",
    ),
    "identityWeak": (
        "这项服务需要人脸核验或工作人员核验",
        "This service needs a face check, or staff to confirm who you are",
        "请重新核验，或请工作人员协助",
        "Please try again or ask the staff",
    ),
    "personUnknown": ("没有查到您的实名信息", "You are not enrolled here yet", *COUNTER),
    "nameDiffers": (
        "证件姓名与登记的不一致",
        "The name on the document differs from the one on file",
        *COUNTER,
    ),
    "taxpayerMissing": (
        "请先选择要办理的企业",
        "Please choose an enterprise first",
        "请返回上一步选择",
        "Go back and choose one",
    ),
    "taxpayerUnknown": (
        "没有查到这个纳税人识别号",
        "This taxpayer number is not registered here",
        "请核对识别号后重新办理",
        "Please check the number and try again",
    ),
    "roleMissing": (
        "您没有这家企业的办理身份",
        "You hold no role in this enterprise",
        "请法定代表人在电子税务局为您绑定身份后再办",
        "Ask its legal representative to bind your role, then try again",
    ),
    "roleNotAllowed": (
        "您的身份“{role}”不能办理这项业务",
        "Your role, {role}, does not allow this",
        "请由有权办理的人员前来：{allowed}",
        "It may be done by: {allowed}",
    ),
    "notOfThisService": (
        "这一步不属于所选服务",
        "This step is not part of the chosen service",
        *COUNTER,
    ),
    # enterprises
    "taxpayerAbnormal": (
        "企业状态为“非正常”，暂不能办理",
        "The enterprise is in abnormal state",
        "请先到窗口解除非正常状态",
        "Have the state lifted at a counter first",
    ),
    "taxpayerCancelled": ("企业已注销", "The enterprise was closed", *COUNTER),
    "notSmallScale": (
        "该企业不是小规模纳税人，不能用这张申报表",
        "The enterprise is not a small-scale taxpayer; this return is not for it",
        "请用一般纳税人申报表，可到窗口或电子税务局",
        "Use the general taxpayers' return at a counter or online",
    ),
    # certificates
    "noIncomeAtAll": (
        "近 36 个月没有查到您的纳税记录",
        "No tax record of yours is found in the last 36 months",
        "如有疑问，请联系扣缴单位或到窗口核实",
        "If in doubt, ask your employer or a counter",
    ),
    "noIncomeRecord": (
        "所选月份没有纳税记录",
        "There is no tax record in these months",
        "请换一段月份",
        "Please choose other months",
    ),
    "periodWrong": (
        "月份次序不对，或超出可开具的范围",
        "The months are in the wrong order or out of range",
        "请重新选择，最长 36 个月",
        "Choose again, 36 months at most",
    ),
    "changedMeanwhile": (
        "您核对之后记录有更新，没有开具",
        "The record changed after you checked it; nothing was issued",
        "请重新查看记录再打印",
        "Please look at the record again, then print",
    ),
    "certificateUnknown": ("没有这份证明", "There is no such certificate", *COUNTER),
    # paper invoices
    "noApproval": (
        "企业没有核定纸质发票票种",
        "No kind of paper invoice is approved for the enterprise",
        "请到窗口办理票种核定",
        "Apply for approval at a counter",
    ),
    "unfiledPeriod": (
        "{period} 的增值税还没有申报",
        "VAT for {period} is not filed yet",
        "请先申报，再来领票",
        "Please file it first, then collect invoices",
    ),
    "arrears": (
        "有 {amount} 元税款逾期未缴",
        "{amount} yuan of tax are overdue",
        "请先缴清，再来领票",
        "Please pay first, then collect invoices",
    ),
    "mayNotCollect": (
        "您不是登记的领票人",
        "You are not registered to collect invoices for it",
        "领票人须为：法定代表人、财务负责人、办税员或购票员",
        "A legal representative, finance officer, tax handler or invoice collector may collect",
    ),
    "previousUnverified": (
        "以前领的发票还没有验旧：已上传到 {day}",
        "Invoices collected before are not verified: uploaded to {day}",
        "请先上传开票数据（抄报），再来领票",
        "Upload the issuing data first, then collect",
    ),
    "noStockOfKind": (
        "本机没有企业核定的票种",
        "This machine holds none of the kinds approved for the enterprise",
        "请到其他终端或窗口领取",
        "Please use another terminal or a counter",
    ),
    "highRisk": (
        "企业存在需要核实的事项，本机不能领票",
        "Something about the enterprise has to be looked into; no invoices here",
        *COUNTER,
    ),
    "limitReached": (
        "现在不能再领：{reason}",
        "No more can be collected now: {reason}",
        "请用完并验旧后再来，或到窗口调整核定",
        "Come back when they are used and verified, or have the approval changed",
    ),
    "tooMany": (
        "最多可领 {allowed} 份：{reason}",
        "At most {allowed} can be collected: {reason}",
        "请减少份数",
        "Please ask for fewer",
    ),
    "unitLocked": (
        "出票仓正在核对，暂停出票",
        "This unit is being checked and gives no invoices now",
        "请到其他终端或窗口领取",
        "Please use another terminal or a counter",
    ),
    "stockDiffers": (
        "机内号码与发放记录不符，没有出票",
        "The numbers in the machine differ from the record; nothing was dispensed",
        "请到其他终端或窗口领取，工作人员会来核对",
        "Please use another terminal or a counter; staff will check",
    ),
    "stockShort": (
        "仓内余票不够",
        "Too few sheets are left in the unit",
        "请减少份数，或到其他终端领取",
        "Ask for fewer or use another terminal",
    ),
    "stockNote": (
        "交接单无效，没有登记",
        "The hand-over paper is not valid; nothing was entered",
        "请在原终端重新打印，或由中心用 bureau stock hand-over 另开一张",
        "Print it once more at the old terminal, or have the centre make one (bureau stock hand-over)",
    ),
    "stockTwoPeople": (
        "发票交接须由两人办理，没有登记",
        "A hand-over takes two people; nothing was entered",
        "请两人到场，各用自己的代码重新办理",
        "Do it again with two people, each with a code of their own",
    ),
    "stockNotForHere": (
        "交接单写明的去处不是本机，票仓已锁定",
        "The hand-over paper names another place; the units are locked",
        "请把发票送到单上写明的去处，并处理差异记录",
        "Take the invoices where the paper says, and settle the case",
    ),
    "stockNotThere": (
        "这些号码不在途中：已被接收或已发出，票仓已锁定",
        "These numbers are not on the way: taken up or issued before; the unit is locked",
        "请核对票面号码，并处理差异记录",
        "Check the numbers on the sheets, and settle the case",
    ),
    "reservationUnknown": ("没有这笔号码锁定", "There is no such reservation", *COUNTER),
    "settlementDiffers": (
        "交来的号码与锁定的号码对不上，已转人工核对",
        "The numbers do not match the reservation; staff will settle it",
        *COUNTER,
    ),
    "numbersMoved": (
        "这些号码在记录中已有去向，已转人工核对",
        "These numbers are recorded elsewhere; staff will settle it",
        *COUNTER,
    ),
    # returns
    "figuresDiffer": (
        "税额与本中心按同一规则算出的不同（应为 {total} 元）",
        "The tax differs from what the centre computes by the same rules ({total} yuan)",
        "请重新核对后再提交",
        "Please check and file again",
    ),
    "rulesUnknown": (
        "申报所用的税率表本中心没有",
        "The centre does not know the tax tables this was computed with",
        "请重新办理，系统会用现行规则",
        "Please start again; the current rules will be used",
    ),
    "periodNotOpen": (
        "所属期不对：现在可以申报 {period}",
        "This is not the period to file: it is {period} now",
        "请按提示的所属期申报，或到窗口办理更正",
        "File for that period, or have it corrected at a counter",
    ),
    "ratesDiffer": (
        "城建税税率或减征资格与登记的不同",
        "The city tax rate or the reduction differs from the registration",
        "请按系统给出的税率重新申报",
        "Please file again with the rates given",
    ),
    "salesBelowInvoices": (
        "申报的销售额少于已开发票（普票 {ordinary} 元，专票 {special} 元）",
        "The sales are less than the invoices issued (ordinary {ordinary}, special {special} yuan)",
        "请按已开发票金额重新申报",
        "Please file again with at least those amounts",
    ),
    "alreadyFiled": (
        "这个所属期已经申报过，编号 {declaration}",
        "This period was filed already, number {declaration}",
        "如需修改，请办理更正申报",
        "File a correction if something has to change",
    ),
    # payments
    "dueTaken": (
        "有税款已经缴清",
        "Some of it was paid already",
        "请重新查看待缴税款",
        "Please look at the list again",
    ),
    "dueHeld": (
        "有税款正在确认缴款结果",
        "A payment of some of it is being confirmed",
        "请勿重复缴款，确认后可在“待缴税款”中查看结果",
        "Please do not pay again; the list of dues shows the result once it is known",
    ),
    "amountDiffers": (
        "缴款金额与应缴金额不同（应为 {amount} 元）",
        "The amount differs from what is due ({amount} yuan)",
        "请重新查看待缴税款",
        "Please look at the list again",
    ),
    "nothingDue": ("没有待缴税款", "Nothing is due", "无需缴款", "There is nothing to pay"),
    "paymentRefused": (
        "收款机构没有受理这笔订单",
        "The acquirer did not take this order",
        "请稍后再试，或到窗口缴款",
        "Please try later or pay at a counter",
    ),
    "cardNotTaken": (
        "这里还不能刷银行卡缴款",
        "Bank cards cannot be taken here yet",
        "请用手机扫码缴款",
        "Please pay with your phone",
    ),
    "orderLapsed": (
        "这笔缴款订单已过期",
        "This payment order has run out",
        "请重新缴款",
        "Please pay again",
    ),
    "orderUnknown": ("没有这笔缴款订单", "There is no such payment order", *COUNTER),
    # ratings
    "ratedAlready": ("这次服务已经评价过了", "This visit was rated already", "谢谢", "Thank you"),
}


class Refused(Exception):
    """The centre says no and nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


def refusal(code: str, deadline: date | None = None, **values: str | Mapping[str, str]) -> Refusal:
    """The refusal of that code; a value is a text, or one text a language."""
    zh, en, next_zh, next_en = WORDS[code]
    return Refusal(
        code=code,
        text=_fill(zh, en, values),
        next_step=_fill(next_zh, next_en, values),
        deadline=deadline,
    )


def refuse(code: str, deadline: date | None = None, **values: str | Mapping[str, str]) -> Refused:
    """The same as an exception to raise."""
    return Refused(refusal(code, deadline, **values))


def _fill(zh: str, en: str, values: Mapping[str, str | Mapping[str, str]]) -> Texts:
    return {lang: _in(lang, text, values) for lang, text in zip(LANGUAGES, (zh, en), strict=True)}


def _in(lang: str, text: str, values: Mapping[str, str | Mapping[str, str]]) -> str:
    return text.format(**{k: v if isinstance(v, str) else v[lang] for k, v in values.items()})
