"""What somebody can read later on, and how a device's pages and refusals come to the flow."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, cast

import pytest

from drivers.client import DeviceHub
from drivers.client.errors import DeviceClientError, DeviceCommandFailed, DeviceTimeout, DeviceUnavailable
from kiosk.legible import flaw
from kiosk.page_reader import COARSER, MOST_BYTES, PageReader
from sync.records import MAX_ENVELOPE

GOOD = {"sharpness": 0.9, "light": 0.8, "ink": 0.03}
JPEG = b"\xff\xd8page"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"light": 0.2}, "dark"),
        ({"ink": 0.0002}, "empty"),
        ({"sharpness": 0.2}, "blur"),
        ({"light": 0.2, "ink": 0.0}, "dark"),
        ({"ink": 0.0, "sharpness": 0.0}, "empty"),
    ],
)
def test_dark_then_empty_then_blurred(changed: Mapping[str, float], told: str) -> None:
    assert flaw({**GOOD, **changed}) == told


def test_a_device_that_does_not_tell_is_believed() -> None:
    assert flaw({}) == ""


def test_a_page_in_base64_fits_into_a_record() -> None:
    assert MOST_BYTES * 4 / 3 < MAX_ENVELOPE * 0.9


class Hub:
    """Answers each command as told; frames come while the camera looks."""

    def __init__(self, *answers: DeviceClientError | Mapping[str, float]) -> None:
        self.answers, self.asked = list(answers), list[Mapping[str, Any]]()

    async def request(
        self, role: str, command: str, payload: Mapping[str, Any], timeout_s: Any, hear: Any = None
    ) -> Mapping[str, Any]:
        if command.endswith("StartPreview"):
            hear("DocumentCamera.FrameEvent", {"jpeg": base64.b64encode(b"frame").decode()})
            await asyncio.sleep(60)
        await asyncio.sleep(0)  # as a real one: somebody else's turn
        self.asked.append({"role": role, **payload})
        answer = self.answers.pop(0)
        if isinstance(answer, DeviceClientError):
            raise answer
        image = {
            "side": "front",
            "imageType": "jpg",
            "image": base64.b64encode(JPEG).decode(),
            "width": 1240,
            "height": 1754,
            "legibility": answer,
        }
        return {"images": [image], "quality": {}}


def read(hub: Hub, device: str = "documentCamera") -> tuple[str, Mapping[str, Any], list[bytes]]:
    shown: list[bytes] = []

    async def once() -> tuple[str, Mapping[str, Any]]:
        return await PageReader(cast(DeviceHub, hub), shown.append).read(device)

    fault, page = asyncio.run(once())
    return fault, page, shown


def test_a_page_comes_with_its_digest_and_the_live_picture_ends() -> None:
    fault, page, shown = read(Hub(GOOD))
    assert fault == ""
    assert base64.b64decode(page["jpeg"]) == JPEG and page["bytes"] == len(JPEG)
    assert shown == [b"frame", b""]


def test_the_scanner_shows_no_live_picture() -> None:
    hub = Hub({**GOOD, "ink": 0.0})
    fault, page, shown = read(hub, "documentScanner")
    assert (fault, bool(page), shown) == ("empty", True, [])
    assert hub.asked[0]["role"] == "documentScanner"


def test_a_page_that_does_not_fit_is_read_coarser_once() -> None:
    hub = Hub(DeviceCommandFailed("documentCamera", "unsupportedData"), GOOD)
    assert read(hub)[0] == ""
    assert [asked["resolution"] for asked in hub.asked] == [150, COARSER]
    assert all(asked["maxBytes"] == MOST_BYTES for asked in hub.asked)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (DeviceTimeout("documentCamera"), "noDocument"),
        (DeviceCommandFailed("documentCamera", "commandErrorCode", "glare"), "glare"),
        (DeviceCommandFailed("documentScanner", "commandErrorCode", "noMedia"), "noDocument"),
        (DeviceUnavailable("documentCamera", "gone"), "device"),
    ],
)
def test_what_a_device_refuses_with_is_told_by_its_code(error: DeviceClientError, told: str) -> None:
    assert read(Hub(error))[:2] == (told, {})
