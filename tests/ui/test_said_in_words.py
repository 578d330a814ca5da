"""What is said when something cannot be done: the longest refusals and faults fit their page in every look."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from bureau import texts
from config.texts import catalogue
from kiosk.flow.pages import MessagePage, Screen
from tests.ui.cabinet import Cabinet
from ui.gallery import LANGUAGES, MODES, ORIENTATIONS, Artist
from ui.samples import samples

BUREAU = Path(texts.__file__).parent
WORST = 6
"""So many of the longest, of some hundreds: what they have room for, every shorter one has."""
LONG = {
    "zh-CN": {
        "name": "滨海市云溪区信达商贸有限公司",
        "day": "2026年12月31日",
        "": "增值税小规模纳税人申报表",
    },
    "en-US": {
        "name": "Binhai Yunxi Xinda Trading Co., Ltd.",
        "day": "31 December 2026",
        "": "return of small-scale VAT taxpayers",
    },
}
"""A long value for what a text asks for; ``""`` for the rest."""


class Values(dict[str, str]):
    """A long value for whatever a text asks for."""

    def __missing__(self, name: str) -> str:
        return self[""]


def _refusals(lang: str) -> list[tuple[str, ...]]:
    """Why not, and what to do next, of every refusal of the centre."""
    words, values = catalogue(lang, BUREAU), Values(LONG[lang])
    whys = [text_id for text_id in words if text_id.startswith("refusal.") and text_id.count(".") == 1]
    return [tuple(words[part].format_map(values) for part in (why, f"{why}.next")) for why in whys]


def _faults(lang: str) -> list[tuple[str, ...]]:
    """What the terminal says of a fault of its own."""
    words = catalogue(lang)
    return [
        (text,)
        for text_id, text in words.items()
        if text_id.startswith("fault.") and text_id.endswith(".body")
    ]


def _screens(lang: str, mode: str) -> list[tuple[str, Screen]]:
    pages = samples(lang, mode)
    found = []
    for name, bodies in (("message-refused", _refusals(lang)), ("message-problem", _faults(lang))):
        screen = pages[name]
        assert isinstance(screen.page, MessagePage)
        for body in sorted(bodies, key=lambda body: -sum(map(len, body)))[:WORST]:
            found.append((f"{name} {body[0][:20]}", replace(screen, page=replace(screen.page, body=body))))
    return found


@pytest.mark.parametrize(("orientation", "lang", "mode"), list(product(ORIENTATIONS, LANGUAGES, MODES)))
def test_the_longest_no_of_all_is_read_whole(
    request: pytest.FixtureRequest, orientation: str, lang: str, mode: str
) -> None:
    panel: Cabinet = request.getfixturevalue("cabinet" if orientation == "portrait" else "lying")
    artist = Artist(panel.screen, panel.core, panel.hours, None)
    for name, screen in _screens(lang, mode):
        artist.page(name, screen)
    assert artist.problems + panel.warnings == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_no_says_what_to_do_next(lang: str) -> None:
    for why, then in _refusals(lang):
        assert why.strip()
        assert then.strip()
        assert why != then
