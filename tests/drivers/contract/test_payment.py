"""The bank-card terminal and the contract."""

from tests.drivers.contract.payment import Payments
from tests.drivers.contract.suite import Contract


class TestPayment(Contract):
    subjects = (Payments,)
