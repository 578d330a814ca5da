"""Chinese text from keys: the real librime and its dictionaries, the strip of words, and what a wipe leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.cabinet import Cabinet
from ui.bridge.ime import engine
from ui.ime import rime
from ui.ime.errors import NoInputMethod
from ui.ime.rime import Composing, Method, Rime
from ui.ime.words import common_first, pages, span_of


@pytest.fixture(scope="module")
def made() -> Rime:
    found = engine()
    assert found is not None
    return found


@pytest.fixture
def pinyin(made: Rime) -> Iterator[Composing]:
    composing = Composing(made, Method.PINYIN)
    yield composing
    composing.close()


@pytest.fixture
def strokes(made: Rime) -> Iterator[Composing]:
    composing = Composing(made, Method.STROKE)
    yield composing
    composing.close()


def spell(composing: Composing, letters: str) -> Composing:
    for letter in letters:
        composing.spell(letter)
    return composing


# -- spelling


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("renminlu", "人民路"),
        ("youxiangongsi", "有限公司"),
        ("beijingshi", "北京市"),
        ("nv", "女"),
        ("lvse", "绿色"),
        ("zgrm", "中国人民"),
        ("xian", "西安"),
    ],
)
def test_pinyin_whole_or_by_initials_finds_the_word(pinyin: Composing, letters: str, word: str) -> None:
    assert word in spell(pinyin, letters).words[:6]


def test_a_long_word_is_chosen_piece_by_piece(pinyin: Composing) -> None:
    spell(pinyin, "yunchuanshi")
    assert pinyin.choose(pinyin.words.index("云")) == ""
    assert pinyin.spelled.startswith("云")
    assert pinyin.choose(pinyin.words.index("川")) == ""
    assert pinyin.choose(pinyin.words.index("市")) == "云川市"
    assert (pinyin.spelled, pinyin.words) == ("", [])


def test_a_letter_is_taken_back_and_all_is_dropped(pinyin: Composing) -> None:
    spell(pinyin, "shi").back()
    assert pinyin.spelled == "sh"
    pinyin.clear()
    assert (pinyin.spelled, pinyin.words) == ("", [])


def test_nothing_is_learned_from_what_is_chosen(made: Rime, pinyin: Composing) -> None:
    before = spell(pinyin, "shi").words
    for _ in range(5):
        pinyin.choose(40)
        spell(pinyin, "shi")
    other = Composing(made, Method.PINYIN)
    assert (pinyin.words, spell(other, "shi").words) == (before, before)
    other.close()


def test_nothing_of_a_person_is_in_the_folder(tmp_path: Path, made: Rime, pinyin: Composing) -> None:
    spell(pinyin, "lixiulan")
    pinyin.choose(0)
    folder = Path(made.folder)
    assert {path.name for path in folder.iterdir()} <= {"build", "installation.yaml", "user.yaml"}


@pytest.mark.parametrize(("keys", "character"), [("hspn", "木"), ("pnhhsnph", "金")])
def test_strokes_in_the_order_of_writing_find_the_character(
    strokes: Composing, keys: str, character: str
) -> None:
    words = spell(strokes, keys).words
    assert words[common_first(words)[0]] == character


def test_strokes_reach_a_rare_name(strokes: Composing) -> None:
    assert "䶮" in spell(strokes, "hpzpnhhpn").words


def test_a_key_that_means_nothing_to_the_method_changes_nothing(strokes: Composing) -> None:
    spell(strokes, "hsp")
    before = strokes.spelled, strokes.words
    strokes.spell("a")
    assert (strokes.spelled, strokes.words) == before


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rime, "LIBRARY", "libnothing.so.1")
    with pytest.raises(NoInputMethod, match="apt-get install librime1"):
        Rime(tmp_path)


def test_without_the_dictionaries_it_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rime, "TABLES", tmp_path)
    with pytest.raises(NoInputMethod, match="pinyin_simp, stroke"):
        Rime(tmp_path)


# -- the strip


@given(
    st.lists(st.text("云川市人民路", min_size=1, max_size=20), max_size=60),
    st.integers(3, 12),
    st.integers(1, 3),
)
def test_every_word_lies_once_on_the_strip_and_none_over_another(
    words: list[str], columns: int, lines: int
) -> None:
    found = pages(list(enumerate(words)), columns, lines)
    assert [cell.index for page in found for cell in page] == list(range(len(words)))
    for page in found:
        taken = [(cell.line, cell.column + at) for cell in page for at in range(cell.span)]
        assert len(taken) == len(set(taken))
        assert all(line < lines and column < columns for line, column in taken)


def test_two_characters_take_a_cell_and_more_take_more() -> None:
    assert [span_of("云" * length) for length in (1, 2, 3, 4, 5, 7)] == [1, 1, 2, 2, 3, 3]


def test_what_is_written_daily_comes_first() -> None:
    words = ["\U00020000", "龘", "云", "亍", "川"]
    assert [words[place] for place in common_first(words)] == ["云", "川", "亍", "\U00020000", "龘"]


# -- on the screen


@pytest.fixture
def writing(cabinet: Cabinet) -> Iterator[Cabinet]:
    cabinet.spells()
    cabinet.sample("write")
    cabinet.sent()
    yield cabinet
    cabinet.rest()


def test_a_word_is_spelled_and_touched(writing: Cabinet) -> None:
    for letter in "renmin":
        writing.touch(f"key:{letter}")
    assert writing.sent() == []
    writing.touch("word:人民")
    assert [(what, value) for what, value, _ in writing.sent()] == [("fill", "address")]
    assert writing.screen.session.ime.property("spelled") == ""


def test_the_first_word_is_taken_by_the_long_key(writing: Cabinet) -> None:
    for letter in "shi":
        writing.touch(f"key:{letter}")
    writing.touch("key:space")
    assert [text[-1] for _, _, text in writing.sent()] == ["是"]


def test_back_takes_the_spelling_first_and_then_the_text(writing: Cabinet) -> None:
    writing.touch("key:s")
    writing.touch("key:back")
    assert (writing.sent(), writing.screen.session.ime.property("spelled")) == ([], "")
    writing.touch("key:back")
    assert [text for _, _, text in writing.sent()] == ["云川市东湖区人民路一百二十八号院三号楼二单"]


def test_capitals_are_for_one_letter(writing: Cabinet) -> None:
    writing.touch("key:method:letters")
    for key in ("key:shift", "key:b", "key:b"):
        writing.touch(key)
    assert [text[-1] for _, _, text in writing.sent()] == ["B", "b"]


def test_another_method_drops_what_was_begun(writing: Cabinet) -> None:
    writing.touch("key:s")
    writing.touch("key:method:stroke")
    assert writing.screen.session.ime.property("spelled") == ""
    assert writing.find("key:h") is not None and writing.find("key:q") is None


def test_a_wipe_forgets_what_was_being_spelled(writing: Cabinet) -> None:
    for letter in "lixiu":
        writing.touch(f"key:{letter}")
    ime = writing.screen.session.ime
    assert ime.property("cells")
    writing.screen.session.wipe()
    assert (ime.property("spelled"), ime.property("cells")) == ("", [])


def test_done_closes_the_keys(writing: Cabinet) -> None:
    writing.touch("key:done")
    assert writing.sent() == [("edit", "", "")]
