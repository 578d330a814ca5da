"""Power: the standard's PowerManagement status, and our UpsMonitor with what it lacks."""

from __future__ import annotations

from typing import Final, Literal

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Nothing, Payload


class PowerInfo(Payload):
    """``powerManagement.info``."""

    power_in_status: Literal["powering", "noPower"] | None = None
    power_out_status: Literal["powering", "noPower"] | None = None
    battery_status: Literal["full", "low", "operational", "critical", "failure"] | None = None
    battery_charging_status: Literal["charging", "discharging", "notCharging"] | None = None


class PowerManagementStatus(Payload):
    """The ``powerManagement`` object of Common.Status."""

    info: PowerInfo | None = None


class UpsMonitorStatus(Payload):
    """Measures in per cent, seconds and volts; ``shutdown`` is ``requested`` until mains are back."""

    charge_percent: float | None = None
    runtime_s: float | None = None
    load_percent: float | None = None
    input_voltage: float | None = None
    battery_voltage: float | None = None
    shutdown: Literal["none", "requested", "unknown"] | None = None


class ShutdownBody(Payload):
    """Bring the machine down in order now: ``batteryLow``, ``onBatteryTooLong`` or ``forced`` by the UPS."""

    reason: Literal["batteryLow", "onBatteryTooLong", "forced"]
    runtime_s: float | None = None
    at: str


READ: Final = Command("UpsMonitor.Read", Nothing, UpsMonitorStatus, version="1.0", completion="1.0")
SHUTDOWN: Final = Event("UpsMonitor.ShutdownRequestedEvent", ShutdownBody, "1.0", unsolicited=True)
MANAGEMENT: Final = Interface("PowerManagement", (), (), PowerManagementStatus)
MONITOR: Final = Interface("UpsMonitor", (READ,), (SHUTDOWN,), UpsMonitorStatus)
