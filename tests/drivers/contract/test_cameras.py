"""The face camera and the contract."""

from tests.drivers.contract.cameras import FaceCamera
from tests.drivers.contract.suite import Contract


class TestCameras(Contract):
    subjects = (FaceCamera,)
