"""What a recording keeps of another vendor's messages: the standard's words, and nobody's data."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.protocols.xfs_wire import XfsWire, canonical

SECRET = "张三 6222021234567894321"


def message(name: str, payload: Any, **header: Any) -> bytes:
    head = {"name": name, "type": "completion", "requestId": 7, "version": "2.0", **header}
    return canonical(json.dumps({"header": head, "payload": payload}))


def kept(name: str, payload: Any, **header: Any) -> Any:
    data = message(name, payload, **header)
    written = XfsWire().incoming(data)
    assert len(written) == len(data)
    return json.loads(written)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(["data", "camera"]), inner)
    ),
    max_leaves=12,
)


@given(st.sampled_from(["Common.Status", "Printer.PrintFormCompleted", SECRET]), VALUES)
def test_whatever_a_message_holds_it_stays_as_long_and_gives_no_secret_away(name: str, payload: Any) -> None:
    data = message(name, payload, errorDescription=SECRET)
    written = XfsWire().incoming(data)
    assert len(written) == len(data)
    assert b"62220212" not in written and "张三".encode() not in written and rb"\u5f20" not in written
    assert canonical(written) == written or not written.strip(b"\0")


def test_states_and_abilities_are_kept_serial_numbers_are_not() -> None:
    told = kept(
        "Common.Capabilities",
        {
            "interfaces": [
                {"name": "Printer", "commands": {"Printer.PrintRaw": {"versions": ["2.0", "3.0"]}}}
            ],
            "common": {"deviceInformation": [{"modelName": "TP 80", "serialNumber": "ABCDEF"}]},
            "printer": {"type": {"receipt": True}, "maxMediaOnStacker": 40, "note": "call 021 5555"},
        },
    )
    assert told["payload"]["interfaces"][0]["commands"] == {"Printer.PrintRaw": {"versions": ["2.0", "3.0"]}}
    assert told["payload"]["common"]["deviceInformation"] == [
        {"modelName": "TP 80", "serialNumber": "000000"}
    ]
    assert told["payload"]["printer"] == {
        "type": {"receipt": True},
        "maxMediaOnStacker": 40,
        "note": "0" * 13,
    }


def test_a_code_keeps_its_form_a_picture_its_kind_and_a_document_its_length() -> None:
    def coded(data: bytes) -> str:
        return base64.b64encode(data).decode()

    told = kept(
        "BarcodeReader.Read", {"readOutput": [{"symbology": "qrCode", "barcodeData": coded(b"k=4x,7")}]}
    )
    assert told["payload"]["readOutput"] == [{"symbology": "qrCode", "barcodeData": coded(b"a=0a,0")}]
    told = kept("Camera.TakePicture", {"pictureFile": coded(b"\xff\xd8\xff\xe0face")})
    assert told["payload"]["pictureFile"] == coded(b"\xff\xd8\xff\0\0\0\0\0")
    told = kept("Printer.PrintNative", {"data": coded(b"%PDF-1.7"), "amount": 1234})
    assert told["payload"] == {"data": "0" * 12, "amount": 1000}


@pytest.mark.parametrize("digit", ["one", "four", "seven"])
def test_nothing_tells_which_digit_somebody_typed(digit: str) -> None:
    told = {"completion": "continue", "digit": digit}
    data = message("Keyboard.KeyEvent", told, type="event")
    assert json.loads(data)["payload"] == told, "what is filled up stays the same message"
    assert len(data) == len(message("Keyboard.KeyEvent", {**told, "digit": "zero"}, type="event"))
    typed = {
        "keys": 3,
        "pinKeys": [told, told, {"completion": "enter", "digit": "enter"}],
        "completion": "enter",
    }
    found = kept("Keyboard.DataEntry", typed)["payload"]
    zero = {"completion": "continue", "digit": "zero"}
    assert found == {
        "keys": 0,
        "pinKeys": [zero, zero, {"completion": "enter", "digit": "00000"}],
        "completion": "enter",
    }


def test_of_a_pin_block_nothing_is_kept_and_of_a_board_its_words() -> None:
    asked = {"customerData": "622588123456789012", "format": "iso0", "key": "BANK01", "cryptoMethod": "ecb"}
    assert set("".join(kept("PinPad.GetPinBlock", asked)["payload"].values())) == {"0"}
    assert kept("PinPad.GetPinBlock", {"pinBlock": "c2VjcmV0cw=="})["payload"] == {"pinBlock": "0" * 12}
    lit = {"scanner": {"default": {"flashRate": "slow", "color": "green"}}}
    assert kept("Lights.SetLight", lit)["payload"] == lit
    told = {"tamperSensor": "on", "cabinetFrontDoorState": "open"}
    assert kept("Auxiliaries.AuxiliaryStatusEvent", told)["payload"] == told


def test_form_fields_named_by_a_person_s_number_are_not_kept() -> None:
    told = kept("Printer.PrintForm", {"fields": {"11010519491231002X": "a"}, "errorCode": "formNotFound"})
    assert told["payload"] == {"fields": "0" * 24, "errorCode": "formNotFound"}


def test_an_answer_gets_the_number_of_the_command_that_it_has_now() -> None:
    def command(name: str, number: int) -> bytes:
        return message(name, {}, type="command", requestId=number)

    wire = XfsWire()
    read, status = command("BarcodeReader.Read", 3), command("Common.Status", 4)
    assert wire.readdressed(read, command("BarcodeReader.Read", 9), b"") == b""
    both = message("Common.Status", {}, requestId=4) + message("BarcodeReader.Read", {}, requestId=3)
    answer = wire.readdressed(status, command("Common.Status", 1000), both)
    assert len(answer) == len(both)
    assert b'"requestId":      1000' in answer and b'"requestId":         9' in answer
    wire.settle()
    assert wire.readdressed(status, status, both) == both


def test_what_is_no_message_is_zeros_and_two_of_a_name_are_the_same_request() -> None:
    wire = XfsWire()
    for nonsense in (b"", b"hello", b"[1]", b'{"header": 5}', b"[" * 100_000):
        assert wire.incoming(nonsense) == bytes(len(nonsense))
        assert wire.key(nonsense) == nonsense
    one, other = (message("Printer.PrintRaw", {"data": data}, type="command") for data in ("YQ==", "YmM="))
    assert wire.key(one) == wire.key(other) == wire.key(wire.outgoing(one)) == b"Printer.PrintRaw"
    assert wire.idle(b"Common.Status") and not wire.idle(b"Printer.PrintRaw")
