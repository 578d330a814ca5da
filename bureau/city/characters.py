"""What the cast is described with: a person to be played, their pay, and an enterprise of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bureau.city.numbers import permanent_number, resident_number
from bureau.city.places import BY_NAME
from kiosk.domain.people import DocumentKind, Role


@dataclass(frozen=True, slots=True)
class Pay:
    """What somebody earns: fen a month (before deductions) for the last ``months`` months.

    ``extra_fen`` are the additional deductions of a month (专项附加扣除), ``bonus_fen`` is paid each February.
    ``every`` 2 is every other month. ``newest`` sets income and tax of the newest months, oldest first.
    """

    monthly_fen: int
    months: int
    item: Literal["wages", "labour", "royalties"] = "wages"
    extra_fen: int = 0
    bonus_fen: int = 0
    every: int = 1
    newest: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to be played. ``area`` is where they were born, ``address`` where they live.

    ``plays`` are the parts they are right for; ``note`` says in both languages who they are. ``expired``: their
    card ran out some weeks ago. ``enrolled`` false: the centre has never heard of them.
    """

    id: str
    name: str
    sex: Literal["1", "2"]
    birth: date
    sequence: int
    mobile: str
    address: str
    note: str
    plays: tuple[str, ...] = ()
    pay: Pay | None = None
    nation: str = "01"
    area: str = "539902"
    latin_name: str = ""
    nationality: str = ""
    travel_permit: str = ""
    enrolled: bool = True
    expired: bool = False

    @property
    def kind(self) -> DocumentKind:
        """Their document."""
        if self.nationality:
            return DocumentKind.FOREIGN_PERMANENT
        return DocumentKind.HMT_RESIDENCE if self.travel_permit else DocumentKind.RESIDENT_ID

    @property
    def number(self) -> str:
        """Its number."""
        if self.nationality:
            return permanent_number(self.nationality, self.birth, self.sequence)
        return resident_number(self.area, self.birth, self.sequence)


@dataclass(frozen=True, slots=True)
class Turnover:
    """Invoices of one period: how many, and their sum without tax in fen; special ones apart."""

    count: int = 0
    net_fen: int = 0
    special_count: int = 0
    special_fen: int = 0

    def scaled(self, percent: int) -> Turnover:
        """The same business at another size; whole invoices, whole fen, never nothing of what there was."""
        count, special_count = (max(n * percent // 100, min(n, 1)) for n in (self.count, self.special_count))
        net_fen, special_fen = (amount * percent // 100 for amount in (self.net_fen, self.special_fen))
        return Turnover(count, net_fen, special_count, special_fen)


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise: what it is, who acts for it, and what it did and did not do.

    ``people``: who of the cast holds which roles, as letters. ``sales``: of the last period that was over.
    ``held`` blanks of each kind that are not accounted for, ``unchecked`` of them written on and uploaded; ``used``
    those it wrote on at most. ``stamp_open``: stamp tax of the last period is declared and still to be paid.
    ``ordered``: an order of blanks waits to be picked up. ``overpaid``: the return of the period before the last said
    too much, was paid, and then corrected.
    """

    taxpayer: str
    name: str
    industry: str
    note: str = ""
    people: tuple[tuple[str, str], ...] = ()
    district: str = "书院区"
    small_scale: bool = True
    state: Literal["normal", "abnormal", "cancelled"] = "normal"
    risk: Literal["low", "medium", "high"] = "low"
    sales: Turnover = Turnover()
    filed_last: bool = True
    filed_before: bool = True
    paid_last: bool = True
    overdue: bool = False
    stamp_open: bool = False
    approved: bool = True
    kinds: tuple[str, ...] = ("04",)
    held: int = 0
    used: int = 0
    unchecked: int = 0
    ordered: bool = False
    overpaid: bool = False
    verified: bool = True
    per_time: int = 25
    monthly: int = 50
    hold: int = 60
    plain: bool = True
    """No red-letter invoices and none after the last period: the sales are exactly as written above."""

    @property
    def city_rate(self) -> str:
        """Rate of city construction tax where it is registered."""
        return BY_NAME[self.district].city_rate

    def roles_of(self, persona: str) -> list[Role]:
        """The roles somebody of the cast holds in it."""
        return [Role(letter) for name, letters in self.people if name == persona for letter in letters]
