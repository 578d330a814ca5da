"""The simulated scanner by its bytes (SANE standard, chapter 5), without libsane; and the documents it scans."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from drivers.simulators.base import Pace
from drivers.simulators.document_scanner import PORT, DocumentScannerSimulator, host_of, number_of
from drivers.simulators.documents import SIZES, draw, millimetres
from drivers.simulators.errors import ActionRefusedError, BadParameterError, UnknownActionError
from drivers.simulators.scanner_feeder import Paper, seen


@pytest.fixture
async def scanner() -> AsyncIterator[DocumentScannerSimulator]:
    simulator = DocumentScannerSimulator(Pace(1000))
    await simulator.start()
    yield simulator
    while Client.open:
        Client.open.pop().close()
    await simulator.stop()


class Client:
    """A client of the protocol, written from the standard alone."""

    open: ClassVar[list[asyncio.StreamWriter]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.open.append(writer)

    @classmethod
    async def to(cls, scanner: DocumentScannerSimulator) -> Client:
        client = cls(*await asyncio.open_connection(scanner.host, PORT))
        client.words(0, 1 << 24 | 3)
        client.text("tester")
        assert await client.numbers(2) == (0, 1 << 24 | 3)
        return client

    def words(self, *values: int) -> None:
        self.writer.write(struct.pack(f">{len(values)}i", *values))

    def text(self, text: str) -> None:
        data = text.encode() + b"\0"
        self.words(len(data))
        self.writer.write(data)

    async def numbers(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f">{count}i", await self.reader.readexactly(4 * count))

    async def string(self) -> str:
        (length,) = await self.numbers(1)
        return (await self.reader.readexactly(length)).rstrip(b"\0").decode()

    async def opened(self) -> Client:
        self.words(2)
        self.text("simscan")
        assert await self.numbers(2) == (0, 0)
        assert await self.string() == ""
        return self

    async def start(self) -> tuple[int, int]:
        self.words(7, 0)
        status, port, order = await self.numbers(3)
        assert order == 0x1234
        assert await self.string() == ""
        return status, port


async def page(scanner: DocumentScannerSimulator, port: int) -> tuple[bytes, int]:
    """The bytes of a frame and the status at its end."""
    reader, writer = await asyncio.open_connection(scanner.host, port)
    data = b""
    while (length := struct.unpack(">I", await reader.readexactly(4))[0]) != 0xFFFFFFFF:
        data += await reader.readexactly(length)
    status = (await reader.readexactly(1))[0]
    writer.close()
    return data, status


async def test_the_device_list_has_one_scanner(scanner: DocumentScannerSimulator) -> None:
    client = await Client.to(scanner)
    client.words(1)
    assert await client.numbers(3) == (0, 2, 0)
    assert [await client.string() for _ in range(4)][0] == "simscan"
    assert await client.numbers(1) == (1,)  # the list ends with a null pointer


async def test_a_page_comes_in_records_and_ends_with_eof(scanner: DocumentScannerSimulator) -> None:
    client = await (await Client.to(scanner)).opened()
    await scanner.do("lay", {"kind": "idCard"})
    status, port = await client.start()
    assert status == 0
    client.words(6, 0)
    told = await client.numbers(7)
    data, end = await page(scanner, port)
    assert end == 5
    assert len(data) == told[3] * told[5]
    assert scanner.state()["counts"] == {"fed": 1, "out": 0, "scans": 1}
    client.words(8, 0)
    assert await client.numbers(1) == (0,)
    assert scanner.state()["counts"]["out"] == 1  # type: ignore[index]


@pytest.mark.parametrize(("how", "status"), [("busy", 3), ("ioError", 9), ("noMemory", 10), ("denied", 11)])
async def test_faults_of_the_start_are_statuses(
    scanner: DocumentScannerSimulator, how: str, status: int
) -> None:
    client = await (await Client.to(scanner)).opened()
    assert (await client.start())[0] == 7
    await scanner.do("lay")
    await scanner.do("fail", {"how": how})
    assert await client.start() == (status, 0)
    await scanner.do("clear")
    await scanner.do("cover", {"state": "open"})
    assert await client.start() == (8, 0)


async def test_a_jam_ends_the_page_and_stays_until_the_cover_was_opened(
    scanner: DocumentScannerSimulator,
) -> None:
    client = await (await Client.to(scanner)).opened()
    await scanner.do("lay", {"count": 2})
    await scanner.do("fail", {"how": "jam"})
    _, port = await client.start()
    assert (await page(scanner, port))[1] == 6
    assert await client.start() == (6, 0)
    await scanner.do("cover", {"state": "open"})
    await scanner.do("cover", {"state": "closed"})
    assert (await client.start())[0] == 0


async def test_rubbish_ends_the_connection_and_nothing_else(scanner: DocumentScannerSimulator) -> None:
    for rubbish in (b"\xff" * 64, b"\0\0\0\x02\x7f\xff\xff\xff", b"\0\0\0\x63\0\0\0\0"):
        client = await Client.to(scanner)
        client.writer.write(rubbish)
        client.writer.write_eof()
        assert await client.reader.read() is not None
    assert await (await Client.to(scanner)).opened()


async def test_two_scanners_have_two_addresses_and_keep_theirs(scanner: DocumentScannerSimulator) -> None:
    other = DocumentScannerSimulator(Pace(1000))
    await other.start()
    assert other.host != scanner.host
    host = other.host
    await other.do("unplug")
    assert host_of(number_of(host)) == host
    await other.do("replug")
    assert other.host == host
    assert host_of(number_of(host)) == ""
    await other.stop()


async def test_hands_that_make_no_sense_are_refused(scanner: DocumentScannerSimulator) -> None:
    with pytest.raises(BadParameterError):
        await scanner.do("lay", {"kind": "newspaper"})
    with pytest.raises(UnknownActionError):
        await scanner.do("fly")


@pytest.mark.parametrize("kind", list(SIZES))
def test_a_document_is_the_same_each_time_and_another_with_another_seed(kind) -> None:  # type: ignore[no-untyped-def]
    first, width = draw(kind, 1), SIZES[kind][0]
    draw.cache_clear()
    assert np.array_equal(first, draw(kind, 1))
    assert first.shape[1] == millimetres(width)
    if kind != "blank":
        assert not np.array_equal(first, draw(kind, 2))


def test_a_sheet_shows_the_picture_in_a_file_as_it_was_laid(tmp_path: Path) -> None:
    picture = np.full((400, 300, 3), 252, np.uint8)
    picture[:50, :80] = (200, 10, 10)
    Image.fromarray(picture).save(tmp_path / "one.png")
    whole = (0.0, 0.0, 210.0, 297.0)
    for turned, corner in ((0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))):
        size = whole if turned in (0, 180) else (0.0, 0.0, 297.0, 210.0)
        view = seen(Paper("invoice", 1, str(tmp_path / "one.png"), turned), "front", "Color", 100, size, 1.0)
        red = (view[:, :, 0] > 150) & (view[:, :, 1] < 100)
        where = np.argwhere(red)
        ends = [0 if end == 0 else side - 1 for end, side in zip(corner, view.shape[:2], strict=True)]
        assert np.abs(where - ends).max(axis=0).max() < 60 and len(where) > 100, turned
    assert not (
        seen(Paper("invoice", 1, str(tmp_path / "one.png")), "back", "Color", 100, whole, 1.0)[:, :, 1] < 9
    ).any()


async def test_a_file_that_is_no_picture_is_refused(
    scanner: DocumentScannerSimulator, tmp_path: Path
) -> None:
    (tmp_path / "none.png").write_text("no picture")
    for file in ("none.png", "absent.png"):
        with pytest.raises(ActionRefusedError):
            await scanner.do("lay", {"kind": "invoice", "file": str(tmp_path / file)})
    assert scanner.state()["sheets"] == 0
