"""Phones by which invoices are issued for a taxpayer (手机开票): who holds each, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bureau.ports.registration import PersonKey


@dataclass(frozen=True, slots=True)
class IssuingPhone:
    """One phone of one taxpayer, from ``since`` on; ``case`` is the matter that bound it."""

    taxpayer: str
    mobile: str
    person: PersonKey
    since: date
    case: str


class Issuing(Protocol):
    """The phones that are bound today. What is over stays as history."""

    def of(self, taxpayer: str) -> Sequence[IssuingPhone]:
        """Those of a taxpayer, the oldest first."""
        ...

    def of_phone(self, mobile: str) -> Sequence[IssuingPhone]:
        """For whom this phone issues; nobody else may bind it before the transaction has ended."""
        ...

    def bind(self, phone: IssuingPhone) -> None:
        """It issues from now on."""
        ...

    def release(self, phone: IssuingPhone, day: date, case: str) -> None:
        """It issues no more from ``day`` on, by this matter."""
        ...
