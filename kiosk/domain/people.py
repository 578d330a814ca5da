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
