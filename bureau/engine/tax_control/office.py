"""Tax-control devices at the bureau's desk: given out with a key of their own, reported lost, cancelled."""

from __future__ import annotations

import re
from datetime import timedelta

from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.engine.tax_control import seals
from bureau.errors import DeviceRefused
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.tax_control import DeviceState, NewDevice, TaxDevice
from kiosk.domain.tax_control import last_day


def issue(
    core: Core, vault: Vault, rules: Rules, device: str, taxpayer: str, by: str
) -> tuple[TaxDevice, bytes]:
    """A new device for a taxpayer, and the key that is written into it; raises ``DeviceRefused``.

    Its first report is that of the month that runs now; until it is unlocked for that month it issues as long as the
    month's filing period lasts.
    """
    if re.fullmatch(r"[0-9A-Z]{8,20}", device, re.ASCII) is None:
        raise DeviceRefused(f"{device!r} is no device's number: type the 8 to 20 characters on its label")
    found = core.registration.taxpayer(taxpayer, lock=True)
    if found is None or found.state != "normal":
        raise DeviceRefused(f"{taxpayer} is no taxpayer in normal state: look it up in the register")
    if core.tax_control.device(device) is not None:
        raise DeviceRefused(f"device {device} was given out before: see `bureau device list`")
    month = today(core).replace(day=1)
    until = rules.limit(last_day(month))
    if until is None:
        raise DeviceRefused("the calendar of filing does not reach that far: publish the next year's")
    before = (month - timedelta(days=1)).replace(day=1)
    key = seals.new_key()
    new = NewDevice(device, taxpayer, seals.kept(vault, device, key), before, until, by)
    return core.tax_control.issue(new), key


def end(core: Core, device: str, state: DeviceState, by: str) -> TaxDevice:
    """It is lost or cancelled: no report of it is taken any more; raises ``DeviceRefused``."""
    if not core.tax_control.end(device, state, by):
        raise DeviceRefused(f"device {device} is not in use: see `bureau device list`")
    found = core.tax_control.device(device)
    assert found is not None, "it was ended just now"
    return found
