"""SANE in our words: statuses, the words of backends, and bytes as pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DeviceError, LinkLost, MediaMissing, ProtocolError, ReadFailed, UserFault
from drivers.ports_documents import PageColour, PageSide
from drivers.protocols.sane import Frame, assembled, failure, lines_meant, mode_word, source_word

FRONT, BACK = PageSide.FRONT, PageSide.BACK


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (6, DeviceError, "mediaJammed"),
        (7, MediaMissing, "noMedia"),
        (8, UserFault, "coverOpen"),
        (9, LinkLost, None),
    ],
)
def test_what_a_status_means(status, kind, code) -> None:
    error = failure(status)
    assert isinstance(error, kind)
    assert error.code == code


@given(st.integers(1, 255))
def test_every_status_is_an_error_that_says_what_to_do(status) -> None:
    assert str(failure(status))


@pytest.mark.parametrize(
    ("allowed", "colour", "word"),
    [
        (["Lineart", "Gray", "Color"], PageColour.FULL, "Color"),
        (["Black & White", "Halftone", "Gray", "24bit Color[Fast]"], PageColour.FULL, "24bit Color[Fast]"),
        (["Black & White", "True Gray", "24bit Color"], PageColour.BINARY, "Black & White"),
        (["Lineart", "Halftone", "Gray"], PageColour.FULL, None),
        (["Lineart", "Halftone", "8-bit Gray"], PageColour.GRAY, "8-bit Gray"),
    ],
)
def test_the_backends_word_for_a_colour(allowed, colour, word) -> None:
    assert mode_word(allowed, colour) == word


@pytest.mark.parametrize(
    ("allowed", "sides", "word"),
    [
        (["Flatbed", "ADF Front", "ADF Back", "ADF Duplex"], (FRONT,), "ADF Front"),
        (["Flatbed", "ADF Front", "ADF Back", "ADF Duplex"], (FRONT, BACK), "ADF Duplex"),
        (["Flatbed", "ADF Front", "ADF Back", "ADF Duplex"], (BACK,), "ADF Back"),
        (["Flatbed", "Automatic Document Feeder"], (FRONT,), "Automatic Document Feeder"),
        (["Flatbed", "Automatic Document Feeder"], (FRONT, BACK), None),
        (["Flatbed", "ADF", "ADF Duplex"], (FRONT,), "ADF"),
        (["ADF Duplex", "ADF"], (FRONT,), "ADF"),
        (["Flatbed"], (FRONT,), "Flatbed"),
        ([], (FRONT,), None),
    ],
)
def test_the_backends_word_for_a_source(allowed, sides, word) -> None:
    assert source_word(allowed, sides) == word


def frame(kind, picture, depth=8, padding=0, lines=None):
    rows = picture.reshape(len(picture), -1)
    if depth == 1:
        rows = np.packbits(rows < 128, axis=1)
    if depth == 16:
        rows = (rows.astype(np.uint16) << 8).view(np.uint8)
    rows = np.pad(rows, ((0, 0), (0, padding)))
    height, width = picture.shape[:2]
    return Frame(kind, rows.shape[1], width, height if lines is None else lines, depth, rows.tobytes())


pictures = st.tuples(st.integers(1, 17), st.integers(1, 23), st.integers(0, 2**31)).map(
    lambda size: np.random.default_rng(size[2]).integers(0, 256, size[:2], np.uint8)
)


@given(pictures, st.integers(0, 5), st.sampled_from([8, 16]), st.booleans())
def test_grey_lines_become_the_picture_whatever_pads_them(picture, padding, depth, told) -> None:
    made = frame("gray", picture, depth, padding * (2 if depth == 16 else 1), None if told else -1)
    assert (assembled([made]) == picture).all()


@given(pictures)
def test_a_set_bit_is_black(picture) -> None:
    plain = np.where(picture < 128, 0, 255).astype(np.uint8)
    assert (assembled([frame("gray", plain, 1)]) == plain).all()


@given(pictures)
def test_colours_in_one_frame_and_in_three_passes_are_the_same(picture) -> None:
    colour = np.stack((picture, 255 - picture, picture // 2), axis=2)
    passes = [frame(name, colour[:, :, place]) for place, name in enumerate(("red", "green", "blue"))]
    assert (assembled([frame("rgb", colour)]) == colour).all()
    assert (assembled([passes[2], passes[0], passes[1]]) == colour).all()


def test_a_page_that_breaks_off_is_told() -> None:
    whole = frame("gray", np.zeros((40, 8), np.uint8))
    for lines in (12, 20, 39):
        with pytest.raises(ReadFailed):
            assembled([Frame("gray", 8, 8, 40, 8, whole.data[: 8 * lines])])
    with pytest.raises(ReadFailed):
        assembled([Frame("gray", 8, 8, 40, 8, whole.data[:-1])])
    with pytest.raises(ReadFailed):
        assembled([Frame("gray", 8, 8, -1, 8, b"")])


@pytest.mark.parametrize(
    ("begun", "ended", "came", "drawn_in", "meant"),
    [
        (40, 40, 25, False, 40),
        (40, 40, 25, True, 40),
        (40, 25, 25, True, 25),
        (40, 25, 25, False, 40),
        (40, 30, 25, True, 40),
        (40, 0, 0, True, 40),
        (40, 20, 40, True, 40),
        (-1, 40, 25, True, -1),
        (-1, 40, 25, False, -1),
    ],
)
def test_how_many_lines_a_page_should_have(begun, ended, came, drawn_in, meant) -> None:
    told = {"lines": begun, "bytes_per_line": 8}
    assert lines_meant(told, {"lines": ended}, came * 8 + 3, drawn_in=drawn_in) == meant


def test_passes_that_make_no_picture_are_told() -> None:
    red = frame("red", np.zeros((4, 4), np.uint8))
    with pytest.raises(ProtocolError):
        assembled([red, red, red])


@given(
    st.fixed_dictionaries(
        {
            "format": st.sampled_from(["gray", "rgb", "red"]),
            "bytes_per_line": st.integers(-5, 100),
            "pixels_per_line": st.integers(-5, 100),
            "lines": st.integers(-5, 100),
            "depth": st.integers(-1, 32),
        }
    ),
    st.binary(max_size=2000),
)
def test_whatever_a_scanner_claims_is_a_picture_or_a_known_error(told, data) -> None:
    try:
        picture = assembled([Frame.of(told, data)])
    except DeviceError:
        return
    assert picture.shape[1] == told["pixels_per_line"]
