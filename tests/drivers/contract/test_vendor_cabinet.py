"""Cabinet and PIN pad behind another vendor's services and the contract."""

from tests.drivers.contract.suite import Contract
from tests.drivers.contract.vendor_cabinet import VendorBoard, VendorPads, VendorUps


class TestVendorCabinet(Contract):
    subjects = (VendorBoard, VendorUps, VendorPads)
