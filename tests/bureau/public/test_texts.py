from __future__ import annotations

import re

import pytest

from bureau.public.checking import Comparison, Finding
from bureau.public.look import HERE
from bureau.public.texts import TEXTS, text


def test_every_sentence_is_in_both_languages() -> None:
    for key, words in TEXTS.items():
        assert words.zh and words.en, key
        assert words.en.isascii() or key in ("switch",), key
        assert re.findall(r"\{\w+\}", words.zh) == re.findall(r"\{\w+\}", words.en), key


def test_every_sentence_a_template_names_exists() -> None:
    named = set()
    for template in (HERE / "templates").glob("*.html"):
        named |= set(re.findall(r't\("([a-zA-Z.-]+[a-zA-Z])"', template.read_text()))
    assert len(named) > 40
    assert named <= set(TEXTS)


def test_every_finding_has_its_words() -> None:
    for finding in Finding:
        assert text(f"{finding}.title", "zh-CN") and text(f"{finding}.lead", "en-US")
    for comparison in Comparison:
        assert text(f"match.{comparison}", "zh-CN")


def test_an_unknown_sentence_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        text("no.such", "zh-CN")
