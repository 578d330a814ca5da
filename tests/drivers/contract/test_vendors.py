"""Devices behind another vendor's services and the contract."""

from tests.drivers.contract.suite import Contract
from tests.drivers.contract.vendors import VendorBarcodes, VendorCamera, VendorDocuments, VendorReceipts


class TestVendors(Contract):
    subjects = (VendorReceipts, VendorDocuments, VendorBarcodes, VendorCamera)
