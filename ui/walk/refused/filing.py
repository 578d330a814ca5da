"""Refusals of returns, corrections and refunds."""

from __future__ import annotations

from collections.abc import Mapping

from ui.walk.refused.reason import Reason

FILING: Mapping[str, Reason] = {
    "roleNotAllowed": Reason(
        "declare.vat-small",
        "国家税务总局公告2021年第21号（办税人员权限）",
        "an invoice collector files no returns",
        "zhou-mingyuan",
        choice="roles.not-allowed",
    ),
    "notSmallScale": Reason("declare.vat-small", "增值税法第九条", "a general taxpayer", "he-mulan", "恒泰"),
    "notNil": Reason(
        "declare.zero", "税收征收管理法第二十五条", "it issued invoices in the quarter", "chen-mo", "禾木"
    ),
    "noQuota": Reason(
        "declare.fixed-quota",
        "个体工商户税收定期定额征收管理办法第二条",
        "no quota was assessed",
        "chen-mo",
        "禾木",
    ),
    "unfiledBeforeGeneral": Reason(
        "registration.general-taxpayer", "增值税一般纳税人登记管理办法", "two returns behind", "zhao-min"
    ),
    "alreadyGeneral": Reason(
        "registration.general-taxpayer", "增值税一般纳税人登记管理办法", "it is one", "he-mulan", "恒泰"
    ),
    "accountsUnsound": Reason(
        "registration.general-taxpayer",
        "增值税一般纳税人登记管理办法第三条",
        "by choice, without sound accounts",
        wishes={"answers": {"general_reason": "voluntary", "general_accounts": "no"}},
    ),
}
