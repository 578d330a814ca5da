"""USB code scanners and the contract."""

from tests.drivers.contract.inputs import KeyboardScanner, PosScanner
from tests.drivers.contract.suite import Contract


class TestHidScanners(Contract):
    subjects = (KeyboardScanner, PosScanner)
