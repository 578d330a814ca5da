"""Card reader and scanner behind another vendor's services and the contract."""

from tests.drivers.contract.suite import Contract
from tests.drivers.contract.vendor_cards import VendorCards, VendorScans


class TestVendorCards(Contract):
    subjects = (VendorCards, VendorScans)
