"""The simulated card reader, driven by frames written by hand from the domain note."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import serial

from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.errors import ActionRefusedError, BadParameterError, UnknownActionError
from tests.drivers.simulators.lines import Host

STATUS = bytes.fromhex("AAAAAA9669000311FFED")
RESET = bytes.fromhex("AAAAAA9669000310FFEC")
SAM_ID = bytes.fromhex("AAAAAA9669000312FFEE")
FIND = bytes.fromhex("AAAAAA96690003200122")
SELECT = bytes.fromhex("AAAAAA96690003200221")
READ = bytes.fromhex("AAAAAA96690003300132")
READ_FINGERS = bytes.fromhex("AAAAAA96690003301023")
READ_ADDRESS = bytes.fromhex("AAAAAA96690003300330")

OK = bytes.fromhex("AAAAAA9669000400009094")
FOUND = bytes.fromhex("AAAAAA9669000800009F0000000097")
NO_CARD = bytes.fromhex("AAAAAA9669000400008084")
SELECTED = bytes.fromhex("AAAAAA9669000C00009000000000000000009C")
NOT_SELECTED = bytes.fromhex("AAAAAA9669000400008185")
READ_FAILED = bytes.fromhex("AAAAAA9669000400004145")

LI = {
    "layout": "resident",
    "name": "李秀兰",
    "number": "11010519491231002X",
    "sex": "女",
    "nation": "回",
    "birth": "1949-12-31",
    "address": "云川市江城区书院街 12 号 3 单元 502 室",
    "authority": "云川市公安局江城分局",
    "validFrom": "2018-05-04",
    "validTo": None,
}
NOVAK = {
    "layout": "Y",
    "name": "诺瓦克",
    "latinName": "NOVAKOVA-STEPANEK MARIE ALEXANDRINA JOSEFA",
    "number": "932682198501010017",
    "sex": "F",
    "nationality": "CZE",
    "birth": "19850101",
    "validFrom": "20240102",
    "validTo": "20340101",
}


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[CardReaderSimulator]:
    simulator = CardReaderSimulator(tmp_path / "tty-idReader", Pace(50))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def host(reader: CardReaderSimulator) -> AsyncIterator[Host]:
    line = Host(reader.port.link)
    yield line
    line.close()


def xor(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte
    return total


def field(text: bytes, offset: int, length: int) -> str:
    return text[offset : offset + length].decode("utf-16-le").rstrip(" ")


async def read_text(host: Host) -> bytes:
    assert await host.ask(FIND, 15) == FOUND
    assert await host.ask(SELECT, 19) == SELECTED
    frame = await host.ask(READ, 1295)
    assert len(frame) == 1295
    assert frame[:14] == bytes.fromhex("AAAAAA96690508000090") + bytes.fromhex("01000400")
    assert xor(frame[5:]) == 0
    return frame[14:270]


async def test_an_empty_plate_answers_the_documented_frames(host: Host) -> None:
    assert await host.ask(STATUS, 11) == OK
    assert await host.ask(FIND, 11) == NO_CARD
    assert await host.ask(SELECT, 11) == NOT_SELECTED
    assert await host.ask(READ, 11) == READ_FAILED
    sam = await host.ask(SAM_ID, 27)
    assert len(sam) == 27
    assert sam[:10] == bytes.fromhex("AAAAAA96690014000090")


async def test_a_resident_card_gives_its_text_at_the_documented_places(
    reader: CardReaderSimulator, host: Host
) -> None:
    await reader.do("present", {"card": LI})
    text = await read_text(host)
    assert field(text, 0, 30) == "李秀兰"
    assert field(text, 30, 2) == "2"
    assert field(text, 32, 4) == "03"
    assert field(text, 36, 16) == "19491231"
    assert field(text, 52, 70) == LI["address"]
    assert field(text, 122, 36) == "11010519491231002X"
    assert field(text, 158, 30) == "云川市公安局江城分局"
    assert field(text, 188, 16) == "20180504"
    assert field(text, 204, 16) == "长期"
    assert field(text, 248, 2) == ""


async def test_a_card_of_2023_for_foreigners_splits_the_latin_name(
    reader: CardReaderSimulator, host: Host
) -> None:
    await reader.do("present", {"card": NOVAK})
    text = await read_text(host)
    assert field(text, 248, 2) == "Y"
    assert text[52:122].decode("utf-16-le") + field(text, 220, 22) == NOVAK["latinName"]
    assert field(text, 122, 36) == "932682198501010017"
    assert field(text, 242, 6) == "CZE"


async def test_the_older_foreign_and_the_taiwan_layout_use_their_own_places(
    reader: CardReaderSimulator, host: Host
) -> None:
    old = NOVAK | {"layout": "foreign-2017", "number": "CZE110085010105", "authorityCode": "1100"}
    await reader.do("present", {"card": old})
    text = await read_text(host)
    assert (field(text, 0, 120), field(text, 122, 30)) == (NOVAK["latinName"], "CZE110085010105")
    assert (field(text, 152, 6), field(text, 220, 16), field(text, 240, 8)) == ("CZE", "19850101", "1100")
    await reader.do(
        "present", {"card": LI | {"layout": "J", "travelPermit": "H12345678", "issueCount": "02"}}
    )
    text = await read_text(host)
    assert (field(text, 248, 2), field(text, 220, 18), field(text, 238, 4)) == ("J", "H12345678", "02")
    assert field(text, 32, 4) == ""


async def test_a_card_that_was_read_is_found_again_only_after_it_left_the_plate(
    reader: CardReaderSimulator, host: Host
) -> None:
    await reader.do("present", {"card": LI})
    await read_text(host)
    assert await host.ask(FIND, 11) == NO_CARD
    assert await host.ask(SELECT, 19) == SELECTED  # it still lies there
    assert await host.ask(READ, 11) == READ_FAILED  # but must be presented again
    await reader.do("remove")
    assert await host.ask(SELECT, 11) == NOT_SELECTED
    await reader.do("present", {"card": LI})
    await read_text(host)


async def test_a_cold_reset_wakes_the_card_again(reader: CardReaderSimulator, host: Host) -> None:
    await reader.do("present", {"card": LI})
    await read_text(host)
    assert await host.ask(RESET, 11) == OK
    await read_text(host)


async def test_finger_block_and_latest_address_come_when_the_chip_has_them(
    reader: CardReaderSimulator, host: Host
) -> None:
    await reader.do("present", {"card": LI | {"fingerprint": True, "newAddress": "云川市新区"}})
    await host.ask(FIND, 15)
    await host.ask(SELECT, 19)
    frame = await host.ask(READ_FINGERS, 2321)
    assert len(frame) == 2321
    assert frame[5:7] == bytes.fromhex("090A")
    assert frame[10:16] == bytes.fromhex("010004000400")
    await host.ask(SELECT, 19)
    address = await host.ask(READ_ADDRESS, 81)
    assert address[10:80].decode("utf-16-le").rstrip() == "云川市新区"
    await reader.do("present", {"card": LI})
    await host.ask(FIND, 15)
    await host.ask(SELECT, 19)
    assert (await host.ask(READ_ADDRESS, 11))[9] == 0x91


async def test_the_chip_photo_is_the_person_of_the_number(reader: CardReaderSimulator, host: Host) -> None:
    await reader.do("present", {"card": LI})
    await host.ask(FIND, 15)
    await host.ask(SELECT, 19)
    photo = (await host.ask(READ, 1295))[270:1294]
    assert len(photo) == 1024
    assert photo[:4] == b"WPD1"
    length = int.from_bytes(photo[4:6], "big")
    picture = cv2.imdecode(np.frombuffer(photo[6 : 6 + length], np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (126, 102, 3)


@pytest.mark.parametrize(
    ("frame", "status"),
    [
        ("AAAAAA96690003200123", 0x10),  # check byte wrong
        ("AAAAAA9669FFFF200122", 0x11),  # length impossible
        ("AAAAAA96690003777701", None),  # unknown command with a wrong check
        ("AAAAAA96690003777703", 0x21),
    ],
)
async def test_frames_that_cannot_be_obeyed_get_their_status_word(
    host: Host, frame: str, status: int | None
) -> None:
    answer = await host.ask(bytes.fromhex(frame), 11)
    assert answer[9] == (0x10 if status is None else status)


async def test_garbage_before_a_frame_and_a_torn_frame_do_no_harm(host: Host) -> None:
    assert await host.ask(b"\x00\xaa\xaaxyz\xaa" + STATUS, 11) == OK
    await host.write(FIND[:6])
    assert await host.quiet(0.4) == b""
    assert await host.ask(STATUS, 11) == OK


async def test_each_corruption_shows_on_the_wire(reader: CardReaderSimulator, host: Host) -> None:
    async def frame_with(mode: str) -> bytes:
        await reader.do("present", {"card": LI})
        await reader.do("corrupt", {"mode": mode, "count": 1})
        await host.ask(FIND, 15)
        await host.ask(SELECT, 19)
        return await host.ask(READ, 1295, 0.4)

    assert 0 < len(await frame_with("torn")) < 1295
    assert xor((await frame_with("flip"))[5:]) != 0
    assert field((await frame_with("unknownLayout"))[14:270], 248, 2) == "Q"
    assert field((await frame_with("badCheck"))[14:270], 122, 36) == "110105194912310020"
    assert await frame_with("readFail") == READ_FAILED
    assert (await frame_with("authFail"))[9] == 0x31
    assert reader.state()["corrupt"] is None
    await reader.do("corrupt", {"mode": "samFail"})
    assert (await host.ask(STATUS, 11))[9] == 0x60
    await reader.do("clear")
    assert await host.ask(STATUS, 11) == OK


async def test_pulling_the_cable_breaks_the_open_port_and_the_same_path_works_after_replug(
    reader: CardReaderSimulator, host: Host
) -> None:
    await reader.do("unplug")
    with pytest.raises((serial.SerialException, OSError)):
        await host.read(1, 0.5)
    with pytest.raises(serial.SerialException) as missing:
        Host(reader.port.link)
    assert missing.value.errno == errno.ENOENT
    await reader.do("replug")
    again = Host(reader.port.link)
    assert await again.ask(STATUS, 11) == OK
    again.close()


async def test_line_faults_spoil_the_next_answer_only(reader: CardReaderSimulator, host: Host) -> None:
    await reader.do("silent", {"on": True})
    assert await host.ask(STATUS, 1, 0.1) == b""
    await reader.do("clear")
    await reader.do("garbage", {"count": 5})
    assert len(await host.read(5)) == 5
    for fault in ("drop", "cut", "flip", "duplicate", "split"):
        await reader.do("link", {"fault": fault, "seconds": 0.02})
        spoilt = await host.ask(STATUS, 22, 0.15)
        expected = {"drop": spoilt == b"", "duplicate": spoilt == OK + OK, "split": spoilt == OK}
        assert expected.get(fault, spoilt != OK), fault
        assert await host.ask(STATUS, 11) == OK


async def test_wrong_actions_say_what_would_be_right(reader: CardReaderSimulator) -> None:
    with pytest.raises(UnknownActionError, match="present"):
        await reader.do("levitate")
    with pytest.raises(BadParameterError, match="mode"):
        await reader.do("corrupt", {"mode": "nonsense"})
    with pytest.raises(BadParameterError, match="latinName"):
        await reader.do("present", {"card": NOVAK | {"latinName": None}})
    with pytest.raises(ActionRefusedError, match="present one first"):
        await reader.do("remove")
