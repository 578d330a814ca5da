"""UPS, stamp unit and watchdog and the contract."""

from tests.drivers.contract.auxiliaries import KernelWatchdog, Stamps, UpsBehindNut
from tests.drivers.contract.suite import Contract


class TestUnits(Contract):
    subjects = (UpsBehindNut, Stamps, KernelWatchdog)
