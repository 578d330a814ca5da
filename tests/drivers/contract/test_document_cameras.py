"""The overhead document camera and the contract."""

from tests.drivers.contract.cameras import Overhead
from tests.drivers.contract.suite import Contract


class TestDocumentCameras(Contract):
    subjects = (Overhead,)
