"""Signature pads and the contract."""

from tests.drivers.contract.inputs import SignaturePads
from tests.drivers.contract.suite import Contract


class TestSignaturePads(Contract):
    subjects = (SignaturePads,)
