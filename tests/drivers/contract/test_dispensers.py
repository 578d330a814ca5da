"""The invoice dispenser and the contract."""

from tests.drivers.contract.machines import Invoices
from tests.drivers.contract.suite import Contract


class TestDispensers(Contract):
    subjects = (Invoices,)
