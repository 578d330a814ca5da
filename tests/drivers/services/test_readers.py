"""The card reader, the code reader and the face camera, as the wire shows them."""

import time

import pytest

from drivers.devices.registry import create_decoder
from drivers.errors import (
    DriverConfigError,
    MediaInvalid,
    MediaMissing,
    MediaMustBeRepresented,
    ReadFailed,
    SecurityFailed,
    UnsupportedData,
)
from drivers.ports import FaceVerdict
from drivers.services.face_station import LocalFaceStation
from tests.drivers.fakes import FakeStation
from tests.drivers.running import running
from tests.drivers.xfs_client import b64, code

V = "1.0"


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "IdCardReader", "BarcodeReader", "FaceCamera") as cab:
        yield cab


# -- cards --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "expected", "event"),
    [
        (MediaInvalid("another card"), "invalidMedia", True),
        (MediaInvalid("two cards", "cardCollision"), "cardCollision", True),
        (MediaMustBeRepresented("moved"), "mediaMustBeRepresented", True),
        (MediaMissing("taken away"), "noMedia", False),
        (ReadFailed("torn"), "invalidData", False),
        (SecurityFailed("card"), "securityFail", False),
        (SecurityFailed("module", "samSelfTestFailed"), "samSelfTestFailed", False),
    ],
)
def test_what_is_wrong_with_a_card_has_its_own_code(cab, error, expected, event):
    reader = cab.device("IdCardReader")
    reader.fault = error
    cab.do(reader.lay)
    with cab.wire("IdCardReader") as wire:
        events, completion = wire.ask("ResidentIdReader.ReadIdCard", version=V, timeout_ms=4000)
        assert completion["header"]["completionCode"] == "commandErrorCode"
        assert code(completion) == expected
        assert ("CardReader.InvalidMediaEvent" in [e["header"]["name"] for e in events]) == event


def test_no_card_in_time_is_a_timeout(cab):
    with cab.wire("IdCardReader") as wire:
        started = time.monotonic()
        events, completion = wire.ask("ResidentIdReader.ReadIdCard", version=V, timeout_ms=300)
        assert code(completion) == "timeOut"
        assert 0.25 < time.monotonic() - started < 1.5
        assert [e["header"]["name"] for e in events] == ["CardReader.InsertCardEvent"]


def test_raw_data_of_the_chip_waits_for_the_card_and_has_no_answer_to_reset(cab):
    cab.do(cab.device("IdCardReader").lay)
    with cab.wire("IdCardReader") as wire:
        events, completion = wire.ask("CardReader.ReadRawData", {"chip": True}, timeout_ms=4000)
        assert completion["payload"] == {"chip": [{"status": "dataSourceNotSupported"}]}
        assert len(events) == 2


def test_the_security_module_has_a_number_and_a_cold_reset(cab):
    with cab.wire("IdCardReader") as wire:
        number = wire.do("CardReader.QueryIFMIdentifier")["ifmIdentifiers"]["sam"]
        assert wire.do("Common.Status")["residentIdReader"]["samId"] == number
        wire.do("CardReader.ChipPower", {"chipPower": "cold"})
        assert code(wire.ask("CardReader.ChipPower", {"chipPower": "off"})[1]) == "unsupportedData"
    assert cab.device("IdCardReader").resets == 1


# -- codes --------------------------------------------------------------------------------------------


def test_a_code_comes_as_bytes_whatever_their_encoding(cab):
    text = "发票 011002100611".encode("gb18030")
    cab.device("BarcodeReader").show_code(text)
    with cab.wire("BarcodeReader") as wire:
        told = wire.do("BarcodeReader.Read")
        assert told == {"readOutput": [{"symbology": "qrCode", "barcodeData": b64(text)}]}


def test_only_wanted_symbologies_are_taken(cab):
    cab.device("BarcodeReader").show_code(b"1", "code128")
    cab.device("BarcodeReader").show_code(b"2", "qrCode")
    with cab.wire("BarcodeReader") as wire:
        told = wire.do("BarcodeReader.Read", {"symbologies": {"qrCode": True, "code128": False}})
        assert told["readOutput"][0]["barcodeData"] == b64(b"2")
        assert code(wire.ask("BarcodeReader.Read", {"symbologies": {"smileyCode": True}})[1]) == "invalidData"
        cab.device("BarcodeReader").show_code(b"")
        assert code(wire.ask("BarcodeReader.Read")[1]) == "barcodeInvalid"
        assert code(wire.ask("BarcodeReader.Read", timeout_ms=200)[1]) == "timeOut"


# -- faces --------------------------------------------------------------------------------------------

JPEG = b"\xff\xd8\xff-somebody"


def verify(wire, threshold=0.8, **options):
    body = {"reference": b64(JPEG), "threshold": threshold}
    return wire.ask("FaceCamera.VerifyFace", body, version=V, **options)[1]


@pytest.mark.parametrize(
    ("verdict", "passed"),
    [
        (FaceVerdict(0.93, True), True),
        (FaceVerdict(0.80, True), True),
        (FaceVerdict(0.79, True), False),
        (FaceVerdict(0.99, False, "still"), False),
    ],
)
def test_a_face_passes_when_it_lives_and_is_like_enough(cab, verdict, passed):
    cab.device("FaceCamera").verdicts = [verdict]
    with cab.wire("FaceCamera") as wire:
        told = verify(wire, timeout_ms=9000)["payload"]
        assert told["passed"] is passed
        assert (told["score"], told["live"], told.get("reason")) == (
            verdict.score,
            verdict.live,
            verdict.reason,
        )
        assert told["matcher"] == "fake"


def test_a_face_not_yet_in_the_picture_is_looked_for_again(cab):
    cab.device("FaceCamera").verdicts = [FaceVerdict(0, False, "noFace"), FaceVerdict(0, False, "tooFar")]
    with cab.wire("FaceCamera") as wire:
        assert verify(wire, timeout_ms=9000)["payload"]["passed"]
        assert cab.device("FaceCamera").captures == 3
        cab.device("FaceCamera").verdicts = [FaceVerdict(0, False, "noFace")] * 100
        told = verify(wire, timeout_ms=2500)["payload"]
        assert (told["passed"], told["reason"]) == (False, "noFace")


def test_the_preview_runs_beside_the_comparison_until_it_is_cancelled(cab):
    with cab.wire("FaceCamera") as wire, cab.wire("FaceCamera") as other:
        number = wire.send("FaceCamera.StartPreview", version=V)
        assert wire.acknowledged(number) is None
        frame = wire.next_of(number)
        assert frame["header"]["name"] == "FaceCamera.FrameEvent"
        assert frame["payload"]["jpeg"].startswith("/9j/")
        assert verify(other, timeout_ms=9000)["payload"]["passed"]
        assert wire.next_of(number)["header"]["type"] == "event"
        wire.do("Common.Cancel", {"requestIds": [number]})
        assert code(wire.finish(number)[1]) == "canceled"
    end = time.monotonic() + 3
    while cab.device("FaceCamera").previews:
        assert time.monotonic() < end


def test_a_preview_ends_with_its_connection(cab):
    wire = cab.wire("FaceCamera")
    number = wire.send("FaceCamera.StartPreview", version=V)
    assert wire.acknowledged(number) is None
    wire.next_of(number)
    wire.close()
    end = time.monotonic() + 3
    while cab.device("FaceCamera").previews:
        assert time.monotonic() < end


def test_a_picture_is_taken_of_a_person_and_of_nothing_else(cab):
    with cab.wire("FaceCamera") as wire:
        assert wire.do("Camera.TakePicture", {"camera": "person"})["pictureFile"] == b64(
            b"\xff\xd8\xffpicture"
        )
        assert code(wire.ask("Camera.TakePicture", {"camera": "room"})[1]) == "cameraNotSupported"
        text = {"camera": "person", "camData": "name"}
        assert code(wire.ask("Camera.TakePicture", text)[1]) == "unsupportedData"


def test_the_standards_own_way_to_verify_a_face(cab):
    template = {"type": {"format": "reservedRaw1"}, "data": b64(JPEG)}
    match = {"compareMode": "verify", "threshold": 80}
    with cab.wire("FaceCamera") as wire, cab.wire("FaceCamera") as other:
        assert code(wire.ask("Biometric.Match", {**match, "identifier": "id1"})[1]) == "noImportedData"
        found = wire.do("Biometric.Import", {"templates": [template]}, version="3.0")["templates"]
        (identifier,) = found
        match["identifier"] = identifier
        assert code(wire.ask("Biometric.Match", match)[1]) == "noCaptureData"
        events, completion = wire.ask("Biometric.Read", {"mode": "match"}, timeout_ms=5000)
        assert [event["header"]["name"].split(".")[1] for event in events] == [
            "PresentSubjectEvent",
            "SubjectDetectedEvent",
        ]
        assert "payload" not in completion
        assert wire.do("Biometric.Match", match)["candidates"] == {identifier: {"confidenceLevel": 93}}
        cab.device("FaceCamera").verdicts = [FaceVerdict(0.5, True), FaceVerdict(0.99, False, "still")]
        for _ in range(2):
            assert not wire.do("Biometric.Match", match).get("candidates")
        assert code(wire.ask("Biometric.Match", {**match, "identifier": "x"})[1]) == "invalidIdentifier"
        assert (
            code(wire.ask("Biometric.Match", {**match, "compareMode": "identity"})[1]) == "modeNotSupported"
        )
        assert code(wire.ask("Biometric.Read", {"mode": "scan"})[1]) == "modeNotSupported"
        assert code(other.ask("Biometric.GetStorageInfo")[1]) == "noImportedData"
        wire.do("Biometric.Clear", {})
        cleared = other.wait_unsolicited("Biometric.DataClearedEvent")
        assert cleared["payload"]["clearData"] in ("scannedData", "importedData")
        assert code(wire.ask("Biometric.Match", match)[1]) == "noImportedData"


def test_a_face_is_forgotten_with_the_connection_that_gave_it(cab):
    template = {"type": {"format": "reservedRaw1"}, "data": b64(JPEG)}
    service = cab.service("FaceCamera")
    with cab.wire("FaceCamera") as wire:
        wire.do("Biometric.Import", {"templates": [template]}, version="3.0")
        wire.do("Biometric.Read", {"mode": "match"})
        assert service._templates
    end = time.monotonic() + 3
    while service._templates or service._captured:
        assert time.monotonic() < end


def test_a_face_is_never_compared_with_what_another_connection_gave(cab):
    template = {"type": {"format": "reservedRaw1"}, "data": b64(JPEG)}
    match = {"compareMode": "verify", "threshold": 80}

    def imported(wire):
        (found,) = wire.do("Biometric.Import", {"templates": [template]}, version="3.0")["templates"]
        return {**match, "identifier": found}

    with cab.wire("FaceCamera") as wire, cab.wire("FaceCamera") as other:
        mine = imported(wire)
        other.do("Biometric.Read", {"mode": "match"})
        assert code(wire.ask("Biometric.Match", mine)[1]) == "noImportedData"
        theirs = imported(wire)
        assert code(wire.ask("Biometric.Match", theirs)[1]) == "noCaptureData"
        wire.do("Biometric.Read", {"mode": "match"})
        assert code(other.ask("Biometric.Match", imported(other))[1]) == "noCaptureData"


def test_a_face_that_could_not_be_read_leaves_none_of_before(cab):
    template = {"type": {"format": "reservedRaw1"}, "data": b64(JPEG)}
    with cab.wire("FaceCamera") as wire:
        (found,) = wire.do("Biometric.Import", {"templates": [template]}, version="3.0")["templates"]
        wire.do("Biometric.Read", {"mode": "match"})
        cab.device("FaceCamera").unplug()
        assert code(wire.ask("Biometric.Read", {"mode": "match"})[1]) != "success"
        match = {"compareMode": "verify", "threshold": 80, "identifier": found}
        assert code(wire.ask("Biometric.Match", match)[1]) == "noCaptureData"


class Matcher:
    production_ready = False

    def __init__(self, score=0.9):
        self.score = score
        self.seen = []

    def verify(self, reference, frames):
        self.seen.append(reference)
        return FaceVerdict(self.score, True)


class Decoder:
    production_ready = True

    def decode(self, photo):
        return b"\x89PNG\r\n\x1a\ndecoded" if photo.startswith(b"WPD1") else None


def test_production_refuses_a_matcher_for_demonstrations():
    with pytest.raises(DriverConfigError, match="certified"):
        LocalFaceStation(FakeStation(), Matcher(), "reference", Decoder(), production=True)
    certified = Matcher()
    certified.production_ready = True
    LocalFaceStation(FakeStation(), certified, "certified", Decoder(), production=True)


def test_production_refuses_a_photo_decoder_for_demonstrations():
    certified = Matcher()
    certified.production_ready = True
    with pytest.raises(DriverConfigError, match="licensed"):
        LocalFaceStation(FakeStation(), certified, "certified", create_decoder("demo"), production=True)
    LocalFaceStation(FakeStation(), certified, "certified", None, production=True)


async def test_chip_photos_are_decoded_and_pictures_taken_as_they_are():
    matcher = Matcher()
    station = LocalFaceStation(FakeStation(), matcher, "reference", Decoder(), production=False)
    for reference in (JPEG, b"\x89PNG\r\n\x1a\n...", b"WPD1...."):
        assert (await station.compare(reference, [JPEG])).score == 0.9
    assert matcher.seen == [JPEG, b"\x89PNG\r\n\x1a\n...", b"\x89PNG\r\n\x1a\ndecoded"]
    with pytest.raises(UnsupportedData):
        await station.compare(b"WLf\0 a real chip photo", [JPEG])
    with pytest.raises(UnsupportedData):
        await LocalFaceStation(FakeStation(), matcher, "m", None, False).compare(b"WPD1", [JPEG])
    wrong = LocalFaceStation(FakeStation(), Matcher(93.0), "reference", None, production=False)
    with pytest.raises(ReadFailed):
        await wrong.compare(JPEG, [JPEG])
