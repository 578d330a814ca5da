"""Machine readable zones read from pictures of invented documents, and how many of them."""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest

from drivers.imaging.mrz_lines import find_mrz
from drivers.imaging.reading import read_page
from drivers.ports_documents import PageSize
from drivers.simulators.documents import draw
from drivers.simulators.table_scenes import Lie, TableScene
from drivers.simulators.travel_document import machine_lines

pytestmark = pytest.mark.timeout(240)
"""Pictures of five megapixels on a machine that others use as well."""

TODAY = date(2026, 10, 12)


def number(kind, seed):
    lines = machine_lines(kind, seed)
    return (lines[1][:9] if kind == "passport" else lines[0][5:14]).rstrip("<")


@pytest.mark.parametrize("kind", ["passport", "permit"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_zone_is_read_however_its_page_is_turned(kind, turn) -> None:
    page = np.ascontiguousarray(np.rot90(draw(kind, 3), turn // 90))
    found = find_mrz(page, TODAY)
    assert found is not None
    assert (found[0].number, found[1]) == (number(kind, 3), turn)


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_every_zone_of_ten_is_read_from_a_scan(dpi) -> None:
    for seed in range(10):
        kind = ("passport", "permit")[seed % 2]
        sheet = cv2.resize(draw(kind, seed), None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
        found = find_mrz(np.asarray(sheet, np.uint8), TODAY)
        assert found is not None, (kind, seed)
        assert found[0].number == number(kind, seed)


def test_a_zone_is_read_under_the_camera_and_never_wrongly() -> None:
    rng = np.random.default_rng(7)
    read = 0
    for seed in range(4):
        kind, size = (("passport", PageSize.ID3), ("permit", PageSize.ID1))[seed % 2]
        angle, tilt, dx, blur = rng.uniform((-15, -4, -30, 0.5), (15, 4, 30, 1.2))
        lie = Lie(kind, seed, "front", angle, dx, 0, tilt, ("wood", "dark")[seed // 2 % 2], 0.3, blur)
        coded = np.frombuffer(TableScene(lie).frame(0), np.uint8)
        picture = cv2.imdecode(coded, cv2.IMREAD_COLOR)
        assert picture is not None
        found = find_mrz(read_page(np.asarray(picture, np.uint8), size, 300).picture, TODAY)
        if found is not None:
            assert found[0].number == number(kind, seed)
            read += 1
    assert read == 4


@pytest.mark.parametrize("kind", ["taxForm", "licence", "idCard", "blank"])
def test_other_documents_have_none(kind) -> None:
    assert find_mrz(draw(kind, 1), TODAY) is None


def test_a_zone_with_a_wrong_check_digit_is_none() -> None:
    page = draw("passport", 3).copy()
    page[-110:, 500:560] = 252  # a few letters rubbed out
    assert find_mrz(page, TODAY) is None


@pytest.mark.parametrize("place", [6, 7, 11])
def test_a_name_with_a_letter_that_nobody_can_read_is_no_name(place) -> None:
    """No check digit covers the names: a letter rubbed out must not become a blank in one."""
    assert machine_lines("passport", 3)[0].startswith("P<UTOMUELLER<<")
    page = draw("passport", 3).copy()
    left, above = (4 + place * 2.54) * page.shape[1] / 125, page.shape[0] * (88 - 6 - 2 * 4.23) / 88
    page[round(above) : round(above + 4.9 * page.shape[0] / 88), round(left - 2) : round(left + 28)] = 252
    assert find_mrz(page, TODAY) is None
