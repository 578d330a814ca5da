"""Tax-control devices (金税盘、税控盘、税务UKey): whose each is, its reports, and the orders that unlock it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from kiosk.domain.tax_control import KindTotals

DeviceState = Literal["active", "lost", "cancelled"]


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device to be given out: its number, for whom, and its key in the vault's seal.

    ``cleared``: the first day of the month before the first that it reports. ``issues_until``: the last day on which it
    issues before it is unlocked for the first time. ``by``: the officer.
    """

    device: str
    taxpayer: str
    sealed: bytes
    cleared: date
    issues_until: date
    by: str


@dataclass(frozen=True, slots=True)
class TaxDevice:
    """A device in the books; ``counter``: how many orders were made for it, ``cleared`` the month of the latest."""

    device: str
    taxpayer: str
    state: DeviceState
    sealed: bytes
    counter: int
    cleared: date
    issues_until: date
    issued_on: date
    issued_by: str
    ended_on: date | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """The report (抄报) of one month, taken once; ``key`` is that of the effect."""

    device: str
    month: date
    taxpayer: str
    counter: int
    kinds: tuple[KindTotals, ...]
    taken_at: datetime
    terminal: str
    key: str


@dataclass(frozen=True, slots=True)
class UnlockOrder:
    """An order (清卡) that unlocks a device for ``month``; ``declaration``: the return it stands on, if any."""

    device: str
    counter: int
    month: date
    issues_until: date
    declaration: str | None
    made_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Issued:
    """Invoices of some months without void ones, red-letter ones taken off: sales by kind and tax, in fen."""

    ordinary_fen: int
    special_fen: int
    tax_fen: int


class TaxControl(Protocol):
    """Tax-control devices."""

    def issue(self, new: NewDevice) -> TaxDevice:
        """Keep a new one; its number is no other device's."""
        ...

    def device(self, device: str, *, lock: bool = False) -> TaxDevice | None:
        """One, in whatever state; with ``lock`` nothing else is decided about it until the transaction ends."""
        ...

    def listed(self, taxpayer: str | None, limit: int) -> Sequence[TaxDevice]:
        """Devices of one taxpayer, or of all, by number."""
        ...

    def end(self, device: str, state: DeviceState, by: str) -> bool:
        """It is lost or cancelled from now on; False, and nothing is changed, when it was not in use."""
        ...

    def reports(self, device: str) -> Sequence[DeviceReport]:
        """Its reports, the latest month first."""
        ...

    def reported(self, taxpayer: str, first: date, last: date) -> Sequence[DeviceReport]:
        """The reports of all devices of a taxpayer for the months that begin from ``first`` to ``last``."""
        ...

    def take(self, report: DeviceReport) -> None:
        """Keep the report of a month; a device has one for each."""
        ...

    def order(self, device: str, counter: int) -> UnlockOrder | None:
        """The order with this counter."""
        ...

    def unlock(self, order: UnlockOrder) -> None:
        """Keep the order; counter, month and last day of the device are the order's from now on."""
        ...

    def elsewhere(self, taxpayer: str, first: date, last: date) -> Issued:
        """Invoices of those days that no device issues (数电票), which therefore stand in no report."""
        ...
