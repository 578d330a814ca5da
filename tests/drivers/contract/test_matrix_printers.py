"""The dot-matrix printer on both of its lines and the contract."""

from tests.drivers.contract.matrix_printer import NetworkForms, SerialForms
from tests.drivers.contract.suite import Contract


class TestMatrixPrinters(Contract):
    subjects = (SerialForms, NetworkForms)
