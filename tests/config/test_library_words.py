"""The words and the limits of the consultation hold together, and a slip of a pen in them is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from config.errors import ConfigError
from config.library import limits, words
from config.readings import readings

LIMITS = """
format: 1
own_data: {zh: [我欠], services: [{service: query.due, zh: [欠]}]}
evasion: {}
prediction: {}
others: []
places: {}
"""


def test_the_words_that_ship_are_read_and_every_character_has_a_reading() -> None:
    groups = words.load().groups
    assert groups
    han = {
        character
        for group in groups
        for said in group.zh
        for character in said
        if "\u4e00" <= character <= "\u9fff"
    }
    assert not han - readings().usual.keys()


def test_the_limits_that_ship_lead_to_services_that_there_are() -> None:
    assert limits.load(services=load_catalogue()).others


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ("[{zh: [税], en: []}, {zh: [税]}]", "names two groups"),
        ("[{zh: [税, 税]}]", "says a word twice"),
        ("[{zh: []}]", "zh"),
        ("[{zh: [tax]}]", "pattern"),
        ("[{zh: [税], en: [Tax]}]", "pattern"),
        ("[", "mend the YAML there"),
    ],
)
def test_a_mistake_in_the_words_is_told(tmp_path: Path, groups: str, said: str) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(f"format: 1\ngroups: {groups}\n", "utf-8")
    with pytest.raises(ConfigError, match=re.escape(said)):
        words.load(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("query.due", "query.dew"), "'query.dew' is no service"),
        (("others: []", "others: [{zh: [天气]}]"), "where"),
        (("others: []", "others: ["), "mend the YAML there"),
    ],
)
def test_a_mistake_in_the_limits_is_told(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path = tmp_path / "limits.yaml"
    path.write_text(LIMITS.replace(*change), "utf-8")
    with pytest.raises(ConfigError, match=re.escape(said)):
        limits.load(path, services=["query.due"])


def test_a_character_is_read_as_its_word_has_it() -> None:
    assert readings().of("银行还款行动") == ["yin", "hang", "huan", "kuan", "xing", "dong"]


def test_without_the_dictionary_nothing_has_a_reading(tmp_path: Path) -> None:
    assert readings(tmp_path / "none.yaml").of("税") == ["税"]
