"""The receipt printer at the USB and the contract."""

from tests.drivers.contract.suite import Contract
from tests.drivers.contract.usb_receipts import UsbReceipts


class TestUsbReceiptPrinters(Contract):
    subjects = (UsbReceipts,)
