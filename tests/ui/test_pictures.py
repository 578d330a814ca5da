"""Icons take the colours of the moment, codes can be read off the screen, and nothing personal is kept."""

from __future__ import annotations

import logging
import re

import numpy as np
import pytest
import zxingcpp
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage

from kiosk.flow.pages import DonePage, PayPage
from tests.ui.cabinet import Cabinet
from ui.bridge.pictures import ICONS, QUIET, CameraPictures, QrPictures, SvgPictures
from ui.samples import samples


def _colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def _read(image: QImage) -> list[str]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return [found.text for found in zxingcpp.read_barcodes(flat[:, : grey.width()].copy())]


def test_an_icon_is_drawn_in_the_colours_asked_for(qapp: QGuiApplication) -> None:
    image = SvgPictures().requestImage("cert?c=112233&a=ff0000&w=4", QSize(), QSize(96, 96))
    assert {"#112233", "#ff0000"} <= _colours(image)
    assert image.size() == QSize(96, 96)


def test_a_picture_asked_for_twice_is_drawn_once(qapp: QGuiApplication) -> None:
    pictures = SvgPictures()
    first = pictures.requestImage("art/machine", QSize(), QSize(152, 0))
    assert pictures.requestImage("art/machine", QSize(), QSize(152, 0)).cacheKey() == first.cacheKey()


def test_an_unknown_icon_is_a_plain_sign_and_a_line_in_the_log(
    qapp: QGuiApplication, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "kiosk.ui"):
        image = SvgPictures().requestImage("unicorn?c=112233", QSize(), QSize(48, 48))
    assert "#112233" in _colours(image)
    assert "unicorn" in caplog.text


def test_every_icon_a_page_or_a_service_names_is_there() -> None:
    have = {path.stem for path in ICONS.glob("*.svg")}
    qml = "\n".join(p.read_text() for p in ICONS.parent.glob("qml/**/*.qml"))
    named = set(re.findall(r'(?:iconName|name): "([a-z0-9]+)"', qml)) - {
        "idle",
        "grid",
        "leave",
        "notice",
        "help",
        "sheet",
        "pager",
        "machine",
    }
    services = "\n".join(p.read_text() for p in ICONS.parents[1].glob("config/services/*.yaml"))
    named |= set(re.findall(r"icon: (\w+)", services)) | {f"face{level}" for level in range(1, 6)}
    assert len(named) > 20
    assert named - have - {"staff"} == set()


def test_a_code_has_whole_pixels_and_a_quiet_zone(qapp: QGuiApplication) -> None:
    image = QrPictures().requestImage("H/https%3A%2F%2Fpay.example%2F1", QSize(), QSize(700, 700))
    dark = [
        (x, y) for x in range(700) for y in range(0, 700, 7) if image.pixelColor(x, y) == QColor("#17202C")
    ]
    columns = [x for x, _ in dark]
    module = (max(columns) - min(columns) + 1) / 29
    assert module == int(module)
    assert min(columns) >= QUIET * module and 699 - max(columns) >= QUIET * module


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:39211/p/0199f0c2-7f3a-7c51-9a3e-5b1c2d3e4f50", "票据 12-3"]
)
def test_the_code_on_the_pay_page_can_be_read_off_the_screen(cabinet: Cabinet, text: str) -> None:
    from dataclasses import replace

    for mode in ("standard", "elder"):
        screen = samples(mode=mode)["pay"]
        assert isinstance(screen.page, PayPage)
        cabinet.show(replace(screen, page=replace(screen.page, qr=text)))
        assert text in _read(cabinet.window.grabWindow())


def test_the_code_on_the_end_page_can_be_read_off_both_panels(cabinet: Cabinet, lying: Cabinet) -> None:
    for panel in (cabinet, lying):
        panel.sample("done")
        page = samples()["done"].page
        assert isinstance(page, DonePage)
        assert page.qr in _read(panel.window.grabWindow())


def test_codes_are_forgotten_beyond_a_few_and_all_when_wiped(qapp: QGuiApplication) -> None:
    codes = QrPictures()
    for number in range(20):
        codes.prepare(f"order {number}")
    assert codes.kept == 8
    codes.wipe()
    assert codes.kept == 0


def test_a_frame_that_is_too_large_is_not_even_looked_at(qapp: QGuiApplication) -> None:
    camera = CameraPictures()
    assert camera.take(b"\xff\xd8" + b"0" * 4_000_001) is False
    assert camera.empty
    assert camera.requestImage("preview?1", QSize(), QSize()).size() == QSize(1, 1)
