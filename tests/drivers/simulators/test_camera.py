"""The simulated camera, watched over HTTP as OpenCV does and frame by frame."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.simulators.base import Pace
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.errors import BadParameterError

CASCADE = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt2.xml")
PERSON = 426695


class Viewer:
    """Reads the parts of the stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Viewer:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        writer.write(b"GET /video.mjpg HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"multipart/x-mixed-replace; boundary=frame" in head
        return cls(reader, writer)

    async def frame(self, within: float = 3) -> bytes:
        async with asyncio.timeout(within):
            head = await self.reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"--frame\r\nContent-Type: image/jpeg\r\n")
            data = await self.reader.readexactly(int(head.rsplit(b":", 1)[1]))
            assert await self.reader.readexactly(2) == b"\r\n"
            return data

    async def frames(self, count: int) -> list[bytes]:
        return [await self.frame() for _ in range(count)]


def picture(jpeg: bytes) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return np.asarray(image, np.uint8)


def faces(jpeg: bytes) -> int:
    return len(CASCADE.detectMultiScale(picture(jpeg), 1.1, 4, minSize=(110, 110)))


def change(one: bytes, other: bytes) -> float:
    """Mean difference after smoothing away the sensor's noise."""
    a, b = (cv2.GaussianBlur(picture(jpeg), (0, 0), 3).astype(int) for jpeg in (one, other))
    return float(np.abs(a - b).mean())


@pytest.fixture
async def camera() -> AsyncIterator[CameraSimulator]:
    simulator = CameraSimulator(Pace())
    await simulator.start()
    yield simulator
    await simulator.stop()


async def test_opencv_opens_the_stream_and_finds_the_person(camera: CameraSimulator) -> None:
    await camera.do("person", {"faceSeed": PERSON})

    def look() -> tuple[tuple[int, ...], int]:
        capture = cv2.VideoCapture(camera.url)
        for _ in range(4):
            found, image = capture.read()
            assert found
        capture.release()
        return image.shape, len(CASCADE.detectMultiScale(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), 1.1, 4))

    assert await asyncio.to_thread(look) == ((480, 640, 3), 1)


async def test_a_living_person_moves_and_blinks_and_a_photograph_does_not(camera: CameraSimulator) -> None:
    viewer = await Viewer.open(camera.port)
    await camera.do("person", {"faceSeed": PERSON})
    alive = (await viewer.frames(18))[2:]
    await camera.do("still", {"faceSeed": PERSON})
    still = (await viewer.frames(12))[2:]
    assert change(alive[0], alive[-1]) > 4 * change(still[0], still[-1])
    assert len(set(still)) > 1  # the sensor's noise is never the same
    assert faces(alive[0]) == faces(still[0]) == 1
    await camera.do("frozen")
    frozen = (await viewer.frames(8))[2:]
    assert len(set(frozen)) == 1
    viewer.writer.close()


async def test_darkness_an_empty_hall_a_far_and_a_second_person_can_be_told_apart(
    camera: CameraSimulator,
) -> None:
    viewer = await Viewer.open(camera.port)

    async def seen(action: str, **parameters: object) -> bytes:
        await camera.do(action, parameters)
        return (await viewer.frames(3))[-1]

    assert picture(await seen("black")).mean() < 8
    assert picture(await seen("covered")).std() < 6
    assert faces(await seen("none")) == 0
    assert faces(await seen("person", faceSeed=PERSON, zoom=0.25)) == 0
    assert faces(await seen("person", faceSeed=PERSON, companionSeed=8)) == 2
    with pytest.raises(BadParameterError, match="faceSeed"):
        await camera.do("person", {})
    viewer.writer.close()


async def test_broken_frames_silence_and_a_pulled_cable(camera: CameraSimulator) -> None:
    viewer = await Viewer.open(camera.port)
    await viewer.frames(1)
    await camera.do("garbage", {"count": 1, "kind": "noise"})
    spoilt = await viewer.frames(2)
    assert any(not jpeg.startswith(b"\xff\xd8") for jpeg in spoilt)
    await camera.do("silent")
    with pytest.raises(TimeoutError):
        await viewer.frame(0.3)
        await viewer.frame(0.3)
    await camera.do("clear")
    port = camera.port
    await camera.do("unplug")
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await viewer.reader.readexactly(10**6)
    viewer.writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    await camera.do("replug")
    again = await Viewer.open(port)
    assert (await again.frame()).startswith(b"\xff\xd8")
    again.writer.close()


async def test_a_single_picture_can_be_fetched_and_other_paths_do_not_exist(camera: CameraSimulator) -> None:
    for path, start in ((b"/snapshot.jpg", b"HTTP/1.1 200"), (b"/etc", b"HTTP/1.1 404")):
        reader, writer = await asyncio.open_connection("127.0.0.1", camera.port)
        writer.write(b"GET " + path + b" HTTP/1.1\r\n\r\n")
        assert (await reader.read()).startswith(start)
        writer.close()
