"""Every page, in both shells, languages and modes: nothing cut, overlapping, too small, too faint or untranslated."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tests.depth import WHOLE, some
from tests.ui.cabinet import Cabinet
from ui import gallery
from ui.gallery import LANGUAGES, MODES, ORIENTATIONS, OVERLAYS, Artist, main, pictures
from ui.samples import samples
from ui.samples.staff import staff


def _artist(panel: Cabinet, contrast: bool = False) -> Artist:
    return Artist(panel.screen, panel.core, panel.hours, None, contrast)


def _look(panel: Cabinet, lang: str, mode: str, contrast: bool = False) -> list[str]:
    artist = _artist(panel, contrast)
    for name, page in pictures("", lang, mode):
        artist.page(name, page)
    for overlay in OVERLAYS:
        artist.asking(overlay, overlay)
    artist.idle("idle", samples(lang, mode)["form"])
    return artist.problems + panel.warnings


def _panel(request: pytest.FixtureRequest, orientation: str) -> Cabinet:
    panel: Cabinet = request.getfixturevalue("cabinet" if orientation == "portrait" else "lying")
    return panel


LOOKS = list(product(ORIENTATIONS, LANGUAGES, MODES))
TIGHTEST = [
    ("portrait", "en-US", "elder"),
    ("landscape", "en-US", "elder"),
    ("portrait", "zh-CN", "standard"),
]
"""The longest words in the largest letters with either side up, and the page that most people see."""


@pytest.mark.parametrize(("orientation", "lang", "mode"), LOOKS if WHOLE else TIGHTEST)
def test_no_page_has_a_finding(
    request: pytest.FixtureRequest, orientation: str, lang: str, mode: str
) -> None:
    assert _look(_panel(request, orientation), lang, mode) == []


def test_no_page_has_a_finding_in_high_contrast(cabinet: Cabinet) -> None:
    assert _look(cabinet, "zh-CN", "standard", contrast=True) == []


@pytest.mark.parametrize(("orientation", "lang"), some(list(product(ORIENTATIONS, LANGUAGES)), 2))
def test_no_page_of_the_staff_has_a_finding(
    request: pytest.FixtureRequest, orientation: str, lang: str
) -> None:
    panel = _panel(request, orientation)
    artist = _artist(panel)
    for name, view in staff(lang).items():
        artist.bench(name, view)
    assert artist.problems + panel.warnings == []


def test_the_samples_show_every_kind_of_page() -> None:
    host = (Path(gallery.__file__).parent / "qml/shell/PageHost.qml").read_text()
    kinds = set(re.findall(r'"(\w+)": \["\w+Page"', host))
    assert {screen.page.kind for screen in samples().values()} == kinds
    assert len(kinds) == 27


def test_the_samples_show_every_page_of_the_staff() -> None:
    stage = (Path(gallery.__file__).parent / "qml/staff/StaffStage.qml").read_text()
    kinds = set(re.findall(r'"(\w+)": "Staff\w+.qml"', stage))
    assert {view.kind for view in staff("zh-CN").values()} == kinds
    assert len(kinds) == 9


def test_the_gallery_writes_a_picture_a_page(tmp_path, cabinet: Cabinet) -> None:  # type: ignore[no-untyped-def]
    status = main(
        ["--out", str(tmp_path), "--only", "farewell", "--orientation", "portrait", "--mode", "standard"]
    )
    assert status == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "farewell-most.portrait.en-US.standard.png",
        "farewell-most.portrait.zh-CN.standard.png",
        "farewell.portrait.en-US.standard.png",
        "farewell.portrait.zh-CN.standard.png",
    ]
