"""Services walked in English, most of them in large type too: between them every kind of page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ui
from tests.journeys.walked import ENGLISH, ON_THE_PHONE, Walked, all_parties_agree

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.mark.parametrize("name", [*ENGLISH, *ON_THE_PHONE])
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Walked, name: str) -> None:
    all_parties_agree(walked(name))


def test_each_kind_of_page_is_walked_in_english(walked: Walked) -> None:
    seen = {
        path.name[3:-4].partition("-")[0]
        for name in (*ENGLISH, *ON_THE_PHONE)
        for path in walked(name).glob("[0-9][0-9]-*.png")
    }
    host = (Path(ui.__file__).parent / "qml/shell/PageHost.qml").read_text()
    kinds = set(re.findall(r'"(\w+)": \["\w+Page"', host))
    momentary, of_no_visit, pictured_as = "working", "outOfService", {"capture": "face"}
    assert {pictured_as.get(kind, kind) for kind in kinds - {momentary, of_no_visit}} <= seen
