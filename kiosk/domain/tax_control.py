"""What a tax-control device (税控设备) and the bureau say to each other: the report of a month, the order to unlock.

Each is one line of ASCII that is sealed as it stands (HMAC-SM3 under the device's key, docs/tax-control.md):

    R1|device|taxpayer|YYYYMM|counter|kind:issued:voided:red:net:tax;kind:…      net and tax in fen
    O1|device|YYYYMM|YYYYMMDD|counter                                            month, last day it then issues on
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kiosk.domain.errors import DomainError

SPECIAL: Final = frozenset({"01", "08"})
"""Kinds of special VAT invoices (增值税专用发票, on paper and electronic); all others are ordinary ones."""
MOST_FEN: Final = 10**15
MOST_COUNT: Final = 10**7
MOST_COUNTER: Final = 2**32 - 1
_REPORT: Final = re.compile(
    r"R1\|(?P<device>[0-9A-Z]{8,20})\|(?P<taxpayer>[0-9A-Z]{8,20})\|(?P<month>[0-9]{6})\|(?P<counter>[0-9]{1,10})"
    r"\|(?P<kinds>[0-9:;-]*)",
    re.ASCII,
)
_KIND: Final = re.compile(
    r"([0-9]{2}):([0-9]{1,8}):([0-9]{1,8}):([0-9]{1,8}):(-?[0-9]{1,15}):(-?[0-9]{1,15})", re.ASCII
)


class ReportUnreadable(DomainError):
    """What a device gave as its report is none."""


@dataclass(frozen=True, slots=True)
class KindTotals:
    """What was issued of one kind in a month.

    ``issued`` counts all of them, ``voided`` and ``red`` those among them that are void or take another one back;
    ``net_fen`` and ``tax_fen`` are without the void ones, red-letter ones taken off, in fen.
    """

    kind: str
    issued: int
    voided: int
    red: int
    net_fen: int
    tax_fen: int

    @property
    def special(self) -> bool:
        """Whether these are special VAT invoices."""
        return self.kind in SPECIAL


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The report of the month that begins on ``month``; ``counter``: how often the device was unlocked before."""

    device: str
    taxpayer: str
    month: date
    counter: int
    kinds: tuple[KindTotals, ...]


def parse_report(text: bytes) -> MonthReport:
    """The report in the device's words; raise ``ReportUnreadable``. Who sealed it is another question."""
    try:
        found = _REPORT.fullmatch(text.decode("ascii"))
        month = date(int(found["month"][:4]), int(found["month"][4:]), 1) if found else None
    except ValueError:
        raise ReportUnreadable("a tax-control device's report is not in its form") from None
    if found is None or month is None or int(found["counter"]) > MOST_COUNTER:
        raise ReportUnreadable("a tax-control device's report is not in its form")
    kinds = tuple(_kind(one) for one in found["kinds"].split(";") if found["kinds"])
    if [one.kind for one in kinds] != sorted({one.kind for one in kinds}):
        raise ReportUnreadable(
            "a kind of invoice stands twice in a tax-control device's report, or out of order"
        )
    return MonthReport(found["device"], found["taxpayer"], month, int(found["counter"]), kinds)


def _kind(text: str) -> KindTotals:
    found = _KIND.fullmatch(text)
    if found is None:
        raise ReportUnreadable("a line of a tax-control device's report is not in its form")
    kind, *numbers = found.groups()
    issued, voided, red, net, tax = map(int, numbers)
    if voided + red > issued or issued > MOST_COUNT or max(abs(net), abs(tax)) > MOST_FEN:
        raise ReportUnreadable("the figures of a tax-control device's report cannot be")
    return KindTotals(kind, issued, voided, red, net, tax)


def order_text(device: str, month: date, issues_until: date, counter: int) -> bytes:
    """The order by which the device is unlocked for ``month`` and then issues until ``issues_until``, included."""
    return f"O1|{device}|{month:%Y%m}|{issues_until:%Y%m%d}|{counter}".encode("ascii")


def month_after(month: date) -> date:
    """The first day of the month after the one that begins on ``month``."""
    return (month + timedelta(days=31)).replace(day=1)


def last_day(month: date) -> date:
    """The last day of the month that begins on ``month``."""
    return month_after(month) - timedelta(days=1)
