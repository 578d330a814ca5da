"""Walks in a row at one terminal, most of them in English: between them every kind of page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

import ui
from tests.journeys.walked import (
    ENGLISH,
    ROW,
    WITH_ANOTHER,
    Walked,
    a_wrong_figure_turns_the_verdict,
    all_parties_agree,
    planted,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2500)]


@pytest.mark.parametrize("name", ROW)
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Walked, name: str) -> None:
    all_parties_agree(walked(name))


def test_each_kind_of_page_is_walked_in_english(walked: Walked) -> None:
    seen = {
        path.name[3:-4].partition("-")[0]
        for name in (*ENGLISH, *WITH_ANOTHER)
        for path in walked(name).glob("[0-9][0-9]-*.png")
    }
    host = (Path(ui.__file__).parent / "qml/shell/PageHost.qml").read_text()
    kinds = set(re.findall(r'"(\w+)": \["\w+Page"', host))
    momentary, of_no_visit, pictured_as = "working", "outOfService", {"capture": "face"}
    assert {pictured_as.get(kind, kind) for kind in kinds - {momentary, of_no_visit}} <= seen


def test_each_walk_of_a_row_has_the_side_up_that_was_asked_for(walked: Walked) -> None:
    for name, words in ROW.items():
        pictures = [*walked(name).glob("[0-9][0-9]-*.png")]
        assert pictures
        for path in pictures:
            with Image.open(path) as picture:
                assert (picture.width > picture.height) == ("landscape" in words), path


def test_a_wrong_figure_on_a_slip_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked("declare-offline"), tmp_path)
    a_wrong_figure_turns_the_verdict(copy, r"¥4,095\.84", "¥409,584.00")
