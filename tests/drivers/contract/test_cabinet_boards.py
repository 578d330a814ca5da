"""The cabinet's board and the contract."""

from tests.drivers.contract.auxiliaries import Board
from tests.drivers.contract.suite import Contract


class TestBoards(Contract):
    subjects = (Board,)
