"""Of a scanned page nothing is held once it is handed out: raw bytes and every picture made of them are overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.devices.scanner_image import page_image
from drivers.imaging import coding
from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize
from drivers.protocols.sane import Frame
from drivers.transports.sane_tap import _facts

HEIGHT, WIDTH = 90, 120
PIXELS = np.random.default_rng(5).integers(1, 255, (HEIGHT, WIDTH * 3), np.uint8)


def frame(kind: str, depth: int = 8, padding: int = 0) -> Frame:
    samples = WIDTH * (3 if kind == "rgb" else 1)
    rows = PIXELS[:, :samples]
    rows = np.packbits(rows < 128, axis=1) if depth == 1 else np.repeat(rows, depth // 8, axis=1)
    rows = np.pad(rows, ((0, 0), (0, padding)), constant_values=255)
    return Frame(kind, rows.shape[1], WIDTH, HEIGHT, depth, bytearray(rows.tobytes()))


FRAMES: dict[str, list[Frame]] = {
    "grey": [frame("gray")],
    "grey, lines filled up": [frame("gray", padding=8)],
    "one bit": [frame("gray", 1, 3)],
    "sixteen bits": [frame("gray", 16)],
    "colour": [frame("rgb")],
    "colour, lines filled up": [frame("rgb", padding=5)],
    "three passes": [frame(name, padding=2) for name in ("red", "green", "blue")],
}


@pytest.mark.parametrize("colour", [PageColour.FULL, PageColour.BINARY])
@pytest.mark.parametrize("name", FRAMES)
def test_every_picture_on_the_way_is_overwritten(
    name: str, colour: PageColour, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Any] = []
    frames = [
        Frame(f.kind, f.bytes_per_line, f.pixels_per_line, f.lines, f.depth, bytearray(f.data))
        for f in FRAMES[name]
    ]
    whole, imencode, threshold = Frame.picture, cv2.imencode, cv2.threshold

    def picture(one: Frame) -> Any:
        held.append(whole(one))
        return held[-1]

    def encoded(*given: Any) -> Any:
        done, data = imencode(*given)
        held.extend((given[1], data))
        return done, data

    def parted(*given: Any) -> Any:
        found = threshold(*given)
        held.extend((given[0], found[1]))
        return found

    monkeypatch.setattr(Frame, "picture", picture)
    monkeypatch.setattr(coding.cv2, "imencode", encoded)
    monkeypatch.setattr(coding.cv2, "threshold", parted)
    order = PageOrder(PageSize.ID1, colour, 100)
    page, _ = page_image(frames, PageSide.FRONT, order, date(2026, 11, 28))
    assert (page.width, page.height) == (WIDTH, HEIGHT) and any(page.data)
    assert len(held) >= 3
    assert not any(one.any() for one in held)
    assert not any(any(one.data) for one in frames)


@pytest.mark.parametrize("name", FRAMES)
def test_what_the_facts_for_a_recording_were_taken_from_is_overwritten(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = FRAMES[name][0]
    held: list[Any] = []
    whole = Frame.picture

    def picture(one: Frame) -> Any:
        held.append(whole(one))
        return held[-1]

    monkeypatch.setattr(Frame, "picture", picture)
    told = {
        "format": one.kind,
        "bytes_per_line": one.bytes_per_line,
        "pixels_per_line": one.pixels_per_line,
        "depth": one.depth,
    }
    copy = bytearray(one.data)
    facts = _facts(told, copy)
    assert facts.size == len(one.data) and facts.brightness is not None
    assert held and not any(copy) and not any(picture.any() for picture in held)
