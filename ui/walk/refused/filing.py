"""Refusals of returns, corrections and refunds."""

from __future__ import annotations

from collections.abc import Mapping

from ui.walk.refused.preparing import own_car
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
    "preferenceGeneralOnly": Reason(
        "preference.file",
        "财税〔2011〕100号",
        "a small-scale taxpayer, and the refund for software is for general ones",
        wishes={"answers": {"preference": "software"}},
    ),
    "preferenceSmallOnly": Reason(
        "preference.file",
        "增值税法第二十三条",
        "a general taxpayer, which has no threshold to give up",
        "he-mulan",
        "恒泰",
        wishes={"answers": {"preference": "waive-threshold"}},
    ),
    "preferencePapers": Reason(
        "preference.file",
        "国家税务总局公告2015年第43号（资料留存备查）",
        "the papers are not complete",
        wishes={"answers": {"preference_kept": "no"}},
    ),
    "preferenceMidQuarter": Reason(
        "preference.file",
        "增值税法第二十三条、第二十七条",
        "it files by the quarter, and gives up from its second month on",
        wishes={"answers": {"preference": "waive-reduced", "preference_since": "2026-08"}},
    ),
    "preferenceFiled": Reason(
        "preference.file",
        "增值税法第二十七条",
        "the return of that quarter is filed",
        wishes={"answers": {"preference": "waive-reduced", "preference_since": "2026-04"}},
    ),
    "preferenceOnQuota": Reason(
        "preference.file",
        "个体工商户税收定期定额征收管理办法",
        "the business is on a fixed quota",
        "bai-lu",
        wishes={"answers": {"preference": "farm-products"}},
    ),
    "onQuota": Reason(
        "declare.zero",
        "个体工商户税收定期定额征收管理办法第十九条",
        "a flower shop on a fixed quota, which files what was assessed",
        "bai-lu",
    ),
    "generalMidQuarter": Reason(
        "registration.general-taxpayer",
        "增值税一般纳税人登记管理办法第九条",
        "it files by the quarter, and this is its second month",
        as_of="2026-11-10T10:00",
    ),
    "settlementNotOpen": Reason(
        "declare.iit-annual",
        "个人所得税法第十一条",
        "the year is settled from 1 March on, and this is January",
        as_of="2027-01-15T10:00",
    ),
    "notYetToFile": Reason(
        "declare.vat-small",
        "税务登记管理办法；增值税法第三十条",
        "their business began this month, so that no quarter of it is over",
        "anna-schmidt",
        after=("registration.temporary",),
    ),
    "periodOverlaps": Reason(
        "declare.social-insurance",
        "社会保险费征缴暂行条例第十条",
        "one of the two months was declared at the visit before",
        wishes={"answers": {"first": "2026-09", "months": "2"}},
        after=("declare.social-insurance",),
    ),
    "vehicleTaxed": Reason(
        "declare.vehicle-purchase",
        "车辆购置税法第三条",
        "the tax of her car is on file since she bought it",
        "li-xiulan",
        prepared=own_car,
    ),
    "exportSmallScale": Reason(
        "refund.export",
        "财税〔2012〕39号",
        "a small-scale taxpayer exports without tax and gets none back",
        "chen-mo",
        "禾木",
    ),
}
