"""What every return has in common at the centre: the time of filing in law, its number, what is due with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from bureau.engine.dues import on_the_wire
from bureau.engine.effects import Outcome, Request, duplicate
from bureau.engine.periods import open_period
from bureau.engine.refusals import refusal
from bureau.engine.rules import Period, Rules
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Filed
from config.clock import CHINA
from sync.models import Declared, Wire

DELIVERED_WITHIN = timedelta(hours=72)
"""The acceptance of what had to wait is the time of filing when it arrives this soon (domain note, section 10)."""
CLOCK_SLACK = timedelta(minutes=5)
D = TypeVar("D", bound=Wire)


class Filer(ABC, Generic[D]):
    """Files the returns of one model of the wire."""

    model: type[D]

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    @abstractmethod
    def apply(self, core: Core, request: Request, data: D) -> Outcome:
        """Check who, which period and every figure; then file. Raises ``Refused``."""

    @abstractmethod
    def period(self, data: D) -> Period | None:
        """The period and until when; None when the data name none."""

    @abstractmethod
    def tax(self, data: D) -> str:
        """The tax that the return is one of, as ``tax_name`` knows it."""

    @abstractmethod
    def matter(self, taxpayer: str, data: D) -> str | None:
        """What a notice about this return stands for, until it is filed."""

    def again(self, core: Core, earlier: Filed) -> Outcome:
        """It was filed before."""
        why = refusal("alreadyFiled", declaration=earlier.declaration)
        return duplicate(self.declared(core, earlier), why, earlier.declaration)

    def declared(self, core: Core, filed: Filed, others: dict[str, str] | None = None) -> Declared:
        """The return with its dues, on the wire."""
        mine = [due for due in core.returns.dues(filed.taxpayer) if due.declaration == filed.declaration]
        dues = [on_the_wire(core, due, self.rules) for due in mine]
        return Declared(
            declaration=filed.declaration, total_fen=filed.total_fen, dues=dues, others=others or {}
        )

    def open_period(
        self, core: Core, request: Request, taxpayer: Taxpayer, first: date, last: date
    ) -> Period:
        """The period of a small-scale taxpayer, which must have been over when the terminal took the return."""
        return open_period(core, taxpayer, self.rules, taken_on(request, core), (first, last))


def taken_on(request: Request, core: Core) -> date:
    """The business day on which the terminal took it; a clock that is ahead changes nothing."""
    return min(request.body.accepted_at, core.now).astimezone(CHINA).date()


def filing_time(request: Request, now: datetime) -> datetime:
    """The time of filing in law: the terminal's acceptance when it had to wait and was delivered in time."""
    accepted_at = request.body.accepted_at
    if not request.waited(now) or not now - DELIVERED_WITHIN <= accepted_at <= now + CLOCK_SLACK:
        return now
    return min(accepted_at, now)
