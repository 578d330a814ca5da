"""Pages found on a table, judged and set straight: known lies of a sheet, and every lie that a camera may see."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.imaging.coding import black_and_white
from drivers.imaging.corners import find_sheet
from drivers.imaging.reading import Unfit, read_page
from drivers.ports_documents import PageSize
from drivers.simulators.documents import code_content, draw
from drivers.simulators.table_scenes import Lie, TableScene, corners, shot

pytestmark = pytest.mark.timeout(240)
"""Pictures of five megapixels on a machine that others use as well."""

A4 = 297 / 210
NEAR = 3.0
"""Pixels of five million: 0.4 mm on the table."""


def seen(lie: Lie):
    coded = np.frombuffer(TableScene(lie).frame(0), np.uint8)
    picture = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def off(found, lie):
    """The farthest that a corner was found from where it is."""
    return max(min(float(np.linalg.norm(a - b)) for b in corners(lie)) for a in found)


@pytest.mark.parametrize(
    ("lie", "size"),
    [
        (Lie(), PageSize.A4),
        (Lie(kind="licence", angle=7, tilt=4, shadow=0.6), PageSize.A4),
        (Lie(kind="invoice", angle=-7, table="dark"), PageSize.A4),
        (Lie(kind="taxForm", angle=5, table="light"), PageSize.A4),
        (Lie(kind="licence", angle=3, table="pattern"), PageSize.A4),
        (Lie(kind="blank", angle=-3, table="light"), PageSize.A4),
        (Lie(kind="idCard", angle=25, dx=20), PageSize.ID1),
        (Lie(kind="idCard", angle=-30, table="light", shadow=0.5), PageSize.ID1),
        (Lie(kind="passport", angle=-12, tilt=4, table="dark"), PageSize.ID3),
    ],
    ids=lambda value: f"{value.kind}-{value.table}" if isinstance(value, Lie) else value.value,
)
def test_a_page_is_found_to_less_than_half_a_millimetre_on_every_table(lie, size) -> None:
    page = read_page(seen(lie), size, 150)
    assert off(page.outline.corners, lie) < NEAR
    assert page.outline.whole


@settings(max_examples=5, deadline=None)
@given(
    st.floats(-7, 7),
    st.floats(-4, 4),
    st.floats(-8, 8),
    st.floats(-8, 8),
    st.sampled_from(["wood", "dark"]),
    st.floats(0, 0.7),
)
def test_however_a_sheet_lies_its_corners_are_found(angle, tilt, dx, dy, table, shadow) -> None:
    lie = Lie("taxForm", 1, "front", angle, dx, dy, tilt, table, shadow)
    outline = find_sheet(shot(lie), A4)
    assert outline is not None
    assert off(outline.corners, lie) < NEAR


def test_a_straightened_page_is_the_page() -> None:
    lie = Lie(kind="licence", seed=4, angle=6, tilt=3, shadow=0.3)
    page = read_page(seen(lie), PageSize.A4, 100)
    goal = cv2.resize(draw("licence", 4)[:, :, ::-1], (827, 1169), interpolation=cv2.INTER_AREA)
    assert page.picture.shape == goal.shape
    ink, wanted = (cv2.blur(255 - black_and_white(one), (5, 5)).astype(float) for one in (page.picture, goal))
    assert float(np.corrcoef(ink.ravel(), wanted.ravel())[0, 1]) > 0.85


@pytest.mark.parametrize(
    ("kind", "turn"), [("licence", 90), ("licence", 180), ("invoice", 270), ("invoice", 0)]
)
def test_codes_are_read_and_turn_the_page_upright(kind, turn) -> None:
    lie = (
        Lie(kind=kind, seed=6, angle=turn + 4) if turn % 180 == 0 else Lie(kind="permit", seed=6, angle=turn)
    )
    page = read_page(seen(lie), PageSize.A4 if turn % 180 == 0 else PageSize.ID1, 200)
    if turn % 180 == 0:
        assert code_content(kind, 6) in [code.data.decode() for code in page.codes]
        assert page.turned == turn
        assert page.picture.shape[0] > page.picture.shape[1]
    else:
        # Without a code, lines of print tell lying from standing.
        assert page.picture.shape[1] > page.picture.shape[0]


def test_light_is_evened_out() -> None:
    lie = Lie(kind="blank", shadow=0.7, lamp=0.6)
    before = seen(lie)[200:2400, 300:1650].mean(axis=2)
    after = read_page(seen(lie), PageSize.A4, 75).picture[40:-40, 40:-40].mean(axis=2)
    assert np.percentile(before, 98) - np.percentile(before, 2) > 80
    assert np.percentile(after, 98) - np.percentile(after, 2) < 25


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        (Lie(kind=None), "noDocument"),
        (Lie(kind=None, table="light", shadow=1), "noDocument"),
        (Lie(kind="idCard"), "tooFar"),  # a card where a sheet is asked for
        (Lie(dx=45), "cutOff"),
        (Lie(hand=True), "cutOff"),
        (Lie(blur=5), "blurTooHigh"),
        (Lie(glare=0.8), "glare"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_reason(lie, reason) -> None:
    with pytest.raises(Unfit) as told:
        read_page(seen(lie), PageSize.A4, 150)
    assert told.value.reason == reason


def test_a_resolution_that_nobody_saw_is_not_promised() -> None:
    with pytest.raises(Unfit) as told:
        read_page(seen(Lie(kind="idCard")), PageSize.ID1, 400)
    assert told.value.reason == "tooFar"


def test_the_more_blurred_a_page_is_the_lower_its_sharpness() -> None:
    numbers = [
        read_page(seen(Lie(blur=blur)), PageSize.A4, 150).quality.sharpness for blur in (0.5, 2.2, 3.2)
    ]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > numbers[-1] + 0.1
