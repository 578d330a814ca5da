"""Names of roles, taxes, income items and invoice kinds as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from kiosk.domain.people import Role
from sync.models import Texts

ROLES: Mapping[Role, Texts] = {
    Role.LEGAL_REPRESENTATIVE: {"zh-CN": "法定代表人", "en-US": "legal representative"},
    Role.FINANCE_OFFICER: {"zh-CN": "财务负责人", "en-US": "finance officer"},
    Role.TAX_HANDLER: {"zh-CN": "办税员", "en-US": "tax handler"},
    Role.INVOICE_COLLECTOR: {"zh-CN": "购票员", "en-US": "invoice collector"},
    Role.AGENT: {"zh-CN": "涉税专业服务代理人", "en-US": "tax agent"},
}

TAXES: Mapping[str, Texts] = {
    "vat": {"zh-CN": "增值税", "en-US": "VAT"},
    "city-construction": {"zh-CN": "城市维护建设税", "en-US": "City construction tax"},
    "education": {"zh-CN": "教育费附加", "en-US": "Education surcharge"},
    "local-education": {"zh-CN": "地方教育附加", "en-US": "Local education surcharge"},
    "stamp": {"zh-CN": "印花税", "en-US": "Stamp tax"},
    "iit-business": {"zh-CN": "个人所得税（经营所得）", "en-US": "Individual income tax (business)"},
}

INCOME: Mapping[str, Texts] = {
    "wages": {"zh-CN": "工资、薪金", "en-US": "Wages and salaries"},
    "bonus": {"zh-CN": "全年一次性奖金", "en-US": "Annual bonus"},
    "labour": {"zh-CN": "劳务报酬", "en-US": "Labour services"},
    "royalties": {"zh-CN": "稿酬", "en-US": "Author's remuneration"},
}

INVOICE_KINDS: Mapping[str, Texts] = {
    "04": {"zh-CN": "增值税普通发票（二联）", "en-US": "VAT ordinary invoice (2 copies)"},
    "01": {"zh-CN": "增值税专用发票（三联）", "en-US": "VAT special invoice (3 copies)"},
    "11": {"zh-CN": "增值税普通发票（卷票）", "en-US": "VAT ordinary invoice (roll)"},
}


def role_list(roles: Iterable[Role]) -> Texts:
    """The roles in words, one after the other."""
    listed = list(roles)
    return {
        "zh-CN": "、".join(ROLES[role]["zh-CN"] for role in listed),
        "en-US": ", ".join(ROLES[role]["en-US"] for role in listed),
    }


def tax_name(tax: str) -> Texts:
    """The tax's name; its code when nobody has named it."""
    return TAXES.get(tax, {"zh-CN": tax, "en-US": tax})


def period_name(first: date, last: date) -> Texts:
    """``2026年7–9月`` and ``2026-07 to 2026-09``."""
    if (first.year, first.month) == (last.year, last.month):
        return {"zh-CN": f"{first.year}年{first.month}月", "en-US": f"{first:%Y-%m}"}
    return {
        "zh-CN": f"{first.year}年{first.month}–{last.month}月",
        "en-US": f"{first:%Y-%m} to {last:%Y-%m}",
    }
