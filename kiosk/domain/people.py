"""People as the terminal meets them: their document, and the roles they may act in for an enterprise."""

from __future__ import annotations

import enum


class DocumentKind(enum.StrEnum):
    """The identity documents of the real-name rules (实名办税)."""

    RESIDENT_ID = "resident-id"
    """居民身份证."""
    HMT_RESIDENCE = "hmt-residence"
    """港澳台居民居住证."""
    FOREIGN_PERMANENT = "foreign-permanent"
    """外国人永久居留身份证."""
    PASSPORT = "passport"
    """护照."""


class Role(enum.StrEnum):
    """In what capacity a person acts for a taxpayer."""

    LEGAL_REPRESENTATIVE = "L"
    """法定代表人."""
    FINANCE_OFFICER = "F"
    """财务负责人."""
    TAX_HANDLER = "T"
    """办税员."""
    INVOICE_COLLECTOR = "B"
    """购票员."""
    AGENT = "A"
    """涉税专业服务代理人."""


def is_household(taxpayer: str) -> bool:
    """Whether it is an individual household (个体工商户), whose head is its operator (经营者).

    By the beginning of its credit code: 9 (registered for business), 2 (household); GB 32100-2015, table 1.
    """
    return taxpayer.startswith("92")


def is_company(name: str) -> bool:
    """Whether it is a company, which pays income tax as one (企业所得税) and not on business income (经营所得).

    A company says so in its name, and nobody else may (公司法 2023, art. 7).
    """
    return any(kind in name for kind in ("有限公司", "有限责任公司", "股份公司"))


class Ground(enum.StrEnum):
    """By what somebody acts for another person."""

    SIGNED = "signed"
    """委托: the other one signed a mandate (民法典 art. 165)."""
    GUARDIAN = "guardian"
    """监护: the law or a court made them the guardian of somebody who cannot sign one (民法典 arts. 23, 27 and 28)."""


class Scope(enum.StrEnum):
    """What a person may do for another by a mandate (代理权限)."""

    PAPERS = "papers"
    """查询、打印证明."""
    TAXES = "taxes"
    """申报、缴款."""
    ALL = "all"
    """两者都可以."""

    def covers(self, part: str) -> bool:
        """Whether a service of this part (``behalf`` in its file; empty: nobody acts for others there) is within it."""
        return bool(part) and (self is Scope.ALL or self.value == part)
