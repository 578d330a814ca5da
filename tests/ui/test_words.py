"""Texts: every id in every language, values filled in, and what is missing told at once."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from PySide6.QtQml import QQmlEngine

from config.texts import SOURCE, BadCatalogue, MissingText, Texts, all_texts, catalogue, languages
from ui.bridge.session import singleton
from ui.bridge.words import Words

VALUE = re.compile(r"{(\w+)[^}]*}")
QML = Path(__file__).parents[2] / "ui" / "qml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.zh-CN.yaml").write_text("hello: 你好\nonly: 只有中文\ncount: '{n} 份'\n")
    (tmp_path / "a.xx-XX.yaml").write_text("hello: halló\n")
    return tmp_path


def test_every_language_has_every_text_and_asks_for_no_other_values() -> None:
    source = catalogue(SOURCE)
    for lang in languages():
        other = catalogue(lang)
        assert set(other) == set(source)
        for text_id, text in source.items():
            assert set(VALUE.findall(other[text_id])) <= set(VALUE.findall(text)), text_id


def test_every_text_a_qml_file_names_is_there() -> None:
    named = set()
    for path in QML.rglob("*.qml"):
        named |= set(re.findall(r'(?:Words\.t|otherT)\["([^"]+)"\]', path.read_text()))
    assert len(named) > 30
    kinds = {f"help.{kind}" for kind in re.findall(r'"(\w+)": \["', (QML / "shell/PageHost.qml").read_text())}
    assert len(kinds) == 27
    assert named | kinds <= set(catalogue(SOURCE))


def test_a_language_is_added_by_adding_a_file(folder: Path) -> None:
    assert languages(folder) == ("zh-CN", "xx-XX")
    assert Texts("xx-XX", folder=folder).get("hello") == "halló"


def test_a_missing_text_is_an_error_that_says_where_to_add_it(folder: Path) -> None:
    with pytest.raises(MissingText, match=r"xx-XX has no text only; add it to a file \*\.xx-XX\.yaml"):
        Texts("xx-XX", folder=folder).get("only")


def test_on_a_running_terminal_a_missing_text_is_chinese_or_a_marker_and_one_line_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    texts = Texts("xx-XX", strict=False, folder=folder)
    with caplog.at_level(logging.ERROR, "kiosk.texts"):
        assert [texts.get("only"), texts.get("only"), texts.get("nowhere")] == [
            "只有中文",
            "只有中文",
            "⟦nowhere⟧",
        ]
    assert len(caplog.records) == 2
    assert texts.all()["only"] == "只有中文"


def test_values_are_filled_in_and_a_missing_value_is_an_error(folder: Path) -> None:
    texts = Texts("zh-CN", folder=folder)
    assert texts.get("count", n=3) == "3 份"
    with pytest.raises(MissingText, match="'n'"):
        texts.get("count")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: 1\n", "not a text"),
        ("- a\n", "lines of"),
        ("a: x\na: y\n", "twice"),
        ("hello: x\n", "in another file"),
    ],
)
def test_a_bad_file_is_refused_with_its_name(folder: Path, content: str, words: str) -> None:
    (folder / "b.zh-CN.yaml").write_text(content)
    with pytest.raises(BadCatalogue, match=words):
        catalogue("zh-CN", folder)


def test_a_language_without_files_is_refused(folder: Path) -> None:
    with pytest.raises(BadCatalogue, match="qq-QQ"):
        Texts("qq-QQ", folder=folder)


def test_all_texts_has_one_of_each_language() -> None:
    assert list(all_texts()) == list(languages())


def test_the_language_key_names_the_next_language_in_its_own_words(qapp: object) -> None:
    engine = QQmlEngine()
    words = singleton(engine, Words)
    assert words.property("other").toVariant() == {"tag": "en-US", "name": "English"}
    words.set_lang("en-US")
    assert words.property("other").toVariant() == {"tag": "zh-CN", "name": "中文"}
    words.set_lang("qq-QQ")
    assert words.property("lang") == SOURCE


def test_numbers_from_qml_lose_the_point_they_never_had(qapp: object) -> None:
    assert Words().fill("第 {now} 步，共 {total} 步", {"now": 2.0, "total": 5}) == "第 2 步，共 5 步"
