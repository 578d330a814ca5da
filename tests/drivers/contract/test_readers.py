"""ID card reader and barcode scanner and the contract."""

from tests.drivers.contract.readers import IdReader, Scanner
from tests.drivers.contract.suite import Contract


class TestReaders(Contract):
    subjects = (IdReader, Scanner)
