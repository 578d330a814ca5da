"""The A4 printer and the contract."""

from tests.drivers.contract.machines import Documents
from tests.drivers.contract.suite import Contract


class TestDocumentPrinters(Contract):
    subjects = (Documents,)
