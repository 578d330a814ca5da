"""Another vendor's service that answers what is not of its interface: an error in words, and nobody's data in it."""

import base64
import traceback
from datetime import date

import pytest

from drivers import bench
from drivers.client import (
    AnswerNotUnderstood,
    BarcodeClient,
    DeviceClientError,
    DocumentCameraClient,
    DocumentScannerClient,
    FaceClient,
    IdCardReaderClient,
    MrzClient,
    PinPadClient,
    RoleStatus,
    SignaturePadClient,
    SmartCardClient,
)
from drivers.ports_documents import PageOrder
from drivers.xfs.messages.resident_id import ReadIdCardOut
from tests.drivers.fakes import CARD

GOOD = ReadIdCardOut.of(CARD).wire()
NAME, NUMBER = CARD.name, CARD.number
PASSPORT = {"layout": "td3", "code": "P", "issuer": "UTO", "number": NUMBER, "familyName": NAME}


class Hub:
    """Answers every command with the same."""

    def __init__(self, answer):
        self.answer = answer

    async def request(self, role, name, payload=None, timeout_s=None, on_event=None):
        return self.answer


READS = {
    "card": lambda hub: IdCardReaderClient(hub).read_card(1),
    "face": lambda hub: FaceClient(hub).verify(b"\xff\xd8\xff", 0.8, 1),
    "code": lambda hub: BarcodeClient(hub).read(1),
    "atr": lambda hub: SmartCardClient(hub).read_atr(1),
    "apdu": lambda hub: SmartCardClient(hub).transmit(bytes(4)),
    "certificate": lambda hub: SmartCardClient(hub).certificate(),
    "signature": lambda hub: SmartCardClient(hub).sign(b"x"),
    "sheet": lambda hub: DocumentScannerClient(hub).scan(PageOrder(), 1),
    "page": lambda hub: DocumentCameraClient(hub).read(PageOrder(), 1),
    "zone": lambda hub: MrzClient(hub).read(1),
    "ink": lambda hub: SignaturePadClient(hub).sign(bytes(32), 1),
    "digits": lambda hub: PinPadClient(hub).type_digits(6, 1),
    "pin": lambda hub: PinPadClient(hub).type_pin(4, 6, 1),
    "block": lambda hub: PinPadClient(hub).pin_block("pek", "iso4", "6222000000000000"),
    "loaded": lambda hub: PinPadClient(hub).load_key("pek", "kbpk", "D0000"),
    "keys": lambda hub: PinPadClient(hub).keys(),
}


@pytest.mark.parametrize(
    "answer", [{}, {"readOutput": []}, {"images": []}, {"chip": [{}]}, {"keyDetails": 7}]
)
@pytest.mark.parametrize("what", READS)
async def test_an_answer_without_its_parts_is_told(what, answer):
    with pytest.raises(AnswerNotUnderstood, match="is not what its interface has"):
        await READS[what](Hub(answer))


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("card", {**GOOD, "birth": f"born {NUMBER}"}),
        ("card", {**GOOD, "photo": f"not base64 {NAME}"}),
        ("card", {name: value for name, value in GOOD.items() if name != "sex"}),
        ("code", {"readOutput": [{"symbology": "qrCode", "barcodeData": f"{NAME}!"}]}),
        ("zone", {**PASSPORT, "givenNames": 7}),
        ("digits", {"pinKeys": [{"digit": NUMBER}], "completion": "enter"}),
    ],
)
async def test_nobodys_data_gets_into_error_and_trace(what, answer):
    with pytest.raises(AnswerNotUnderstood) as caught:
        await READS[what](Hub(answer))
    told = "".join(traceback.format_exception(caught.value))
    assert NAME not in told and NUMBER not in told and NUMBER[:6] not in told


async def test_what_is_caught_everywhere_catches_this_too():
    with pytest.raises(DeviceClientError):
        await READS["card"](Hub({}))


@pytest.mark.parametrize(
    "verdict",
    [
        {"score": 0.2, "live": True, "passed": True},
        {"score": 0.9, "live": False, "passed": True},
        {"score": 0.9, "live": True, "passed": False},
    ],
)
async def test_nobody_passes_by_a_word_that_the_numbers_deny(verdict):
    told = await READS["face"](Hub({"matcher": "theirs", **verdict}))
    assert told["passed"] is False


async def test_a_word_for_yes_is_no_yes():
    with pytest.raises(AnswerNotUnderstood):
        await READS["face"](Hub({"score": 0.9, "live": "false", "passed": "false", "matcher": "theirs"}))


async def test_a_good_answer_is_read_as_before():
    assert await READS["card"](Hub(GOOD)) == CARD
    code = {"symbology": "qrCode", "barcodeData": base64.b64encode(b"x").decode()}
    assert (await READS["code"](Hub({"readOutput": [code]}))).data == b"x"


async def test_the_bench_tells_of_a_device_whose_service_answers_nonsense():
    class There(Hub):
        def status(self, role):
            return RoleStatus("online", {}, 0.0)

        def on_change(self, callback):
            return lambda: None

    for role in (
        "idReader",
        "barcodeReader",
        "ups",
        "stampUnit",
        "paymentTerminal",
        "mrzReader",
    ):
        checks = await bench.try_out(There([]), role, paper=True, hand=True)
        assert [check.ok for check in checks[:2]] == [True, False], role
        assert "is not what its interface has" in checks[-1].detail
        assert checks[-1].code == "internalError"


def test_no_representation_shows_a_person():
    shown = repr(CARD) + repr(ReadIdCardOut.of(CARD))
    assert NAME not in shown and NUMBER not in shown and str(date(1990, 3, 7)) not in shown
    assert "1990" not in shown
