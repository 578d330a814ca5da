"""How a service can end, most ways seldom walked: each title and each word on a stamp fits its page in every look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from config.catalogue.models import DoneStep
from kiosk.flow.pages import DonePage, Screen
from tests.shipped import CATALOGUE
from tests.ui.cabinet import Cabinet
from ui.gallery import LANGUAGES, MODES, ORIENTATIONS, Artist
from ui.samples import samples

TITLES = 8
"""So many of the longest lines of titles; of stamps, which are a word or two, all are seen."""


def _said(lang: str) -> Iterator[tuple[str, str]]:
    """Title and stamp of each way in which a service of the release can end."""
    for published in CATALOGUE.values():
        for step in published.service.steps:
            if not isinstance(step, DoneStep):
                continue
            yield step.title[lang], step.stamp[lang]
            for title in (step.title_offline, step.title_unpaid):
                yield (title or step.title)[lang], (step.stamp_offline or step.stamp)[lang]
            for ending in step.endings:
                yield ending.title[lang], (ending.stamp or step.stamp)[lang]


def _widest(title: str) -> int:
    return max(map(len, title.split("\n")))


def _ends(lang: str, mode: str) -> list[tuple[str, Screen]]:
    said, screen = list(_said(lang)), samples(lang, mode)["done"]
    page = screen.page
    assert isinstance(page, DonePage)
    longest = sorted({title for title, _ in said}, key=_widest)[-TITLES:]
    seen = dict.fromkeys(stamp for _, stamp in said)
    shown = [page.title] * (len(seen) - len(longest)) + longest
    return [
        (f"done {stamp}", replace(screen, page=replace(page, title=title, stamp=stamp)))
        for title, stamp in zip(shown, seen, strict=True)
    ]


@pytest.mark.parametrize(("orientation", "lang", "mode"), list(product(ORIENTATIONS, LANGUAGES, MODES)))
def test_every_way_to_end_is_read_whole(
    request: pytest.FixtureRequest, orientation: str, lang: str, mode: str
) -> None:
    panel: Cabinet = request.getfixturevalue("cabinet" if orientation == "portrait" else "lying")
    artist = Artist(panel.screen, panel.core, panel.hours, None)
    for name, screen in _ends(lang, mode):
        artist.page(name, screen)
    assert artist.problems + panel.warnings == []
