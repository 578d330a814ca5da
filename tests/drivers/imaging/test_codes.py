"""Codes on pages: symbologies, encodings, directions, bounds."""

from __future__ import annotations

import numpy as np
import pytest
import segno
from PIL import Image

from drivers.imaging.codes import codes_on
from drivers.simulators.documents import barcode, qr


def page(*codes, scale=4):
    """A white page with codes one below the other."""
    canvas = np.full((2400, 1700), 255, np.uint8)
    y = 60
    for code in codes:
        large = np.kron(code, np.ones((scale, scale), np.uint8)) if code.shape[0] < 400 else code
        canvas[y : y + large.shape[0], 80 : 80 + large.shape[1]] = large
        y += large.shape[0] + 60
    return canvas


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_in_a_qr_code_comes_as_utf_8_whatever_it_was_written_in(encoding) -> None:
    text = "01,10,053002600104,云川市文博物流有限公司"
    (found,) = codes_on(page(qr(text, encoding)))
    assert (found.code.symbology, found.code.data.decode()) == ("qrCode", text)


@pytest.mark.parametrize(
    ("name", "symbology"), [("Code128", "code128"), ("PDF417", "pdf417"), ("DataMatrix", "dataMatrix")]
)
def test_other_symbologies_are_named_as_the_standard_does(name, symbology) -> None:
    (found,) = codes_on(page(barcode(name, "TAXFORM20261012"), scale=2))
    assert (found.code.symbology, found.code.data) == (symbology, b"TAXFORM20261012")


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    data = bytes(range(0, 256, 3))
    code = np.asarray([list(row) for row in segno.make_qr(data, error="m").matrix_iter(border=4)], np.uint8)
    (found,) = codes_on(page(np.where(code > 0, 0, 255).astype(np.uint8)))
    assert found.code.data == data


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_qr_code_tells_how_it_is_turned_and_a_bar_code_does_not(turn) -> None:
    picture = np.ascontiguousarray(np.rot90(page(qr("up"), barcode("Code128", "12345678")), -(turn // 90)))
    angles = {found.code.symbology: found.angle for found in codes_on(picture)}
    assert angles == {"qrCode": turn, "code128": None}


def test_codes_come_in_the_order_of_reading_each_once() -> None:
    found = codes_on(page(qr("first"), qr("second"), qr("second"), qr("third")))
    assert [one.code.data for one in found] == [b"first", b"second", b"third"]


def test_an_empty_page_and_noise_hold_no_code() -> None:
    assert codes_on(np.full((800, 600, 3), 255, np.uint8)) == ()
    noise = np.random.default_rng(1).integers(0, 256, (600, 600), np.uint8)
    assert codes_on(noise) == ()
    assert codes_on(np.asarray(Image.new("L", (1, 1)), np.uint8)) == ()
