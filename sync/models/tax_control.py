"""Tax-control devices (税控设备) at a terminal: what one says, what is due of it, its report and its order."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Texts, Wire
from sync.models.certificates import SheetShown

DeviceNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{8,20}$")]
Base64 = Annotated[str, StringConstraints(max_length=512, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
DeviceNext = Literal["report", "unlock", "file", "others", "compare", "wait"]
"""What a device is due for: its month's report (抄报), to be unlocked (清卡), the return of the period first, the
reports of the taxpayer's other devices first, a window because return and invoices differ (票表比对异常), or nothing
before the month is over."""


class SealedReport(Wire):
    """A month's report as the device sealed it, both in base64; the terminal cannot read it."""

    month: date
    text: Base64
    mac: Base64


class DeviceSaid(Wire):
    """What a device said of itself: its number and its taxpayer's, how often it was unlocked, the latest month of that.

    ``locked``: it obeys its maker alone. ``reports``: of every month that is over and that it was not unlocked for.
    """

    device: DeviceNumber
    taxpayer: DeviceNumber
    counter: Annotated[int, Field(ge=0, lt=2**32)]
    cleared: date | None
    issues_until: date
    locked: bool
    reports: Annotated[list[SealedReport], Field(max_length=24)]


class DeviceDone(Wire):
    """``device.report`` and ``device.unlock``: for which month, as it was shown, by which device."""

    month: date
    said: DeviceSaid


class DeviceStanding(SheetShown):
    """``device.status``: the month that is due with its figures by kind as a sheet, which also says what comes next.

    ``month`` is the first day of that month; while it runs there are no figures. ``invoiced_fen`` and ``declared_fen``
    are sales of the period of filing, where both are known. ``why`` a month that is reported cannot be unlocked, and
    what to do.
    """

    device: str
    reported: date | None
    issues_until: date
    month: date
    issued: int | None
    net_fen: int | None
    tax_fen: int | None
    next: DeviceNext
    next_title: Texts
    why: Texts | None
    invoiced_fen: int | None
    declared_fen: int | None


class DeviceReported(Wire):
    """The answer to ``device.report``: when the centre took it first, and what comes next.

    ``why`` a month that is reported cannot be unlocked, and what to do.
    """

    device: str
    month: date
    taken_at: AwareDatetime
    next: DeviceNext
    why: Texts | None
    invoiced_fen: int | None
    declared_fen: int | None


class DeviceUnlocked(Wire):
    """The answer to ``device.unlock``: the order to be written (base64), and until when the device then issues.

    ``declaration`` is the return that was compared, where the month ends a period of filing.
    """

    device: str
    month: date
    issues_until: date
    counter: int
    order: Base64
    mac: Base64
    declaration: str | None
    basis: Texts
