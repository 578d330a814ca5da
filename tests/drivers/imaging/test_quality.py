"""Light and ink of a page, and a JPEG that keeps within its bound."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.imaging.coding import Picture, TooLarge, to_jpeg
from drivers.imaging.quality import ink, light


def sheet(paper: int, lines: int) -> Picture:
    page = np.full((877, 620), paper, np.uint8)
    page = np.asarray(page + np.random.default_rng(1).integers(-3, 4, page.shape), np.uint8)
    for line in range(lines):
        page[100 + line * 30 : 106 + line * 30, 80:540] = paper // 4
    return page


@pytest.mark.parametrize(("paper", "least", "most"), [(245, 0.94, 0.98), (128, 0.48, 0.52), (60, 0.22, 0.26)])
def test_light_is_the_tone_of_the_paper(paper: int, least: float, most: float) -> None:
    assert least < light(sheet(paper, 10)) < most


def test_ink_is_counted_whatever_the_light_and_an_empty_sheet_has_none() -> None:
    assert ink(sheet(245, 0)) < 0.0005 and ink(sheet(90, 0)) < 0.0005
    bright, dim = ink(sheet(245, 10)), ink(sheet(90, 10))
    assert bright == pytest.approx(dim, rel=0.05)
    assert ink(sheet(245, 1)) > 0.002, "one line of print is something"


def test_a_shadow_along_the_edge_is_no_ink() -> None:
    page = sheet(245, 0)
    page[:, :15] = 20
    page[:20] = 20
    assert ink(page) < 0.0005


def test_a_page_is_coded_coarser_until_it_fits() -> None:
    noisy = np.random.default_rng(2).integers(0, 255, (600, 600), np.uint8)
    whole = len(to_jpeg(noisy))
    assert len(to_jpeg(noisy, whole - 1)) < whole
    with pytest.raises(TooLarge):
        to_jpeg(noisy, 1000)
