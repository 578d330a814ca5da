"""Document scanner and passport reader and the contract."""

from tests.drivers.contract.scanners import MrzSwipes, Scans
from tests.drivers.contract.suite import Contract


class TestScanners(Contract):
    subjects = (Scans, MrzSwipes)
