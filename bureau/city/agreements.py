"""Three-party agreements of the city (委托扣款三方协议), and their accounts at the simulated banks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bureau.city.cast import FIRMS
from bureau.city.enterprises import QINGHE
from bureau.city.returns import Row
from bureau.treasury.link import BANKS
from config.clock import CHINA

SIGNED_BEFORE: Final = timedelta(days=400)
"""How long ago they were signed: before any return of the city's last year."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The account of an agreement, with what lies on it in fen."""

    bank: str
    account: str
    balance_fen: int


SIGNED: Final[Mapping[str, Signed]] = {QINGHE: Signed("icbc", "6222023100098760001", 98_000_000)}
"""By taxpayer."""


def entries(as_of: date) -> list[Row]:
    """What the register has of each: three facts, and the day from which they are in force."""
    day = as_of - SIGNED_BEFORE
    entered = datetime.combine(day, time(10), CHINA)
    return [
        {
            "taxpayer": taxpayer,
            "fact": fact,
            "line": 1,
            "value": value,
            "valid_from": day,
            "entered_at": entered,
            "case_no": None,
        }
        for taxpayer, signed in SIGNED.items()
        for fact, value in _facts(signed, day).items()
    ]


def accounts(as_of: date) -> list[dict[str, object]]:
    """The accounts as their banks have them, JSON-able (``bureau acquirer --accounts``)."""
    day = as_of - SIGNED_BEFORE
    names = {firm.taxpayer: firm.name for firm in FIRMS}
    return [
        {
            "bank": BANKS[signed.bank],
            "account": signed.account,
            "holder": names[taxpayer],
            "taxpayer": taxpayer,
            "agreement": f"{taxpayer}{day:%Y%m%d}",
            "balance_fen": signed.balance_fen,
        }
        for taxpayer, signed in SIGNED.items()
    ]


def _facts(signed: Signed, day: date) -> dict[str, object]:
    return {
        "debit": True,
        "debit_bank": signed.bank,
        "debit_account": signed.account,
        "debit_since": day.isoformat(),
    }
