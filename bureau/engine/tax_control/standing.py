"""What a device is due for: judged by what it said, by its reports' seals, by the books, never by the terminal.

The month that is due is the one after the latest order in the books. It is reported once; an order for it is made once
and given again until the device has obeyed. So whoever pulls a device out anywhere goes on where they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bureau.engine.names import period_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Period, Rules
from bureau.engine.subjects import Actor, today
from bureau.engine.tax_control import seals
from bureau.engine.tax_control.comparing import Compared, compare, period_of, standing_return
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.returns import Kept
from bureau.ports.tax_control import DeviceReport, TaxDevice
from kiosk.domain.tax_control import (
    KindTotals,
    MonthReport,
    ReportUnreadable,
    last_day,
    month_after,
    parse_report,
)
from sync.models import DeviceNext, DeviceSaid

MOST_DEVICES: Final = 1000
"""Of one taxpayer."""


@dataclass(frozen=True, slots=True)
class Due:
    """What comes next for the month that begins on ``month``.

    ``report`` is the device's where it is still to be taken, ``taken`` the one in the books. ``period``, ``kept`` and
    ``compared`` are there where the month ends a period of filing, as far as they are known. ``others``: devices of the
    taxpayer that have not reported the month. ``pending``: an order for the month was made, and the device has not
    obeyed it.
    """

    device: TaxDevice
    month: date
    next: DeviceNext
    report: MonthReport | None = None
    taken: DeviceReport | None = None
    tax: str = ""
    period: Period | None = None
    kept: Kept | None = None
    compared: Compared | None = None
    others: tuple[str, ...] = ()
    pending: bool = False

    @property
    def kinds(self) -> tuple[KindTotals, ...]:
        """The figures of the month."""
        found = self.taken or self.report
        return found.kinds if found is not None else ()


def due(core: Core, actor: Actor, said: DeviceSaid, vault: Vault, rules: Rules, *, lock: bool = False) -> Due:
    """What is due of the device that said this; raises ``Refused`` where nobody at a terminal can help it."""
    device = _known(core, actor, said, lock=lock)
    if said.counter + 1 == device.counter:
        taken = _taken(core, device, device.cleared)
        return Due(device, device.cleared, "unlock", taken=taken, pending=True)
    month = month_after(device.cleared)
    if last_day(month) >= today(core):
        return Due(device, month, "wait")
    taken = _taken(core, device, month)
    if taken is None:
        return Due(device, month, "report", report=_report(device, said, month, vault))
    return after_report(core, actor, device, taken, rules)


def after_report(core: Core, actor: Actor, device: TaxDevice, taken: DeviceReport, rules: Rules) -> Due:
    """What comes next for a month whose report is in the books."""
    month = taken.month
    found = period_of(actor.enterprise, month, rules)
    if found is None:
        raise refuse("rulesUnknown")
    tax, period = found
    if period.last != last_day(month):  # no return ends with this month, so there is nothing to compare
        return Due(device, month, "unlock", taken=taken, tax=tax, period=None)
    kept = standing_return(core, actor.enterprise, tax, period)
    if kept is None:
        return Due(device, month, "file", taken=taken, tax=tax, period=period)
    if others := _unreported(core, device, month):
        return Due(device, month, "others", taken=taken, others=others)
    compared = compare(core, actor.enterprise, period, kept)
    next_: DeviceNext = "unlock" if compared.stands else "compare"
    return Due(device, month, next_, taken=taken, tax=tax, period=period, kept=kept, compared=compared)


def _known(core: Core, actor: Actor, said: DeviceSaid, *, lock: bool) -> TaxDevice:
    """The device in the books that this one must be."""
    taxpayer = actor.enterprise
    if taxpayer.state != "normal":  # who is abnormal (非正常户) may issue no invoices
        raise refuse("taxpayerCancelled" if taxpayer.state == "cancelled" else "taxpayerAbnormal")
    device = core.tax_control.device(said.device, lock=lock)
    if device is None:
        raise refuse("deviceUnknown", device=said.device)
    if device.taxpayer != taxpayer.taxpayer:
        raise refuse("deviceOfAnother", name=taxpayer.name)
    if device.state == "lost":
        raise refuse("deviceLost", device=device.device)
    if device.state == "cancelled":
        raise refuse("deviceCancelled", device=device.device)
    if said.locked:
        raise refuse("deviceLocked", device=device.device)
    if said.taxpayer != device.taxpayer or said.counter not in (device.counter, device.counter - 1):
        raise refuse("deviceDiffers", device=device.device)
    return device


def _taken(core: Core, device: TaxDevice, month: date) -> DeviceReport | None:
    return next((one for one in core.tax_control.reports(device.device) if one.month == month), None)


def _unreported(core: Core, device: TaxDevice, month: date) -> tuple[str, ...]:
    """Other devices of the taxpayer, in use, whose report of the month is not there: without it nothing is compared."""
    found = core.tax_control.listed(device.taxpayer, MOST_DEVICES)
    reported = {one.device for one in core.tax_control.reported(device.taxpayer, month, month)}
    return tuple(
        one.device
        for one in found
        if one.state == "active" and one.cleared < month and one.device not in reported
    )


def _report(device: TaxDevice, said: DeviceSaid, month: date, vault: Vault) -> MonthReport:
    """The device's report of the month: there, sealed by it, about it and readable; raises ``Refused``."""
    given = next((one for one in said.reports if one.month == month), None)
    name = period_name(month, last_day(month))
    if given is None:
        raise refuse("deviceMonthMissing", month=name, device=device.device)
    text = seals.opened(vault, device, given.text, given.mac)
    if text is None:
        raise refuse("deviceReportBroken", month=name, device=device.device)
    try:
        report = parse_report(text)
    except ReportUnreadable as error:
        raise refuse("deviceReportBroken", month=name, device=device.device) from error
    about = (report.device, report.taxpayer, report.month, report.counter)
    if about != (device.device, device.taxpayer, month, device.counter):
        raise refuse("deviceReportBroken", month=name, device=device.device)
    return report


def issues_until(rules: Rules, month: date) -> date:
    """The last day on which a device issues that was unlocked for ``month``: that of the next month's filing period."""
    limit = rules.limit(last_day(month_after(month)))
    if limit is None:
        raise refuse("rulesUnknown")
    return limit
