"""The camera's driver against the simulated motion-JPEG camera."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.camera import OpencvCamera, Timings
from drivers.devices.camera_frames import FrameLook, FrameWatch
from drivers.devices.registry import create
from drivers.errors import DeadlinePassed, DeviceNotReady, DriverConfigError, LinkLost
from drivers.ports import DeviceState, Snapshot
from drivers.simulators.base import Pace
from drivers.simulators.camera import CameraSimulator
from drivers.transports.video import VideoLink
from tests.drivers.devices.conftest import until

FAST = Timings(frame=0.1, linger=0.3, check=0.2, wait=1.0)


@pytest.fixture
async def sim() -> AsyncIterator[CameraSimulator]:
    simulator = CameraSimulator(Pace(1))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def camera(sim: CameraSimulator) -> AsyncIterator[OpencvCamera]:
    device = OpencvCamera(VideoLink(sim.url, wait_s=1.0), SystemClock(), FAST)
    await device.open()
    yield device
    await device.close()


def frame(snapshot: Snapshot) -> object:
    details = snapshot.details["faceCamera"]
    assert isinstance(details, dict)
    return details["frame"]


def decoded(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


async def test_a_picture_is_a_jpeg_of_what_stands_before_the_lens(
    sim: CameraSimulator, camera: OpencvCamera
) -> None:
    await sim.do("person", {"faceSeed": 7})
    picture = decoded(await camera.picture(Deadline.after(5)))
    assert picture.shape == (480, 640, 3)
    assert frame(camera.snapshot) == "live"


async def test_previews_come_at_most_ten_a_second(sim: CameraSimulator, camera: OpencvCamera) -> None:
    await sim.do("person", {"faceSeed": 7})
    await camera.picture(Deadline.after(5))
    loop = asyncio.get_running_loop()
    times: list[float] = []
    async with aclosing(camera.frames()) as frames:
        async for jpeg in frames:
            assert jpeg[:2] == b"\xff\xd8"
            times.append(loop.time())
            if len(times) == 12:
                break
    assert times[-1] - times[0] >= 0.95


async def test_captured_frames_follow_each_other_and_differ(
    sim: CameraSimulator, camera: OpencvCamera
) -> None:
    await sim.do("person", {"faceSeed": 7})
    frames = await camera.capture(5, Deadline.after(5))
    assert len(frames) == 5
    assert len(set(frames)) == 5


async def test_nobody_is_filmed_while_nobody_looks(sim: CameraSimulator, camera: OpencvCamera) -> None:
    await camera.picture(Deadline.after(5))
    await until(camera, lambda s: frame(s) == "unknown")
    await asyncio.sleep(0.1)
    before = sim.state()["counts"]
    await asyncio.sleep(0.5)
    assert sim.state()["counts"] == before
    assert camera.snapshot.device is DeviceState.ONLINE
    seen = camera.snapshot.observed_at
    await asyncio.sleep(0.5)
    assert camera.snapshot.observed_at != seen, "its presence is still confirmed"


@pytest.mark.parametrize("scene", ["black", "covered", "frozen"])
async def test_a_picture_that_is_none_is_noticed(
    sim: CameraSimulator, camera: OpencvCamera, scene: str
) -> None:
    await sim.do("person", {"faceSeed": 7})
    async with aclosing(camera.frames()) as frames:
        await anext(frames)
        await sim.do(scene)
        async with asyncio.timeout(8):
            async for _ in frames:
                if frame(camera.snapshot) == scene:
                    break
    wanted = DeviceState.HARDWARE_ERROR if scene == "frozen" else DeviceState.ONLINE
    assert camera.snapshot.device is wanted


@pytest.mark.parametrize(("tone", "look"), [(0, FrameLook.BLACK), (20, FrameLook.COVERED)])
def test_a_shut_lens_cover_is_no_camera_that_hangs(tone: int, look: FrameLook) -> None:
    """Without light even the noise is gone, and all frames are equal: the cover is opened, no cable changed."""
    watch = FrameWatch()
    assert {watch.look(np.full((480, 640, 3), tone, np.uint8)) for _ in range(40)} == {look}


def test_a_picture_that_stands_still_is_frozen() -> None:
    hall = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8).repeat(10, 0).repeat(10, 1)
    watch = FrameWatch()
    assert [watch.look(hall) for _ in range(40)][-1] is FrameLook.FROZEN


async def test_a_pulled_cable_ends_the_preview_and_the_camera_comes_back(
    sim: CameraSimulator, camera: OpencvCamera
) -> None:
    async def look() -> None:
        async with aclosing(camera.frames()) as frames:
            async for _ in frames:
                pass

    looking = asyncio.create_task(look())
    await asyncio.sleep(0.3)
    await sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        await looking
    await until(camera, lambda s: s.device is DeviceState.NO_DEVICE)
    with pytest.raises(DeviceNotReady):
        await camera.picture(Deadline.after(1))
    await sim.do("replug")
    await until(camera, lambda s: s.device is DeviceState.ONLINE)
    assert await camera.picture(Deadline.after(5))


async def test_a_preview_whose_camera_is_lost_between_two_frames_ends(
    sim: CameraSimulator, camera: OpencvCamera
) -> None:
    async with aclosing(camera.frames()) as frames:
        await anext(frames)
        await sim.do("unplug")  # while whoever looks is still busy with the frame before
        await until(camera, lambda s: s.device is DeviceState.NO_DEVICE)
        with pytest.raises(DeviceNotReady):
            async with asyncio.timeout(0):  # told at once: until the next try to connect nobody would wake it
                await anext(frames)


async def test_a_cable_pulled_while_nobody_looks_is_noticed_too(
    sim: CameraSimulator, camera: OpencvCamera
) -> None:
    await sim.do("unplug")
    await until(camera, lambda s: s.device is DeviceState.NO_DEVICE)


async def test_a_camera_that_sends_nothing_is_lost(sim: CameraSimulator, camera: OpencvCamera) -> None:
    await camera.picture(Deadline.after(5))
    await sim.do("silent")
    with pytest.raises((DeviceNotReady, DeadlinePassed)):
        await camera.capture(30, Deadline.after(4))


async def test_spoilt_frames_are_survived(sim: CameraSimulator, camera: OpencvCamera) -> None:
    await sim.do("person", {"faceSeed": 7})
    for kind in ("truncated", "noise"):
        await sim.do("garbage", {"kind": kind, "count": 4})
        try:
            await camera.capture(4, Deadline.after(4))
        except DeviceNotReady:
            await until(camera, lambda s: s.device is DeviceState.ONLINE)
    assert await camera.picture(Deadline.after(5))


async def test_too_few_frames_in_time_is_a_passed_deadline(
    sim: CameraSimulator, camera: OpencvCamera
) -> None:
    with pytest.raises(DeadlinePassed):
        await camera.capture(100, Deadline.after(0.4))


async def test_a_camera_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    device = create("camera-opencv", {"uri": str(tmp_path / "video9")})
    with pytest.raises(DeviceNotReady):
        await device.open()
    assert device.snapshot.device is DeviceState.NO_DEVICE
    await device.close()


@pytest.mark.parametrize("options", [{}, {"uri": ""}, {"uri": "x", "width": 1}, {"uri": "x", "fps": 5}])
def test_wrong_options_are_told_at_start(options: dict[str, Any]) -> None:
    with pytest.raises(DriverConfigError):
        create("camera-opencv", options)


async def test_one_that_does_not_come_up_after_a_reset_is_lost_at_once_and_comes_back(
    camera: OpencvCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = VideoLink.open
    tries = iter([LinkLost("no video")])

    def fails_once(link: VideoLink) -> None:
        if (error := next(tries, None)) is not None:
            raise error
        whole(link)

    monkeypatch.setattr(VideoLink, "open", fails_once)
    with pytest.raises(LinkLost, match="no video"):
        await camera.reset(Deadline.after(5))
    assert not camera.connected
    with pytest.raises(DeviceNotReady):
        await camera.picture(Deadline.after(5))
    await until(camera, lambda s: s.device is DeviceState.ONLINE)
    await camera.reset(Deadline.after(5))
    assert camera.connected and await camera.picture(Deadline.after(5))
