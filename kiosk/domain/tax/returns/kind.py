"""What every kind of return is: the facts it is told, and pure rules over them for period, limit, subject and taxes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kiosk.domain.ids import Fen
from kiosk.domain.tax.limits import vat_limit_date
from kiosk.domain.tax.lines import TaxLine, total
from kiosk.domain.tax.parameters import TaxParameters
from kiosk.domain.tax.returns import relief as reliefs
from kiosk.domain.tax.returns.facts import FactError, Facts, Reader, Told, read
from kiosk.domain.tax.returns.relief import Relief


@dataclass(frozen=True, slots=True)
class Computed:
    """A return worked out: its period, what it is about, until when, and each tax of it.

    ``subject`` tells returns of one period apart (a contract, a vehicle); empty where there is one a period.
    ``refund_fen``: what was withheld too much and is paid back on application. ``relieved_fen``: what was forgiven of
    the line ``relieved`` by a relief that was granted (核准减免); the line stands with what is left.
    """

    told: Told
    period_first: date
    period_last: date
    subject: str
    limit: date
    lines: tuple[TaxLine, ...]
    total_fen: Fen
    parameters_hash: str
    refund_fen: Fen = Fen(0)
    relieved_fen: Fen = Fen(0)
    relieved: str = ""


class Kind(ABC):
    """One kind of return. Stateless, so one instance serves all."""

    name: ClassVar[str]
    tax: ClassVar[str]
    """Under which tax it is filed: a kind of return that takes another's place has that one's."""
    fields: ClassVar[Mapping[str, Reader]]
    relievable: ClassVar[str] = ""
    """The line of which a relief can be granted on application; empty: none."""

    def compute(self, facts: Facts, parameters: TaxParameters) -> Computed:
        """Work it out; raises ``FactError`` for facts that cannot be, ``ParameterMissingError`` beyond the tables."""
        told = read({**self.fields, **(reliefs.FACTS if self.relievable else {})}, facts)
        first, last = self.period(told)
        lines = self.lines(told, parameters)
        granted, forgiven = reliefs.told_of(told), Fen(0)
        if granted is not None:
            if granted.tax != self.relievable:
                raise FactError(reliefs.TAX)
            lines, forgiven = self.relieve(lines, granted, told, parameters)
        return Computed(
            told=told,
            period_first=first,
            period_last=last,
            subject=self.subject(told),
            limit=self.limit(told, parameters),
            lines=lines,
            total_fen=total(lines),
            parameters_hash=parameters.hash,
            refund_fen=self.refund(told, parameters),
            relieved_fen=forgiven,
            relieved=self.relievable if forgiven else "",
        )

    @abstractmethod
    def period(self, told: Told) -> tuple[date, date]:
        """First and last day of what is declared."""

    def subject(self, told: Told) -> str:
        """What tells two returns of one period apart."""
        return ""

    def limit(self, told: Told, parameters: TaxParameters) -> date:
        """The last day to file and pay: that of VAT, unless the tax has its own."""
        return vat_limit_date(self.period(told)[1], parameters)

    def refund(self, told: Told, parameters: TaxParameters) -> Fen:
        """What is to be paid back; nothing of most."""
        return Fen(0)

    def relieve(
        self, lines: tuple[TaxLine, ...], granted: Relief, told: Told, parameters: TaxParameters
    ) -> tuple[tuple[TaxLine, ...], Fen]:
        """The lines with the relief taken off, and how much it is, in fen."""
        return reliefs.relieve(lines, granted, *self.period(told))

    @abstractmethod
    def lines(self, told: Told, parameters: TaxParameters) -> tuple[TaxLine, ...]:
        """Each tax, rounded once."""
