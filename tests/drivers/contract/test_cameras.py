"""The face camera and the contract."""

from tests.drivers.contract.readers import FaceCamera
from tests.drivers.contract.suite import Contract


class TestCameras(Contract):
    subjects = (FaceCamera,)
