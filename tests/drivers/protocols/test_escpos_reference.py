"""Pictures as ESC/POS bytes beside those of python-escpos: the same dots, and never an order among them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from escpos.image import EscposImage
from PIL import Image

from drivers.protocols.escpos_raster import Bits, bands
from drivers.protocols.realtime_bytes import harmless
from drivers.receipt import parse_receipt
from drivers.receipt_own_font import _picture
from drivers.receipt_raster import render
from tests.drivers.protocols.test_escpos import undo

SLIP: list[dict[str, object]] = [
    {"type": "title", "text": "云川市税务局"},
    {"type": "row", "label": "企业", "value": "云川禾木文具有限公司"},
    {"type": "total", "label": "已缴合计", "value": "¥4,095.84"},
    {"type": "qr", "data": "https://ex.test/YC2610120042", "caption": "扫码查进度"},
]


def other(picture: Bits) -> EscposImage:
    return EscposImage(Image.fromarray(np.where(picture, 0, 255).astype(np.uint8)))


def whole(packed: bytes, picture: Bits) -> Bits:
    """Dots out of one raster of that library's, as wide as the picture."""
    rows = np.frombuffer(packed, np.uint8).reshape(len(picture), -1)
    return np.unpackbits(rows, axis=1)[:, : picture.shape[1]].astype(bool)


def noise(seed: int) -> Bits:
    source = np.random.default_rng(seed)
    picture = source.random((source.integers(1, 400), source.integers(1, 577))) < source.choice(
        [0.02, 0.5, 1]
    )
    picture[source.random(len(picture)) < 0.3] = False
    return np.asarray(picture, bool)


@pytest.mark.parametrize("rows", [1, 24, 256])
@pytest.mark.parametrize("picture", [render(parse_receipt(SLIP)), *map(noise, range(6))])
def test_a_picture_has_the_dots_that_python_escpos_prints(picture: Bits, rows: int) -> None:
    """But for the one that keeps its bytes from being a real-time command, which that library lets through."""
    made = b"".join(band.data for band in bands(picture, rows))
    ours = undo(made, picture.shape[1])
    theirs = whole(other(picture).to_raster_format(), picture)
    added = np.argwhere(ours != theirs)
    assert all(ours[y, x] and x % 8 == 7 for y, x in added)
    packed = np.packbits(theirs, axis=1)
    assert all(packed[y, x // 8] == 0x10 for y, x in added)
    assert not re.search(rb"\x10[\x04\x05\x14]", made)


def test_a_character_that_the_font_has_not_is_drawn_as_python_escpos_draws_it() -> None:
    """``ESC * 33``: columns of three bytes, the top dot first."""
    for seed in range(20):
        picture = np.random.default_rng(seed).random((24, 8 + seed)) < 0.4
        (theirs,) = other(picture).to_column_format(high_density_vertical=True)
        assert _picture(picture) == b"\x1b*\x21" + bytes((8 + seed, 0)) + harmless(theirs)
