"""A driver that is named for a role it cannot play is refused before anything is opened."""

import pytest

from drivers.assembly import MODULES, DeviceSpec, build, refuse_unknown
from drivers.errors import UnknownDriver, WrongRole

URI = {"uri": "ws://127.0.0.1:9/xfs4iot/v1.0/Any"}


@pytest.mark.parametrize(
    ("role", "driver"),
    [
        ("idReader", "xfs4iot-barcode-reader"),
        ("documentPrinter", "xfs4iot-receipt-printer"),
        ("faceCamera", "xfs4iot-document-printer"),
        ("smartCardReader", "xfs4iot-camera"),
        ("stampUnit", "xfs4iot-receipt-printer"),
        ("auxiliaries", "xfs4iot-ups"),
        ("ups", "xfs4iot-auxiliaries"),
        ("signaturePad", "xfs4iot-pin-pad"),
    ],
)
def test_a_driver_of_another_role_is_refused_in_words(role, driver):
    with pytest.raises(WrongRole, match=f"^the driver '{driver}' cannot play the role '{role}'"):
        build(DeviceSpec("Any", role, driver, URI))


@pytest.mark.parametrize(
    ("role", "driver"),
    [
        ("receiptPrinter", "xfs4iot-receipt-printer"),
        ("documentPrinter", "xfs4iot-document-printer"),
        ("barcodeReader", "xfs4iot-barcode-reader"),
        ("faceCamera", "xfs4iot-camera"),
        ("smartCardReader", "xfs4iot-card-reader"),
        ("documentScanner", "xfs4iot-document-scanner"),
        ("auxiliaries", "xfs4iot-auxiliaries"),
        ("ups", "xfs4iot-ups"),
        ("pinPad", "xfs4iot-pin-pad"),
    ],
)
def test_a_driver_of_the_role_is_built(role, driver):
    build(DeviceSpec("Any", role, driver, URI))


def test_a_driver_that_nobody_has_is_refused_before_anything_is_loaded():
    with pytest.raises(UnknownDriver, match="there is no driver 'sam-x'; choose one of .*sam-v"):
        refuse_unknown("sam-x")
    refuse_unknown("sam-v")


def test_a_driver_of_anothers_module_is_looked_for_where_it_runs(monkeypatch):
    monkeypatch.setenv(MODULES, "a_bureaus_own")
    refuse_unknown("sam-x")
