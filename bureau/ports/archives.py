"""What certificates are made of besides taxes paid: credit evaluations, vehicles, social insurance, returns on file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from bureau.ports.registration import PersonKey


@dataclass(frozen=True, slots=True)
class CreditRating:
    """The evaluation of one year (纳税缴费信用评价): the grade, and the points where it was made by points."""

    year: int
    grade: Literal["A", "B", "M", "C", "D"]
    points: int | None
    published_on: date


@dataclass(frozen=True, slots=True)
class CreditDeduction:
    """One record for which the evaluation of ``year`` was lowered (评价指标扣分).

    ``points`` is None where it decides the grade at once (直接判级); ``mended_on`` is the day on which what was missed
    was made good, None while it is not.
    """

    year: int
    indicator: str
    points: int | None
    happened_on: date
    mended_on: date | None


@dataclass(frozen=True, slots=True)
class VehicleTax:
    """The purchase tax (车辆购置税) of one vehicle; ``exempt``: none was due."""

    vin: str
    make: str
    engine: str
    price_fen: int
    tax_fen: int
    exempt: bool
    entry_date: date
    authority: str


@dataclass(frozen=True, slots=True)
class SocialPayment:
    """One month of one insurance (社会保险费) of a person: the base, and what each side paid."""

    month: str
    insurance: str
    base_fen: int
    own_fen: int
    unit_fen: int
    entry_date: date
    unit: str


@dataclass(frozen=True, slots=True)
class UnitPayment:
    """What an enterprise paid of an insurance for its employees of one month: their part, withheld, and its own.

    ``people`` is how many; who they are is not told.
    """

    month: str
    insurance: str
    people: int
    base_fen: int
    own_fen: int
    unit_fen: int
    voucher: str
    entry_date: date


@dataclass(frozen=True, slots=True)
class FiledReturn:
    """A return on file, with the figures that were declared."""

    declaration: str
    tax: str
    period_first: date
    period_last: date
    figures: Mapping[str, Any]
    total_fen: int
    filed_at: datetime


class Archives(Protocol):
    """Records that are kept and asked for; nothing here changes them.

    What was declared and paid at a terminal (``returns``) the centre adds to ``vehicles`` and ``social`` by itself, but
    for what stands there already: a vehicle by its number, contributions by month and insurance.
    """

    def credit(self, taxpayer: str) -> Sequence[CreditRating]:
        """Published evaluations of an enterprise, the latest first."""
        ...

    def credit_deductions(self, taxpayer: str, year: int) -> Sequence[CreditDeduction]:
        """Why the evaluation of that year is what it is, in the order in which it happened."""
        ...

    def vehicles(self, key: PersonKey) -> Sequence[VehicleTax]:
        """Vehicles whose purchase tax is settled, the latest first."""
        ...

    def social(self, key: PersonKey, first: str, last: str) -> Sequence[SocialPayment]:
        """What was paid for the months ``YYYY-MM``, both included, by month and insurance."""
        ...

    def firm_vehicles(self, taxpayer: str) -> Sequence[VehicleTax]:
        """Vehicles of an enterprise whose purchase tax is settled, the latest first."""
        ...

    def unit_payments(self, taxpayer: str, first: str, last: str) -> Sequence[UnitPayment]:
        """What an enterprise paid for employees of the months ``YYYY-MM``, both included, by month and insurance."""
        ...

    def returns(self, taxpayer: str, since: date) -> Sequence[FiledReturn]:
        """Returns that stand, filed for periods that ended on ``since`` or later, the latest first."""
        ...
