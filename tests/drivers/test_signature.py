"""A signature: what counts as one, its compact form, and its pictures."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.errors import InvalidData, UserFault
from drivers.signature import Point, Signature, SignatureRules, png, read_compact, svg

DOCUMENT = bytes(range(32))
WAVE = tuple(Point(1000 + 60 * n, 1500 + 300 * (n % 3), 200 + 10 * n, 8 * n) for n in range(60))
SIGNED = Signature(DOCUMENT, 9600, 4000, 1023, (WAVE[:30], WAVE[30:], (Point(6000, 2000, 50, 900),)))
POINTS = st.builds(Point, st.integers(-500, 9999), st.integers(-500, 5000), st.integers(1, 1023), st.just(0))


@st.composite
def signatures(draw: st.DrawFn) -> Signature:
    at = 0
    strokes = []
    for stroke in draw(st.lists(st.lists(POINTS, min_size=1, max_size=8), max_size=6)):
        points = []
        for point in stroke:
            points.append(Point(point.x, point.y, point.pressure, at))
            at += draw(st.integers(0, 400))
        strokes.append(tuple(points))
    return Signature(draw(st.binary(min_size=32, max_size=32)), 9600, 4000, 1023, tuple(strokes))


@given(signatures())
def test_the_compact_form_loses_nothing(signature: Signature) -> None:
    found = read_compact(signature.compact())
    assert found.strokes == signature.strokes
    assert found == signature


def test_the_document_is_part_of_the_compact_form() -> None:
    other = Signature(bytes(32), SIGNED.width, SIGNED.height, SIGNED.pressure, SIGNED.strokes)
    assert other.compact() != SIGNED.compact()
    assert read_compact(SIGNED.compact()).document == DOCUMENT


@given(st.binary(max_size=80))
def test_what_is_no_signature_is_refused(data: bytes) -> None:
    for torn in (data, SIGNED.compact()[:-1], SIGNED.compact() + b"\0", b"KSG1" + data):
        with pytest.raises(InvalidData):
            read_compact(torn)


def test_ink_is_measured() -> None:
    line = Signature(DOCUMENT, 9600, 4000, 1023, ((Point(0, 0, 9, 0), Point(3000, 4000, 9, 500)),))
    assert (line.ink_mm, line.duration_ms, line.size_mm, line.points) == (50.0, 500, (30.0, 40.0), 2)
    SignatureRules().check(line)
    SignatureRules().check(SIGNED)


@pytest.mark.parametrize(
    "strokes",
    [
        (),
        ((Point(5000, 2000, 500, 0),),),
        ((Point(5000, 2000, 500, 0), Point(5400, 2000, 500, 900)),),  # 4 mm
        tuple((Point(5000, 2000, 9, 10 * n), Point(5300, 2200, 9, 10 * n + 5)) for n in range(60)),  # a blot
        ((Point(0, 0, 9, 0), Point(4000, 0, 9, 20)),),  # a dash drawn at once
    ],
)
def test_too_little_is_no_signature(strokes: tuple[tuple[Point, ...], ...]) -> None:
    with pytest.raises(UserFault) as told:
        SignatureRules().check(Signature(DOCUMENT, 9600, 4000, 1023, strokes))
    assert told.value.code == "signatureTooShort"


def test_ink_outside_the_frame_is_refused() -> None:
    out = (*WAVE, Point(9601, 100, 5, 2000))
    with pytest.raises(UserFault) as told:
        SignatureRules().check(Signature(DOCUMENT, 9600, 4000, 1023, (out,)))
    assert told.value.code == "penOutOfArea"


def test_pictures_show_the_ink_where_it_was() -> None:
    image = Image.open(io.BytesIO(png(SIGNED)))
    assert image.size == (1152, 480)  # 96 by 40 mm at 12 pixels a millimetre
    assert image.getpixel((720, 240)) == 0  # the dot
    assert image.getpixel((5, 5)) == 255
    root = ElementTree.fromstring(svg(SIGNED).decode())
    assert root.get("viewBox") == "0 0 96 40"
    paths = root.findall(".//{http://www.w3.org/2000/svg}path")
    assert len(paths) == 29 + 29 + 1
    thin, thick = float(paths[0].get("stroke-width") or 0), float(paths[57].get("stroke-width") or 0)
    assert 0.25 < thin < thick < 0.8
    nothing = Signature(DOCUMENT, 9600, 4000, 1023, ())
    assert Image.open(io.BytesIO(png(nothing))).getextrema() == (255, 255)
