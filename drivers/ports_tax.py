"""What a tax-control device on a card can do, beside the key and the raw APDUs of ``drivers.ports.SmartCardReader``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from config.clock import Deadline


@dataclass(frozen=True, slots=True)
class TaxState:
    """What a tax-control device (税控设备) says of itself; none of it is proven, its reports are.

    ``device`` and ``taxpayer`` are numbers, ``counter`` how often it was unlocked, ``cleared`` the first day of the
    month that was unlocked last (None: none yet), ``issues_until`` the last day on which it issues, ``locked`` whether
    it obeys its maker alone, ``held`` the first days of the months that it holds reports of, ascending.
    """

    device: str = field(repr=False)
    taxpayer: str = field(repr=False)
    counter: int
    cleared: date | None
    issues_until: date
    locked: bool
    held: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class SealedWord:
    """What a tax-control device and the bureau say to each other: a text as it stands, and its HMAC-SM3.

    Nobody between the two reads it or can change it.
    """

    text: bytes = field(repr=False)
    mac: bytes = field(repr=False)


class TaxControl(Protocol):
    """The tax-control application of a card or UKey (金税盘、税控盘、税务UKey); no PIN is asked for."""

    async def tax_state(self, deadline: Deadline) -> TaxState:
        """What it says of itself; raise ``MediaInvalid`` for a card that has no such application."""
        ...

    async def tax_report(self, month: date, deadline: Deadline) -> SealedWord:
        """The report (抄报) of the month that begins on ``month``; raise ``InvalidData`` when it holds none of it.

        Reading changes nothing in the device.
        """
        ...

    async def tax_order(self, order: SealedWord, deadline: Deadline) -> TaxState:
        """Write an order to unlock (清卡), and read what the device says then.

        Raise ``SecurityFailed`` for one that is not for this device now; the one it obeyed last may be written again.
        """
        ...
