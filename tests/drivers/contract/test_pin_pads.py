"""PIN pads and the contract."""

from tests.drivers.contract.inputs import PinPads
from tests.drivers.contract.suite import Contract


class TestPinPads(Contract):
    subjects = (PinPads,)
