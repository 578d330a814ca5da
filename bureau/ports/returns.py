"""Income records, sales, returns (申报), and what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from bureau.ports.registration import PersonKey
from kiosk.domain.people import Role

Cycle = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Income:
    """One line of a person's income record (个人所得税)."""

    month: str
    item: str
    income_fen: int
    tax_fen: int
    entry_date: date
    authority: str
    remark: str


@dataclass(frozen=True, slots=True)
class Sales:
    """Invoices issued in a period, without tax, red-letter ones taken off."""

    count: int
    ordinary_fen: int
    special_fen: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A red-letter invoice (红字发票): when it was issued, when the invoice that it takes back was, and how much of it.

    ``net_fen``: without tax, above zero.
    """

    issued_on: date
    sold_on: date
    kind: Literal["ordinary", "special"]
    net_fen: int


@dataclass(frozen=True, slots=True)
class Source:
    """Something a person's return can be about (税源), known before it is declared; ``kind`` is that of the return."""

    source: str
    kind: str
    title: str
    facts: dict[str, bool | int | str | None]


@dataclass(frozen=True, slots=True)
class Duty:
    """A tax that an enterprise is registered to declare besides VAT (税费种认定), and how often.

    ``quota_fen``: sales a month at which an individual business is assessed (定期定额), else None.
    """

    tax: str
    cycle: Cycle
    quota_fen: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class NewDue:
    """One tax of a return with its amount."""

    tax: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Filing:
    """A return to be filed. ``filed_at`` is the time of filing in law, ``key`` that of the effect.

    ``role`` None: the person's own. ``subject`` tells returns of one period apart, such as two contracts.
    ``replaces``: the return of that period that this one corrects; its open dues are cancelled.
    """

    key: str
    taxpayer: str
    tax: str
    period_first: date
    period_last: date
    figures: dict[str, object]
    total_fen: int
    limit_date: date
    filed_at: datetime
    terminal: str
    person: PersonKey
    role: Role | None
    dues: tuple[NewDue, ...]
    subject: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """A return as filed."""

    declaration: str
    taxpayer: str
    tax: str
    period_first: date
    period_last: date
    total_fen: int
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A return in the books: as filed, what it is about, whether it still stands, and what of it is to be paid.

    ``withdrawn``: it stands no longer because it was taken back (作废), not because another took its place (更正).
    """

    filed: Filed
    figures: dict[str, Any]
    subject: str
    limit_date: date
    stands: bool
    owed_fen: int
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PartPaid:
    """What an order paid of a due before the rest: on which day, how much of the tax and of its surcharge."""

    day: date
    amount_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class DueRecord:
    """One amount to be paid; ``held_by`` is the payment order that is collecting it now.

    ``amount_fen`` is the tax that is left, and may be none of it, where only its surcharge is. ``parts`` were paid.
    """

    due: str
    taxpayer: str
    tax: str
    period_first: date
    period_last: date
    amount_fen: int
    limit_date: date
    declaration: str | None
    state: Literal["open", "paid", "cancelled"]
    held_by: str | None
    parts: tuple[PartPaid, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidTax:
    """One tax that is in the treasury (已入库): what was paid of it, under which voucher, entered on which day.

    Below zero: it left the treasury, as a refund.
    """

    due: str
    tax: str
    period_first: date
    period_last: date
    amount_fen: int
    late_fee_fen: int
    voucher: str
    entry_date: date


class Returns(Protocol):
    """Income records, sales by the invoices known, returns, and what is due."""

    def income_months(self, key: PersonKey) -> Sequence[str]:
        """Months ``YYYY-MM`` with a record, ascending."""
        ...

    def income(self, key: PersonKey, first: str, last: str) -> Sequence[Income]:
        """The lines of those months, by month and item.

        The centre adds what a year's settlement at a terminal paid or gave back, unless its last month has a line of
        the item ``annual`` already.
        """
        ...

    def sales(self, taxpayer: str, first: date, last: date) -> Sales:
        """Valid invoices issued from ``first`` to ``last``, both included."""
        ...

    def taken_back(self, taxpayer: str) -> Sequence[TakenBack]:
        """The red letters among all their invoices, by the day of the sale and then of the red letter.

        ``sales`` has them taken off already. One whose invoice is not known here is left out.
        """
        ...

    def filed(self, taxpayer: str, tax: str, first: date, last: date, subject: str = "") -> Filed | None:
        """The return of that period about that subject, when there is one."""
        ...

    def filings(self, taxpayer: str, since: date) -> Sequence[Kept]:
        """The taxpayer's returns of periods that ended on ``since`` or later, the latest filed first."""
        ...

    def kept(self, declaration: str) -> Kept | None:
        """One return, in whatever state."""
        ...

    def paid(
        self, taxpayer: str, tax: str, first: date, last: date, subject: str | None = None
    ) -> Mapping[str, int]:
        """What was paid on the returns of that period, corrected ones included, in fen by the tax of the due.

        ``subject`` None: about whatever. What is given back (退税) no longer counts.
        """
        ...

    def in_treasury(
        self, taxpayer: str, tax: str, first: date, last: date, subject: str | None = None
    ) -> Sequence[PaidTax]:
        """The same payment by payment, by day of entry, voucher and due."""
        ...

    def sources(self, key: PersonKey, kind: str) -> Sequence[Source]:
        """What the person's returns of that kind may be about, the oldest first."""
        ...

    def complete_since(self) -> date | None:
        """From which day on these books hold every return; None: from the beginning.

        What was to be filed of a period that began earlier counts as settled: whoever took the books over has it.
        """
        ...

    def duties(self, taxpayer: str, first: date, last: date) -> Sequence[Duty]:
        """What the enterprise was registered to declare besides VAT on some day from ``first`` to ``last``."""
        ...

    def file(self, filing: Filing) -> Filed:
        """File it and open its dues; raises ``AlreadyFiled`` with the earlier one of the same period."""
        ...

    def withdraw(self, declaration: str) -> bool:
        """It is taken back and its dues are cancelled; False, and nothing is changed, once one is held or paid."""
        ...

    def dues(self, taxpayer: str) -> Sequence[DueRecord]:
        """What is still to be paid, earliest limit first."""
        ...

    def due(self, due: str, *, lock: bool = False) -> DueRecord | None:
        """One due, in whatever state; with ``lock`` nobody else changes it until the transaction ends."""
        ...

    def overdue(self, taxpayer: str, day: date) -> Sequence[DueRecord]:
        """Open dues whose limit has passed on ``day``."""
        ...

    def entered(self, taxpayer: str, first: date, last: date) -> Sequence[PaidTax]:
        """What entered the treasury from ``first`` to ``last``, both included, by day of entry, voucher and due.

        Refunds that were paid are among it, below zero.
        """
        ...

    def set_off(self, due: DueRecord, amount_fen: int, late_fee_fen: int, voucher: str) -> None:
        """Pay an open due, or ``amount_fen`` of it, with what the taxpayer would get back (抵欠).

        What is left of it stays open under its number. ``voucher`` is the refund's.
        """
        ...
