"""The chip card reader and the contract."""

from tests.drivers.contract.cards import SmartCards
from tests.drivers.contract.suite import Contract


class TestCards(Contract):
    subjects = (SmartCards,)
