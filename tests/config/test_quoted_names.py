"""What a text sends somebody to is what stands there: names in quotation marks are names that a screen shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import bureau.texts
from bureau.public.texts import TEXTS
from config import yaml_files
from config.texts import catalogue, languages
from kiosk.domain.formatting import Format, format_value

ROOT = Path(__file__).parents[2] / "config"
BUREAU = Path(bureau.texts.__file__).parent
QUOTED = {"zh-CN": re.compile("“([^“”{}]+)”"), "en-US": re.compile('[“"]([^“”"{}]+)[”"]')}
STATES_AND_FORMS = {"非正常", "Notice on a Tax Matter"}
"""In quotation marks, and no names on a screen."""
STAFF = ("bench.", "panel.")
"""Read beside an open machine, on which the names stand."""


def _of(lang: str, found: object) -> Iterator[str]:
    """Every text of one language in a file that has them side by side."""
    if isinstance(found, Mapping):
        if lang in found:
            yield found[lang]
        else:
            for value in found.values():
                yield from _of(lang, value)
    elif isinstance(found, list):
        for value in found:
            yield from _of(lang, value)


def _files(folder: str) -> dict[str, Mapping[str, object]]:
    return {path.name: yaml_files.read(path.read_text("utf-8")) for path in (ROOT / folder).glob("*.yaml")}


def _phone(lang: str) -> Mapping[str, str]:
    """What stands on the public pages, by id."""
    return {text_id: words.in_language(lang) for text_id, words in TEXTS.items()}


def _shown(lang: str) -> set[str]:
    """Tiles, groups, buttons, rows and pages; a service's full title is not on the screen that one looks for it on."""
    services = _files("services")
    full = {title for service in services.values() for title in _of(lang, service["title"])}
    tiles = {tile for service in services.values() for tile in _of(lang, service["tile"])}
    names = {name for file in (*services.values(), *_files("groups").values()) for name in _of(lang, file)}
    names |= {*catalogue(lang).values(), *catalogue(lang, BUREAU).values(), *_phone(lang).values()}
    names |= {format_value(Format.YES_NO, yes, None, lang) for yes in (True, False)}
    return {name.rstrip("？?") for name in names - full | tiles}


def _said(lang: str) -> Iterator[tuple[str, str]]:
    """Everything that taxpayers read, with where it is from."""
    texts = {**catalogue(lang), **catalogue(lang, BUREAU), **_phone(lang)}
    yield from ((text_id, text) for text_id, text in texts.items() if not text_id.startswith(STAFF))
    for name, service in _files("services").items():
        yield from ((name, text) for text in _of(lang, service))


@pytest.mark.parametrize("lang", languages())
def test_a_name_in_quotation_marks_is_on_a_screen(lang: str) -> None:
    shown = _shown(lang) | STATES_AND_FORMS
    quoted = {(where, name) for where, text in _said(lang) for name in QUOTED[lang].findall(text)}
    assert len(quoted) > 25
    assert {(where, name) for where, name in quoted if name not in shown} == set()
