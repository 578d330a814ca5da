"""The receipt printer on either line and the contract."""

from tests.drivers.contract.machines import NetworkReceipts, SerialReceipts
from tests.drivers.contract.suite import Contract


class TestReceiptPrinters(Contract):
    subjects = (SerialReceipts, NetworkReceipts)
