"""Refusals of certificates, of payments by a paper, and of slips."""

from __future__ import annotations

from collections.abc import Mapping

from ui.walk.refused.preparing import (
    bill_nobody_issued,
    bill_of_another_region,
    holding,
    notice_nobody_issued,
    notice_of_another_region,
    slip_of,
    withdrawn_bill,
)
from ui.walk.refused.reason import Reason

NO_ARREARS = "国家税务总局公告2019年第47号"
NOTICES = "政府非税收入管理办法（财税〔2016〕33号）第十二条"
COLLECTION = "税收票证管理办法（国家税务总局令第28号）"

PAPERS: Mapping[str, Reason] = {
    "unfiledForCertificate": Reason(
        "certificate.no-arrears", NO_ARREARS, "the enterprise is two returns behind", "zhao-min"
    ),
    "arrearsForCertificate": Reason(
        "certificate.no-arrears", NO_ARREARS, "the quarter before last is not paid", "chen-jing"
    ),
    "noIncomeAtAll": Reason(
        "certificate.iit-record",
        "国家税务总局公告2018年第55号",
        "a student, of whom nobody has withheld tax",
        "tang-yue",
    ),
    "noTaxPaidAtAll": Reason(
        "certificate.tax-payment",
        f"{COLLECTION}第十七条",
        "a café that never had to pay anything",
        "shen-zhizhou",
        "拾光",
    ),
    "residenceByDays": Reason(
        "certificate.residence",
        "个人所得税法第一条；实施条例第二条",
        "a foreigner: whether she is a resident goes by her days in China",
        "anna-schmidt",
    ),
    "noVehicleTax": Reason(
        "certificate.vehicle-purchase",
        "车辆购置税法第十三条",
        "a student who has no car",
        "tang-yue",
    ),
    "noFirmVehicle": Reason(
        "certificate.vehicle-purchase",
        "车辆购置税法第十三条",
        "a teahouse that has no vehicle",
        "xu-wen",
        "松间",
    ),
    "noFirmSocial": Reason(
        "certificate.social-insurance",
        "社会保险法第七十四条",
        "a teahouse for whose people nothing is on file",
        "xu-wen",
        "松间",
    ),
    "noSocialAtAll": Reason(
        "certificate.social-insurance",
        "社会保险法第七十四条",
        "a student, for whom nobody has paid",
        "tang-yue",
    ),
    "personUnknown": Reason(
        "certificate.iit-record",
        "国家税务总局关于推进实名办税的意见（税总发〔2016〕111号）",
        "he was never enrolled",
        "sun-li",
    ),
    "billUnknown": Reason(
        "pay.voucher",
        COLLECTION,
        "the number has a digit that was read wrongly",
        prepared=bill_nobody_issued,
    ),
    "billElsewhere": Reason(
        "pay.voucher",
        COLLECTION,
        "the voucher is of another region's bureau",
        prepared=bill_of_another_region,
    ),
    "billExpired": Reason(
        "pay.voucher",
        COLLECTION,
        "the voucher was issued forty days ago",
        prepared=holding("bill", "bill", lambda bill: str(bill["issued_at"]) < "2026-09-10"),
    ),
    "nontaxWithdrawn": Reason(
        "pay.non-tax",
        NOTICES,
        "the authority has withdrawn the notice",
        prepared=holding("nontax_notice", "code", lambda one: one["withdrawn_at"] is not None),
    ),
    "nontaxExpired": Reason(
        "pay.non-tax",
        NOTICES,
        "the notice's last day was thirty days ago",
        prepared=holding("nontax_notice", "code", lambda one: one["item"] == "civil-defence"),
    ),
    "nontaxUnknown": Reason(
        "pay.non-tax", NOTICES, "the code has a digit that was read wrongly", prepared=notice_nobody_issued
    ),
    "nontaxVoucher": Reason(
        "pay.non-tax",
        NOTICES,
        "the paper is a payment voucher of the bureau's",
        prepared=holding("bill", "bill"),
    ),
    "nontaxElsewhere": Reason(
        "pay.non-tax", NOTICES, "the notice is of another area", prepared=notice_of_another_region
    ),
    "nontaxPaid": Reason(
        "pay.non-tax",
        NOTICES,
        "it was paid at a visit before",
        after=("pay.non-tax",),
    ),
    "billPaid": Reason(
        "pay.voucher",
        COLLECTION,
        "it was paid at a visit before",
        after=("pay.voucher",),
    ),
    "billWithdrawn": Reason(
        "pay.voucher",
        COLLECTION,
        "an officer issues it, and withdraws it before they come",
        prepared=withdrawn_bill,
    ),
    "slipNotHereYet": Reason(
        "slip.exchange",
        "回单换通知书",
        "what was handed in elsewhere without the network has not arrived",
        prepared=slip_of("matter.submit", known=False),
    ),
    "slipHasItsDocument": Reason(
        "slip.exchange",
        "回单换通知书",
        "the slip is of a certificate, which was handed over at once",
        "li-xiulan",
        prepared=slip_of("certificate.issue"),
        after=("certificate.iit-record",),
    ),
    "noCreditYet": Reason(
        "certificate.credit",
        "国家税务总局公告2025年第12号（纳税缴费信用管理办法）",
        "their business was registered today, and no year of it was evaluated",
        "li-xiulan",
        after=("registration.temporary",),
    ),
    "noReturnOnFile": Reason(
        "certificate.declaration-copy",
        "税收征收管理法实施细则第二十九条",
        "their business was registered today, and has declared nothing",
        "he-jiaxin",
        after=("registration.temporary",),
    ),
    "slipExchanged": Reason(
        "slip.exchange",
        "the bureau's own limit of notices that say the same",
        "they had as many notices for this slip as there are",
        after=("slip.exchange",) * 3,
    ),
}
